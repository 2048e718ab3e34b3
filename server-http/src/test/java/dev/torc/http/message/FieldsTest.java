package dev.torc.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class FieldsTest {
    private static final String TEXT = "Accept: a\r\nCookie: b\r\naccept: c\r\n";

    @Test
    void findsFieldsByNameInAnyCase() {
        try (Fenced input = Fenced.of(TEXT)) {
            Fields fields = fields(input, 3);
            assertEquals(0, fields.find(Ascii.bytes("accept")));
            assertEquals(2, fields.find(Ascii.bytes("accept"), 1));
            assertEquals(1, fields.find(Ascii.bytes("cookie")));
            assertEquals(-1, fields.find(Ascii.bytes("accep")));
            assertEquals("Accept", fields.name(0));
            assertEquals("c", fields.value(2));
        }
    }

    @Test
    void followsTheBytesWhenTheyMove() {
        Fields fields;
        try (Fenced input = Fenced.of(TEXT)) {
            fields = fields(input, 3);
        }
        try (Fenced moved = Fenced.of(TEXT)) {
            fields.moveTo(moved.address());
            assertEquals("b", fields.value(1));
        }
    }

    @Test
    void growsUpToItsMaximum() {
        Fields fields = new Fields(37);
        for (int i = 0; i < 37; i++) {
            assertEquals(false, fields.isFull());
            fields.add(i, 1, i + 1, 2);
        }
        assertEquals(true, fields.isFull());
        assertEquals(37, fields.count());
        for (int i = 0; i < 37; i++) assertEquals(i, fields.nameStart(i));
        assertThrows(AssertionError.class, () -> fields.add(0, 0, 0, 0));
        fields.reset();
        assertEquals(0, fields.count());
    }

    private static Fields fields(Fenced input, int countMax) {
        Fields fields = new Fields(countMax);
        fields.moveTo(input.address());
        fields.add(0, 6, 8, 1);
        fields.add(11, 6, 19, 1);
        fields.add(22, 6, 30, 1);
        return fields;
    }
}
