package dev.torc.http.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torc.http.log.LineBuffer.Escape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

class LineBufferTest {
    private final LineBuffer line = new LineBuffer();

    private String text() {
        return new String(line.bytes(), 0, line.length(), ISO_8859_1);
    }

    private void addRaw(String sent, Escape escape) {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = sent.getBytes(ISO_8859_1);
            MemorySegment memory = arena.allocate(Math.max(1, bytes.length));
            memory.asByteBuffer().put(bytes);
            line.addRaw(memory.address(), bytes.length, escape);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 99, 100, 1_234_567, Long.MAX_VALUE - 1, Long.MAX_VALUE})
    void writesNumbers(long number) {
        line.add(number);
        assertEquals(Long.toString(number), text());
    }

    @Test
    void escapesWhatIsNotPlain() {
        String sent = "a\r\n\"\\\u001b[0m\u007f\u00e9~ ";
        addRaw(sent, Escape.HEX);
        assertEquals("a\\x0d\\x0a\\x22\\x5c\\x1b[0m\\x7f\\xe9~ ", text());
        line.clear();
        addRaw(sent, Escape.UNICODE);
        assertEquals("a\\u000d\\u000a\\u0022\\u005c\\u001b[0m\\u007f\\u00e9~ ", text());
        line.clear();
        addRaw(sent, Escape.MARK);
        assertEquals("a??\"\\?[0m??~ ", text());
    }

    @ParameterizedTest
    @EnumSource(Escape.class)
    void noByteOfAnyPartCanEndTheLineOrLeaveAscii(Escape escape) {
        StringBuilder all = new StringBuilder();
        for (int octet = 0; octet < 256; octet++) all.append((char) octet);
        addRaw(all.toString(), escape);
        line.addText(all.toString() + "\u20ac", escape);
        assertTrue(text().chars().allMatch(c -> c >= ' ' && c <= '~'), text());
    }

    @Test
    void hasRoomForTheLongestPartsAndShowsThatTheyAreCut() {
        String longest = "\n".repeat(LineBuffer.RAW_BYTES_MAX);
        for (int part = 0; part < 3; part++) {
            addRaw(longest + "x", Escape.UNICODE);
            line.addText(longest + "x", Escape.UNICODE);
        }
        line.add("y".repeat(900).getBytes(US_ASCII));
        String cut = "\\u000a".repeat(LineBuffer.RAW_BYTES_MAX) + "...";
        assertEquals(cut.repeat(6) + "y".repeat(900), text());
    }
}
