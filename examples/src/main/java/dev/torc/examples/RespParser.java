package dev.torc.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.torc.core.Slice;

import org.jspecify.annotations.Nullable;

import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// Cuts what one connection receives into commands (RESP 2): arrays of bulk strings, as in `*2 $3
/// GET $1 k` with a line end after each, or the words of a line. A command that has not arrived
/// whole waits here, and is looked at again from its start.
final class RespParser {
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final int BYTES_MAX = 1 << 16;
    private static final int WORDS_MAX = 1024;
    private static final int BULK_BYTES_MAX = 1 << 14;

    private byte[] bytes = new byte[512];
    private int end;
    private int start;
    private int at;

    void add(Slice data) {
        System.arraycopy(bytes, start, bytes, 0, end - start);
        end -= start;
        start = 0;
        int needed = end + data.length();
        if (needed > bytes.length) bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * end));
        data.copyTo(0, bytes, end, data.length());
        end = needed;
    }

    /// The next command, or null when it has not arrived whole.
    @Nullable List<byte[]> next() throws ProtocolException {
        at = start;
        boolean array = at < end && bytes[at] == '*';
        List<byte[]> words = array ? array() : line();
        if (words != null) {
            start = at;
        } else if (end - start > BYTES_MAX) {
            throw new ProtocolException("a command has at most " + BYTES_MAX + " bytes");
        }
        return words;
    }

    private @Nullable List<byte[]> array() throws ProtocolException {
        int count = number('*', WORDS_MAX);
        List<byte[]> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = number('$', BULK_BYTES_MAX);
            if (length < 0 || length + 2 > end - at) return null;
            words.add(Arrays.copyOfRange(bytes, at, at + length));
            at += length + 2;
        }
        return count < 0 ? null : words;
    }

    private @Nullable List<byte[]> line() {
        int from = at;
        int to = lineEnd();
        if (to < 0) return null;
        return SPACES.splitAsStream(new String(bytes, from, to - from, ISO_8859_1))
                .filter(word -> !word.isEmpty())
                .map(word -> word.getBytes(ISO_8859_1))
                .toList();
    }

    /// The number behind `type`, or -1 when its line has not arrived whole.
    private int number(char type, int max) throws ProtocolException {
        int from = at;
        int to = lineEnd();
        if (to < 0) return -1;
        boolean valid = to - from >= 2 && bytes[from] == type;
        int value = 0;
        for (int i = from + 1; i < to && valid; i++) {
            value = 10 * value + bytes[i] - '0';
            valid = bytes[i] >= '0' && bytes[i] <= '9' && value <= max;
        }
        if (valid) return value;
        throw new ProtocolException("expected '" + type + "' and a number up to " + max);
    }

    /// Where the line at hand ends, or -1 when it has not arrived whole. Moves on to the next.
    private int lineEnd() {
        int feed = at;
        while (feed < end && bytes[feed] != '\n') feed++;
        if (feed == end) return -1;
        int to = feed > at && bytes[feed - 1] == '\r' ? feed - 1 : feed;
        at = feed + 1;
        return to;
    }
}
