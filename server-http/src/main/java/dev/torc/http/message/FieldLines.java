package dev.torc.http.message;

import java.util.Arrays;

/// Field lines that the application adds, encoded as they are to be sent, in a head or after a
/// body. What is invalid fails where it is added, so that nothing an application passes on can end
/// a line. Used by one thread at a time; allocates only to grow.
public final class FieldLines {
    /// Bytes of all lines together.
    public static final int BYTES_MAX = 1 << 16;

    private byte[] bytes;
    private int length;

    /// Room for `bytes` bytes to begin with.
    public FieldLines(int bytes) {
        this.bytes = new byte[bytes];
    }

    /// The encoded lines, of which the first [#length()] bytes count.
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /// An informational answer: this status line, these lines and an empty one.
    public byte[] behind(byte[] statusLine) {
        byte[] answer = Arrays.copyOf(statusLine, statusLine.length + length + 2);
        System.arraycopy(bytes, 0, answer, statusLine.length, length);
        answer[answer.length - 2] = '\r';
        answer[answer.length - 1] = '\n';
        return answer;
    }

    /// Forgets what is beyond the first `bytes` bytes.
    public void truncate(int bytes) {
        assert bytes <= length : "bytes=" + bytes + ", length=" + length;
        length = bytes;
    }

    /// Adds a line.
    ///
    /// @throws IllegalArgumentException for a name that is no token (RFC 9110 5.1), a value with
    ///   characters outside of printable ISO-8859-1 and tab (5.5), or more than [#BYTES_MAX]
    @SuppressWarnings("deprecation") // the one way to encode ISO-8859-1 into an array in place
    public void add(String name, String value) {
        checkName(name);
        checkValue(name, value);
        reserve((long) name.length() + value.length() + 4);
        int at = length;
        name.getBytes(0, name.length(), bytes, at);
        at += name.length();
        bytes[at++] = ':';
        bytes[at++] = ' ';
        value.getBytes(0, value.length(), bytes, at);
        at += value.length();
        bytes[at++] = '\r';
        bytes[at++] = '\n';
        length = at;
    }

    /// Adds a line of `name`, which ends in a colon and a space, and the first `valueLength` bytes
    /// of `value`, both of them valid.
    public void add(byte[] name, byte[] value, int valueLength) {
        int end = length + name.length + valueLength;
        reserve(name.length + valueLength + 2L);
        System.arraycopy(name, 0, bytes, length, name.length);
        System.arraycopy(value, 0, bytes, length + name.length, valueLength);
        bytes[end] = '\r';
        bytes[end + 1] = '\n';
        length = end + 2;
    }

    /// Adds whole lines, all of them valid, each with its CRLF.
    public void add(byte[] lines) {
        reserve(lines.length);
        System.arraycopy(lines, 0, bytes, length, lines.length);
        length += lines.length;
    }

    /// @throws IllegalArgumentException for a name that is no token
    static void checkName(String name) {
        boolean valid = !name.isEmpty();
        for (int i = 0; i < name.length() && valid; i++) {
            char c = name.charAt(i);
            valid = c > ' ' && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
        if (!valid) {
            throw new IllegalArgumentException("not a field name: " + quoted(name));
        }
    }

    private void reserve(long more) {
        long total = length + more;
        if (total > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "response fields are limited to " + BYTES_MAX + " bytes: bytes=" + total);
        }
        if (total > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, (int) total));
        }
    }

    private static void checkValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 127 || c > 255) {
                throw new IllegalArgumentException(
                        "the value of "
                                + name
                                + " has a character that a field cannot carry: U+"
                                + String.format("%04X", (int) c)
                                + " at index "
                                + i);
            }
        }
    }

    private static String quoted(String text) {
        return '"' + text.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
