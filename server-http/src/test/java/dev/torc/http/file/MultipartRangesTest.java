package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.MediaType;
import dev.torc.http.Method;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/// RFC 9110 14.6, RFC 2046 5.1.1.
class MultipartRangesTest {
    private static final long NOW = 1_790_000_000L;

    private static MultipartRanges of(String value, long size, @Nullable MediaType type) {
        ByteRanges ranges = new ByteRanges();
        Validators current = Validators.of(EntityTag.strong("a"), 0);
        try (SentFields sent = SentFields.of("Range: bytes=" + value)) {
            ranges.select(sent.fields(), Method.GET, current, size, NOW);
        }
        return MultipartRanges.of(ranges, size, type);
    }

    private static String boundary(MultipartRanges multipart) {
        return String.valueOf(multipart.type().parameter("boundary"));
    }

    /// The body for a file of digits.
    private static String body(MultipartRanges multipart) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i <= multipart.count(); i++) {
            body.append(new String(multipart.frame(i), StandardCharsets.ISO_8859_1));
            if (i == multipart.count()) break;
            for (long at = multipart.start(i); at < multipart.end(i); at++) body.append(at % 10);
        }
        return body.toString();
    }

    @Test
    void framesEachPart() {
        MultipartRanges multipart = of("0-9,500-504,-1", 1000, MediaType.TEXT_PLAIN);
        String boundary = boundary(multipart);
        String expected =
                """
                --B
                Content-Type: text/plain
                Content-Range: bytes 0-9/1000

                0123456789
                --B
                Content-Type: text/plain
                Content-Range: bytes 500-504/1000

                01234
                --B
                Content-Type: text/plain
                Content-Range: bytes 999-999/1000

                9
                --B--
                """;
        assertEquals(
                expected.replace("\n", "\r\n").replace("--B", "--" + boundary), body(multipart));
        assertEquals("multipart/byteranges", multipart.type().essence());
    }

    @Test
    void knowsItsLengthBeforehand() {
        for (String value : new String[] {"0-0,500-500", "0-9,500-504,-1", "0-99,200-299,-600"}) {
            MultipartRanges multipart = of(value, 1000, MediaType.TEXT_HTML_UTF_8);
            assertEquals(body(multipart).length(), multipart.contentLength(), value);
        }
    }

    @Test
    void knowsItsLengthBeyondTwoGibibytes() {
        MultipartRanges multipart = of("0-3221225471,4000000000-", 5L << 30, null);
        long frames = 0;
        for (int i = 0; i <= 2; i++) frames += multipart.frame(i).length;
        long parts = 3_221_225_472L + (5L << 30) - 4_000_000_000L;
        assertEquals(frames + parts, multipart.contentLength());
        assertEquals(3_221_225_472L, multipart.end(0));
        assertEquals(4_000_000_000L, multipart.start(1));
    }

    @Test
    void leavesOutATypeThatTheFileHasNot() {
        String body = body(of("0-9,500-504", 1000, null));
        assertFalse(body.contains("Content-Type"));
        assertTrue(body.contains("\r\nContent-Range: bytes 0-9/1000\r\n\r\n0123456789\r\n--"));
    }

    /// RFC 2046 5.1.1: at most 70 characters of some.
    @Test
    void hasABoundaryThatNobodyCanKnow() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            String boundary = boundary(of("0-9,500-504", 1000, null));
            assertTrue(boundary.matches("[0-9a-f]{32}"), boundary);
            assertTrue(seen.add(boundary), boundary);
        }
    }

    @Test
    void outlivesTheRangesItWasMadeOf() {
        ByteRanges ranges = new ByteRanges();
        Validators current = Validators.of(EntityTag.strong("a"), 0);
        try (SentFields sent = SentFields.of("Range: bytes=0-0,500-500")) {
            ranges.select(sent.fields(), Method.GET, current, 1000, NOW);
        }
        MultipartRanges multipart = MultipartRanges.of(ranges, 1000, null);
        try (SentFields sent = SentFields.of("Range: bytes=7-8,600-700,-1")) {
            ranges.select(sent.fields(), Method.GET, current, 1000, NOW);
        }
        assertEquals(2, multipart.count());
        assertEquals(500, multipart.start(1));
        assertNotEquals(ranges.count(), multipart.count());
    }

    @Test
    void neverExceedsTheFileByMoreThanItsFrames() {
        MultipartRanges multipart = of("0-,0-,-1,0-0,500-,700-", 1000, null);
        assertEquals(1, multipart.count());
        assertTrue(multipart.contentLength() < 1000 + 200);
    }
}
