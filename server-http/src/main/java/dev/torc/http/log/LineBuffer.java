package dev.torc.http.log;

import dev.torc.core.memory.Memory;

import java.nio.charset.StandardCharsets;

/// One line of the log while it is written. On the shard's thread; allocates nothing.
///
/// Its room suffices for every line: what comes from a client is cut at [#RAW_BYTES_MAX].
final class LineBuffer {
    /// Of what a client has sent, before it is escaped.
    static final int RAW_BYTES_MAX = 2048;

    private static final int ESCAPE_BYTES_MAX = 6;
    private static final int RAW_PARTS_MAX = 6;
    private static final int OTHER_BYTES_MAX = 1024;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CUT = "...".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS_MAX = 19;

    private final byte[] bytes =
            new byte[RAW_BYTES_MAX * ESCAPE_BYTES_MAX * RAW_PARTS_MAX + OTHER_BYTES_MAX];
    private int length;

    LineBuffer() {}

    /// How what is not plain is written.
    enum Escape {
        /// `\x1f`, as nginx and Apache do.
        HEX,
        /// `\u001f`: a byte beyond ASCII becomes the character of its value.
        UNICODE,
        /// `?`, for a terminal.
        MARK
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    LineBuffer add(byte[] text) {
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    LineBuffer add(char ascii) {
        bytes[length++] = (byte) ascii;
        return this;
    }

    /// In decimal; not negative.
    LineBuffer add(long number) {
        int digits = 1;
        for (long rest = number; rest >= 10 && digits < DIGITS_MAX; rest /= 10) digits++;
        long rest = number;
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    /// Bytes that a client has sent.
    LineBuffer addRaw(long address, int count, Escape escape) {
        int taken = Math.min(count, RAW_BYTES_MAX);
        for (int i = 0; i < taken; i++) addEscaped(Memory.getByte(address + i) & 0xff, escape);
        return taken < count ? add(CUT) : this;
    }

    /// Text of the application's own, such as a route.
    LineBuffer addText(String text, Escape escape) {
        int taken = Math.min(text.length(), RAW_BYTES_MAX);
        for (int i = 0; i < taken; i++) {
            char c = text.charAt(i);
            addEscaped(c <= 0xff ? c : '?', escape);
        }
        return taken < text.length() ? add(CUT) : this;
    }

    private void addEscaped(int octet, Escape escape) {
        boolean plain = octet >= ' ' && octet <= '~' && octet != '"' && octet != '\\';
        if (plain) {
            bytes[length++] = (byte) octet;
            return;
        }
        switch (escape) {
            case MARK -> add(octet == '"' || octet == '\\' ? (char) octet : '?');
            case HEX -> add('\\').add('x').addHex(octet);
            case UNICODE -> add('\\').add('u').add('0').add('0').addHex(octet);
        }
    }

    private void addHex(int octet) {
        bytes[length++] = HEX[octet >> 4];
        bytes[length++] = HEX[octet & 0xf];
    }
}
