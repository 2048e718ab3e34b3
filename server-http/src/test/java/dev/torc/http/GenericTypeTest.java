package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.List;

class GenericTypeTest {
    @Test
    void keepsTheArgumentsOfAType() {
        assertEquals(
                "java.util.List<java.lang.String>", new GenericType<List<String>>() {}.toString());
        assertEquals(String.class, new GenericType<String>() {}.type());
    }

    @Test
    @SuppressWarnings("rawtypes")
    void needsAnArgument() {
        assertThrows(IllegalStateException.class, () -> new GenericType() {});
    }
}
