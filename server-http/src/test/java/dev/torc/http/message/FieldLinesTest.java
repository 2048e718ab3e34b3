package dev.torc.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class FieldLinesTest {
    private final FieldLines lines = new FieldLines(8);

    private String text() {
        return new String(lines.bytes(), 0, lines.length(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void addsBytesThatAreKnownToBeValid() {
        lines.add(Ascii.bytes("X-Id: "), Ascii.bytes("abcdef"), 3);
        lines.add("X", "y");
        assertEquals("X-Id: abc\r\nX: y\r\n", text());
    }

    @Test
    void forgetsWhatIsBeyondALength() {
        lines.add("X", "1");
        int kept = lines.length();
        lines.add("X", "2");
        lines.truncate(kept);
        lines.add("X", "3");
        assertEquals("X: 1\r\nX: 3\r\n", text());
    }

    @Test
    void whatIsRefusedLeavesNoTrace() {
        assertThrows(IllegalArgumentException.class, () -> lines.add("X", "a\nb"));
        assertThrows(IllegalArgumentException.class, () -> lines.add("X\n", "a"));
        assertEquals(0, lines.length());
    }

    @Test
    void growsToItsLimitAndNoFurther() {
        String value = "v".repeat(1000);
        int line = "X: ".length() + 1000 + "\r\n".length();
        int fit = FieldLines.BYTES_MAX / line;
        for (int i = 0; i < fit; i++) lines.add("X", value);
        assertEquals(fit * line, lines.length());
        assertThrows(IllegalArgumentException.class, () -> lines.add("X", value));
        assertEquals(("X: " + value + "\r\n").repeat(fit), text());
    }

    @Test
    void everyCharacterOfANameIsATokens() {
        for (int c = 0; c < 0x200; c++) {
            String name = "a" + (char) c + "b";
            boolean letterOrDigit = c < 128 && Character.isLetterOrDigit(c);
            boolean token = letterOrDigit || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
            if (token) {
                lines.add(name, "v");
            } else {
                assertThrows(IllegalArgumentException.class, () -> lines.add(name, "v"), "U+" + c);
            }
        }
        assertThrows(IllegalArgumentException.class, () -> lines.add("", "v"));
    }

    @Test
    void everyCharacterOfAValueIsPrintable() {
        for (int c = 0; c < 0x200; c++) {
            String value = "a" + (char) c;
            boolean fieldVchar = c == '\t' || (c >= ' ' && c < 127) || (c >= 128 && c < 256);
            if (fieldVchar) {
                lines.add("X", value);
            } else {
                assertThrows(IllegalArgumentException.class, () -> lines.add("X", value), "U+" + c);
            }
        }
    }

    @Test
    void saysWhichCharacterIsWrongWithoutRepeatingIt() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> lines.add("X", "ab\r\nEvil: x"));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("U+000D at index 2"), message);
        assertFalse(message.contains("\r"));
        refused = assertThrows(IllegalArgumentException.class, () -> lines.add("a\r\nb", "x"));
        assertFalse(String.valueOf(refused.getMessage()).contains("\n"));
    }
}
