package dev.torc.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.BufferPool;
import dev.torc.core.Slice;
import dev.torc.http.MediaType;
import dev.torc.http.Status;
import dev.torc.http.h1.ResponseWriter.Framing;
import dev.torc.http.message.ResponseHead;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;

class ResponseWriterTest {
    private static final String DATE = "Date: ";

    private final BufferPool pool = new BufferPool(BufferPool.SLICE_BYTES_MAX);
    private final ResponseWriter writer = new ResponseWriter();
    private final ResponseHead head = new ResponseHead();

    @AfterEach
    void close() {
        pool.close();
    }

    private List<String> lines(Framing framing, long length, boolean persists, int minorVersion) {
        Slice out = Objects.requireNonNull(pool.take(ResponseWriter.bytesMax(head)));
        writer.write(out, head, framing, length, persists, minorVersion, System.nanoTime());
        String text = out.toText(StandardCharsets.ISO_8859_1);
        assertTrue(text.length() <= ResponseWriter.bytesMax(head), text);
        out.release();
        assertTrue(text.endsWith("\r\n\r\n"), text);
        return List.of(text.substring(0, text.length() - 4).split("\r\n", -1));
    }

    private static List<String> withoutDate(List<String> lines) {
        assertEquals(1, lines.stream().filter(line -> line.startsWith(DATE)).count());
        return lines.stream().filter(line -> !line.startsWith(DATE)).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "LENGTH, true, 1, Content-Length: 12",
        "LENGTH, false, 1, Content-Length: 12|Connection: close",
        "LENGTH, true, 0, Content-Length: 12|Connection: keep-alive",
        "LENGTH, false, 0, Content-Length: 12|Connection: close",
        "CHUNKED, true, 1, Transfer-Encoding: chunked",
        "CHUNKED, false, 1, Transfer-Encoding: chunked|Connection: close",
        "CLOSE, false, 0, Connection: close",
        "NONE, true, 1, ''"
    })
    void saysHowTheMessageEnds(Framing framing, boolean persists, int minorVersion, String said) {
        String expected = "HTTP/1.1 200 OK|Server: Torc" + (said.isEmpty() ? "" : "|" + said);
        List<String> lines = withoutDate(lines(framing, 12, persists, minorVersion));
        assertEquals(expected, String.join("|", lines));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 99, 100, 12_345, Integer.MAX_VALUE, Long.MAX_VALUE})
    void writesAnyLength(long length) {
        assertTrue(lines(Framing.LENGTH, length, true, 1).contains("Content-Length: " + length));
    }

    @Test
    void writesEveryStatus() {
        for (int code = 200; code < 600; code++) {
            head.status(Status.of(code));
            String expected = ("HTTP/1.1 " + code + " " + Status.of(code).reason());
            assertEquals(expected, lines(Framing.LENGTH, 0, true, 1).getFirst());
        }
    }

    @Test
    void writesTypeAndFields() {
        head.status(Status.NOT_FOUND);
        head.contentType(MediaType.TEXT_PLAIN_UTF_8);
        head.add("X-One", "1");
        List<String> lines = withoutDate(lines(Framing.LENGTH, 1, true, 1));
        assertEquals(
                List.of(
                        "HTTP/1.1 404 Not Found",
                        "Server: Torc",
                        "Content-Type: text/plain; charset=utf-8",
                        "X-One: 1",
                        "Content-Length: 1"),
                lines);
    }

    @Test
    void leavesOutWhatTheApplicationHasSet() {
        head.add("Server", "another");
        List<String> lines = lines(Framing.LENGTH, 0, true, 1);
        assertTrue(lines.contains("Server: another"));
        assertFalse(lines.contains("Server: Torc"));
        assertEquals(1, lines.stream().filter(line -> line.startsWith(DATE)).count());
        head.reset();
        head.add("Date", "today");
        lines = lines(Framing.LENGTH, 0, true, 1);
        assertTrue(lines.contains("Date: today"));
        assertTrue(lines.contains("Server: Torc"));
        assertEquals(1, lines.stream().filter(line -> line.startsWith(DATE)).count());
    }

    @Test
    void fitsInTheRoomItAsksForAtWorst() {
        head.status(Status.NETWORK_AUTHENTICATION_REQUIRED);
        head.contentType(MediaType.of("application/" + "x".repeat(100)));
        for (int i = 0; i < 60; i++) head.add("X-" + i, "v".repeat(1000));
        lines(Framing.LENGTH, Long.MAX_VALUE, true, 0);
    }

    @Test
    void theDateIsThatOfTheSecond() {
        Instant before = Instant.now().minusSeconds(1);
        Slice out = Objects.requireNonNull(pool.take(4096));
        long nowNanos = System.nanoTime();
        String last = "";
        // The writer's clock runs on; the date follows the system's, once a second of that clock.
        for (int i = 0; i < 5; i++) {
            out.length(0);
            writer.write(out, head, Framing.NONE, 0, true, 1, nowNanos + i * 2_000_000_000L);
            String text = out.toText(StandardCharsets.ISO_8859_1);
            int at = text.indexOf(DATE) + DATE.length();
            last = text.substring(at, text.indexOf("\r\n", at));
        }
        out.release();
        Instant written =
                ZonedDateTime.parse(last, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        assertFalse(written.isBefore(before), last);
        assertFalse(written.isAfter(Instant.now()), last);
    }
}
