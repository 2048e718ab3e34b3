package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.core.BufferPool;
import dev.torc.core.Slice;

import org.junit.jupiter.api.Test;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class RespParserTest {
    private static final String COMMANDS =
            "PING\r\n"
                    + "*2\r\n"
                    + "$3\r\n"
                    + "GET\r\n"
                    + "$4\r\n"
                    + "a\r\n"
                    + "b\r\n"
                    + "*0\r\n"
                    + "set  k v\n"
                    + "*1\r\n"
                    + "$0\r\n\r\n\r\n"
                    + "QUIT\r\n";
    private static final List<String> WORDS =
            List.of("[PING]", "[GET, a\r\nb]", "[]", "[set, k, v]", "[]", "[]", "[QUIT]");

    @Test
    void readsTheSameWhereverTheInputWasCut() throws ProtocolException {
        int length = COMMANDS.length();
        for (int first = 0; first <= length; first++) {
            for (int second = first; second <= length; second++) {
                List<String> read =
                        parse(
                                COMMANDS.substring(0, first),
                                COMMANDS.substring(first, second),
                                COMMANDS.substring(second));
                assertEquals(WORDS, read, "cut at " + first + " and " + second);
            }
        }
    }

    @Test
    void readsByteByByte() throws ProtocolException {
        assertEquals(WORDS, parse(COMMANDS.split("")));
    }

    private static List<String> parse(String... pieces) throws ProtocolException {
        List<String> read = new ArrayList<>();
        RespParser parser = new RespParser();
        try (BufferPool pool = new BufferPool(BufferPool.SLICE_BYTES_MAX)) {
            Slice slice = pool.take(COMMANDS.length());
            if (slice == null) throw new AssertionError("the pool gave nothing");
            for (String piece : pieces) {
                slice.length(0);
                byte[] bytes = piece.getBytes(StandardCharsets.ISO_8859_1);
                slice.append(bytes, 0, bytes.length);
                parser.add(slice);
                List<byte[]> words = parser.next();
                while (words != null) {
                    read.add(words.stream().map(RespParserTest::text).toList().toString());
                    words = parser.next();
                }
            }
        }
        return read;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
