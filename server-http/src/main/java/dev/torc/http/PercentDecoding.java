package dev.torc.http;

import dev.torc.core.memory.Memory;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/// Percent-decoding of paths and queries (RFC 3986 2.1), strict: a `%` without two hex digits and a
/// result that is not UTF-8 (RFC 3629) are refused, by a value. Bytes outside ASCII that come
/// without percent-encoding are taken as they are.
///
/// Works on native memory; any thread.
final class PercentDecoding {
    /// What a text needs before it can be read.
    enum Form {
        /// ASCII without `%`: it reads as it is.
        PLAIN,
        /// Has percent-encoding or UTF-8, all of it well-formed.
        ENCODED,
        /// Has a broken triplet or is not UTF-8 once decoded.
        MALFORMED
    }

    private PercentDecoding() {}

    /// Judges a text of `length` bytes. Allocates nothing.
    static Form form(long address, int length) {
        long end = address + length;
        long encoded = PathBytes.firstEncoded(address, end);
        return encoded == end ? Form.PLAIN : formOfEncoded(encoded, end);
    }

    /// Decodes a path or a part of one, in which `+` stands for itself; null if it is malformed.
    static @Nullable String text(long address, int length) {
        return switch (form(address, length)) {
            case PLAIN -> plainText(address, length);
            case ENCODED -> decodedText(address, length, false);
            case MALFORMED -> null;
        };
    }

    /// Decodes a name or value of `application/x-www-form-urlencoded`, in which `+` stands for a
    /// space (WHATWG URL 5.1); null if it is malformed.
    static @Nullable String formText(long address, int length) {
        if (form(address, length) == Form.MALFORMED) return null;
        return decodedText(address, length, true);
    }

    /// Decodes into `target`, which has room for `length` bytes, and returns the bytes written, or
    /// -1 at a broken triplet. Does not ask for UTF-8. Allocates nothing.
    static int decode(long address, int length, byte[] target, boolean plusIsSpace) {
        long end = address + length;
        int count = 0;
        for (long at = address; at < end; at += width(at)) {
            int octet = octet(at, end);
            if (octet < 0) return -1;
            boolean space = plusIsSpace && Memory.getByte(at) == '+';
            target[count++] = (byte) (space ? ' ' : octet);
        }
        return count;
    }

    /// The octet that the byte or triplet at `address` stands for, or -1 if the triplet is broken
    /// or cut off by `end`.
    static int octet(long address, long end) {
        int first = Byte.toUnsignedInt(Memory.getByte(address));
        if (first != '%') return first;
        if (end - address < 3) return -1;
        // Negative if either is: -1 has all bits set, also after the shift.
        return hex(Memory.getByte(address + 1)) << 4 | hex(Memory.getByte(address + 2));
    }

    /// How many bytes the byte or triplet at `address` takes.
    static int width(long address) {
        return Memory.getByte(address) == '%' ? 3 : 1;
    }

    private static Form formOfEncoded(long address, long end) {
        int state = Utf8.START;
        for (long at = address; at < end; at += width(at)) {
            int octet = octet(at, end);
            if (octet < 0) return Form.MALFORMED;
            state = Utf8.next(state, octet);
            if (state == Utf8.REFUSED) return Form.MALFORMED;
        }
        return state == Utf8.START ? Form.ENCODED : Form.MALFORMED;
    }

    private static int hex(byte digit) {
        return Character.digit(digit & 0xFF, 16);
    }

    private static String plainText(long address, int length) {
        byte[] bytes = new byte[length];
        Memory.copy(address, bytes, 0, length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String decodedText(long address, int length, boolean plusIsSpace) {
        byte[] bytes = new byte[length];
        int count = decode(address, length, bytes, plusIsSpace);
        return new String(bytes, 0, count, StandardCharsets.UTF_8);
    }
}
