package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.torc.http.message.Ascii;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 9110 13.1.1 and 13.1.2: `"*" / #entity-tag`.
class EntityTagListTest {
    private static final byte[] NAME = Ascii.bytes("if-match");

    private final EntityTagList list = new EntityTagList();

    private void read(@Nullable EntityTag current, String... values) {
        String[] lines = new String[values.length];
        for (int i = 0; i < values.length; i++) lines[i] = "If-Match: " + values[i];
        try (SentFields sent = SentFields.of(lines)) {
            list.read(sent.fields(), NAME, sent.fields().find(NAME), current, false);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"a\" | true | false",
                "W/\"a\" | true | false",
                "\"b\" | false | false",
                "\"b\", \"a\" | true | false",
                "\"b\",\"a\" | true | false",
                "\"b\"\t,\t\"a\" | true | false",
                ",,\"a\",, | true | false",
                "\"b\",\"c\",W/\"a\" | true | false",
                "* | true | false",
                ",*, | true | false",
                "*, \"b\" | false | true",
                "\"b\", * | false | true",
                "*, * | false | true",
                "*, \"a\" | true | true",
                "** | false | true",
                "a | false | true",
                "a, \"a\" | true | true",
                "\"a\" x, \"b\" | false | true",
                "\"a\"\"a\" | false | true",
                "\"a | false | true",
                "\"b c\", \"a\" | true | true",
                "w/\"a\" | false | true",
                "\"x,\"a\"\" | false | true",
                ", , | false | false",
                "`` | false | false"
            })
    void findsTheTagAmongItsMembers(String value, boolean matched, boolean malformed) {
        read(EntityTag.strong("a"), value);
        assertEquals(matched, list.matched());
        assertEquals(malformed, list.isMalformed());
    }

    @Test
    void readsAllLinesOfItsName() {
        read(EntityTag.strong("c"), "\"a\"", "", "\"b\", \"c\"");
        assertEquals(true, list.matched());
        read(EntityTag.strong("c"), "\"a\"", "*");
        assertFalse(list.matched());
        assertEquals(true, list.isMalformed());
    }

    @Test
    void nothingMatchesWhereThereIsNothing() {
        for (String value : new String[] {"*", "\"a\"", "W/\"a\"", ""}) {
            read(null, value);
            assertFalse(list.matched(), value);
            assertFalse(list.isMalformed(), value);
        }
    }

    @Test
    void forgetsWhatItReadBefore() {
        read(EntityTag.strong("a"), "*, x");
        read(EntityTag.strong("a"), "\"b\"");
        assertFalse(list.matched());
        assertFalse(list.isMalformed());
    }

    @Test
    void takesOnePassOverWhatIsVeryLong() {
        read(EntityTag.strong("a"), "\"b\", ".repeat(100_000) + "\"a\"");
        assertEquals(true, list.matched());
        read(EntityTag.strong("a"), "\"".repeat(500_000));
        read(EntityTag.strong("a"), "\"b ".repeat(200_000));
        assertFalse(list.matched());
    }
}
