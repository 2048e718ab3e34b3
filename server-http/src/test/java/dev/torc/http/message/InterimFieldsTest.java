package dev.torc.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class InterimFieldsTest {
    @Test
    void encodesNamesAndValuesInTurn() {
        FieldLines lines = InterimFields.of("Link", "</a>", "Link", "</b>");
        assertEquals(
                "Link: </a>\r\nLink: </b>\r\n",
                new String(lines.bytes(), 0, lines.length(), StandardCharsets.ISO_8859_1));
        assertEquals(0, InterimFields.of().length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length",
                "transfer-encoding",
                "Connection",
                "Keep-Alive",
                "Trailer",
                "Upgrade",
                "",
                "a b",
                "a\r\nb"
            })
    void refusesNamesThatItCannotHave(String name) {
        assertThrows(IllegalArgumentException.class, () -> InterimFields.of(name, "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: b", "a\nb", "a\rb", "a\0b", "\u20ac"})
    void refusesValuesThatAFieldCannotCarry(String value) {
        assertThrows(IllegalArgumentException.class, () -> InterimFields.of("Link", value));
    }

    @Test
    void refusesANameWithoutAValue() {
        assertThrows(IllegalArgumentException.class, () -> InterimFields.of("Link"));
    }
}
