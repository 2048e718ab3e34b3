package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

class MediaTypeTest {
    @Test
    void encodesItsLine() {
        assertEquals(
                "Content-Type: text/plain; charset=utf-8\r\n",
                new String(MediaType.TEXT_PLAIN_UTF_8.line(), StandardCharsets.US_ASCII));
    }

    @Test
    void takesWhatTheGrammarAllows() {
        for (String text :
                List.of(
                        "text/plain",
                        "application/vnd.api+json",
                        "text/html;charset=UTF-8",
                        "text/html \t; \tcharset=utf-8",
                        "text/html; charset=\"utf-8\"",
                        "multipart/form-data; boundary=\"a \\\"b\\\\ c\"; x=y",
                        "a/b;",
                        "a/b;;c=d; ",
                        "x-!#$%&'*+.^_`|~/0")) {
            assertEquals(text, MediaType.of(text).toString());
        }
    }

    @Test
    void refusesWhatTheGrammarDoesNotAllow() {
        for (String text :
                List.of(
                        "",
                        "/",
                        "text",
                        "text/",
                        "/plain",
                        "text/plain/x",
                        " text/plain",
                        "text/plain ",
                        "text/plain charset=utf-8",
                        "text/plain; charset",
                        "text/plain; charset=",
                        "text/plain; =utf-8",
                        "text/plain; charset =utf-8",
                        "text/plain; charset= utf-8",
                        "text/plain; charset=\"utf-8",
                        "text/plain; charset=\"utf-8\\",
                        "text/plain; charset=\"utf-8\"x",
                        "text/plain; charset=utf-8, text/html",
                        "text/pl\u00e4in",
                        "text/plain; a=\"\u00e4\"",
                        "text/plain; a=\"\u0000\"",
                        "text/plain; a=\"\\\n\"",
                        "text/plain\r\nX: y",
                        "text/plain; a=\"\r\nX: y\"")) {
            assertNull(MediaType.parse(text), text);
            assertThrows(IllegalArgumentException.class, () -> MediaType.of(text), text);
        }
    }

    @Test
    void saysWhatIsMalformed() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> MediaType.of("text"));
        assertEquals(
                "media type must be type/subtype with ;name=value parameters: text=text",
                refusal.getMessage());
    }

    @Test
    void readsLongTextWithoutRecursion() {
        assertNotNull(MediaType.parse("a/b; c=\"" + "\\x".repeat(100_000) + "\""));
        assertNotNull(MediaType.parse("a/b" + "; c=d".repeat(100_000)));
    }

    @Test
    void tellsItsEssence() {
        assertEquals("application/json", MediaType.of("Application/JSON; x=Y").essence());
    }

    @Test
    void isEqualByItsText() {
        assertEquals(MediaType.TEXT_PLAIN, MediaType.of("text/plain"));
        assertEquals(MediaType.TEXT_PLAIN.hashCode(), MediaType.of("text/plain").hashCode());
        assertNotEquals(MediaType.TEXT_PLAIN, MediaType.of("Text/plain"));
    }

    @Test
    void tellsItsParameters() {
        MediaType type = MediaType.of("text/plain; Charset=\"ut\\f-8\";;a=0;charset=x ; b=1;");
        assertEquals("utf-8", type.parameter("charset"));
        assertEquals("1", type.parameter("B"));
        assertNull(type.parameter("c"));
        assertNull(type.parameter(""));
        assertNull(MediaType.TEXT_PLAIN.parameter("charset"));
        assertEquals("utf-8", MediaType.TEXT_PLAIN_UTF_8.parameter("charset"));
    }
}
