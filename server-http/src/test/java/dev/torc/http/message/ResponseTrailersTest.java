package dev.torc.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

class ResponseTrailersTest {
    private final ResponseTrailers trailers = new ResponseTrailers();

    private String line() {
        return new String(trailers.line(), StandardCharsets.ISO_8859_1);
    }

    private static String text(FieldLines lines) {
        return new String(lines.bytes(), 0, lines.length(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void announcesNamesAndAsksForValuesLater() {
        AtomicInteger asked = new AtomicInteger();
        trailers.add("Digest", () -> "a" + asked.incrementAndGet());
        trailers.add("Server-Timing", () -> null);
        trailers.add("X-Rows", () -> "3");
        assertEquals("Trailer: Digest, Server-Timing, X-Rows\r\n", line());
        assertEquals(3, trailers.count());
        assertEquals(0, asked.get());
        assertEquals("Digest: a1\r\nX-Rows: 3\r\n", text(trailers.encode()));
    }

    @Test
    void announcesNothingWhenThereIsNothing() {
        assertEquals("", line());
        assertEquals("", text(trailers.encode()));
    }

    @Test
    void forgetsTheLast() {
        trailers.add("X-One", () -> "1");
        trailers.add("X-Two", () -> "2");
        trailers.truncate(1);
        assertEquals("Trailer: X-One\r\n", line());
        assertEquals("X-One: 1\r\n", text(trailers.encode()));
        trailers.truncate(0);
        assertEquals("", line());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length",
                "transfer-encoding",
                "HOST",
                "Trailer",
                "TE",
                "Connection",
                "Set-Cookie",
                "Authorization",
                "WWW-Authenticate",
                "Cache-Control",
                "Location",
                "Date",
                "Content-Type",
                "Content-Encoding",
                "Content-Range",
                "If-None-Match",
                "",
                "a b",
                "a\r\nb",
                "a,b",
                "a:"
            })
    void refusesNamesThatMustNotFollowABody(String name) {
        assertThrows(IllegalArgumentException.class, () -> trailers.add(name, () -> "x"));
        assertEquals("", line());
        assertEquals(0, trailers.count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: b", "a\nb", "a\rb", "a\0b", "\u20ac"})
    void refusesValuesThatAFieldCannotCarry(String value) {
        trailers.add("X", () -> value);
        assertThrows(IllegalArgumentException.class, trailers::encode);
    }

    @Test
    void bothNamesAndValuesAreBounded() {
        trailers.add("X".repeat(4000), () -> "v".repeat(FieldLines.BYTES_MAX));
        assertThrows(
                IllegalArgumentException.class, () -> trailers.add("Y".repeat(100), () -> "v"));
        assertThrows(IllegalArgumentException.class, trailers::encode);
    }
}
