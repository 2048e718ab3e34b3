package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.message.Fenced;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

/// RFC 9110 8.8.3.
class EntityTagTest {
    private static EntityTag tag(String text) {
        boolean weak = text.startsWith("W/");
        String opaque = text.substring(weak ? 3 : 1, text.length() - 1);
        return weak ? EntityTag.weak(opaque) : EntityTag.strong(opaque);
    }

    @Test
    void hasAWeakOneOfTheSameCharacters() {
        assertEquals(tag("W/\"a-1\""), tag("\"a-1\"").weakened());
        assertEquals(tag("W/\"a-1\""), tag("W/\"a-1\"").weakened());
        assertEquals(tag("W/\"\""), tag("\"\"").weakened());
    }

    /// The table of 8.8.3.2.
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "W/\"1\", W/\"1\", false, true",
                "W/\"1\", W/\"2\", false, false",
                "W/\"1\", \"1\", false, true",
                "\"1\", W/\"1\", false, true",
                "\"1\", \"1\", true, true",
                "\"1\", \"2\", false, false",
                "\"1\", \"12\", false, false",
                "\"12\", \"1\", false, false",
                "\"\", \"\", true, true",
                "\"\", W/\"\", false, true",
                "\"W/\", \"W/\", true, true",
                "\"a\", \"A\", false, false"
            })
    void comparesStronglyAndWeakly(String ours, String sent, boolean strong, boolean weak) {
        try (Fenced memory = Fenced.of(sent)) {
            assertEquals(strong, tag(ours).matchesStrong(memory.address(), memory.end()));
            assertEquals(weak, tag(ours).matchesWeak(memory.address(), memory.end()));
        }
    }

    /// For who has seen the file, in whatever coding.
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "\"1\", \"1\", true",
                "\"1\", \"1-gzip-abc\", true",
                "\"1\", W/\"1-gzip-abc\", false",
                "W/\"1\", \"1-gzip-abc\", false",
                "\"1\", \"1-gzip\", false",
                "\"1\", \"1-gzi\", false",
                "\"1\", \"1-\", false",
                "\"1\", \"12-gzip-abc\", false",
                "\"12\", \"1-gzip-abc\", false"
            })
    void matchesWhatWasMadeOfTheFile(String ours, String sent, boolean strong) {
        try (Fenced memory = Fenced.of(sent)) {
            EntityTag tag = tag(ours);
            assertEquals(strong, tag.orOfMade().matchesStrong(memory.address(), memory.end()));
            boolean same = ours.equals(sent) && !tag.isWeak();
            assertEquals(same, tag.matchesStrong(memory.address(), memory.end()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"xyzzy\"",
                "W/\"xyzzy\"",
                "W/\"\"",
                "\"a,b\"",
                "\"!#~\"",
                "\"\\\"",
                "\"é\""
            })
    void findsTheEndOfATag(String text) {
        for (String behind : new String[] {"", ",", " ", "x", "\""}) {
            try (Fenced memory = Fenced.of(text + behind)) {
                long end = EntityTag.end(memory.address(), memory.end());
                assertEquals(memory.end() - behind.length(), end, behind);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "xyzzy",
                "\"",
                "\"x",
                "W",
                "W/",
                "W/\"",
                "W/\"x",
                "W/x",
                "w/\"x\"",
                "W \"x\"",
                "\"a b\"",
                "\"a\tb\"",
                "\"\u0000\"",
                "\"\u007f\"",
                "'x'",
                "*",
                "W/ \"x\""
            })
    void findsNoEndOfWhatIsNoTag(String text) {
        try (Fenced memory = Fenced.of(text)) {
            assertEquals(-1, EntityTag.end(memory.address(), memory.end()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\"b", "a b", "\t", "\r\nSet-Cookie:x", "\u007f", "\u0100", "\u0000"})
    void isNotMadeOfWhatATagCannotHave(String opaque) {
        assertThrows(IllegalArgumentException.class, () -> EntityTag.strong(opaque));
        assertThrows(IllegalArgumentException.class, () -> EntityTag.weak(opaque));
    }

    @Test
    void isWrittenAsItIsRead() {
        for (String text : new String[] {"\"xyzzy\"", "W/\"xyzzy\"", "\"\"", "\"é\""}) {
            EntityTag tag = tag(text);
            assertEquals(text, tag.toString());
            assertArrayEquals(text.getBytes(StandardCharsets.ISO_8859_1), tag.bytes());
            assertEquals(text.startsWith("W"), tag.isWeak());
        }
    }

    @Test
    void equalsWhatIsWrittenAlike() {
        assertEquals(EntityTag.strong("a"), EntityTag.strong("a"));
        assertEquals(EntityTag.strong("a").hashCode(), EntityTag.strong("a").hashCode());
        assertNotEquals(EntityTag.strong("a"), EntityTag.weak("a"));
        assertNotEquals(EntityTag.strong("a"), EntityTag.strong("b"));
        assertFalse(EntityTag.strong("a").isWeak());
        assertTrue(EntityTag.weak("a").isWeak());
    }
}
