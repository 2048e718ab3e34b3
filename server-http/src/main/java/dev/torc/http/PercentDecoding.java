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

    private static final int UTF8_START = 0;
    private static final int UTF8_MORE_1 = 1;
    private static final int UTF8_MORE_2 = 2;
    private static final int UTF8_MORE_3 = 3;
    private static final int UTF8_AFTER_E0 = 4;
    private static final int UTF8_AFTER_ED = 5;
    private static final int UTF8_AFTER_F0 = 6;
    private static final int UTF8_AFTER_F4 = 7;
    private static final int UTF8_REFUSED = -1;

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
        int state = UTF8_START;
        for (long at = address; at < end; at += width(at)) {
            int octet = octet(at, end);
            if (octet < 0) return Form.MALFORMED;
            state = utf8(state, octet);
            if (state == UTF8_REFUSED) return Form.MALFORMED;
        }
        return state == UTF8_START ? Form.ENCODED : Form.MALFORMED;
    }

    // The well-formed byte sequences of RFC 3629 4: no overlong form, no surrogate, nothing above
    // U+10FFFF.
    private static int utf8(int state, int octet) {
        return switch (state) {
            case UTF8_MORE_1 -> within(octet, 0x80, 0xBF, UTF8_START);
            case UTF8_MORE_2 -> within(octet, 0x80, 0xBF, UTF8_MORE_1);
            case UTF8_MORE_3 -> within(octet, 0x80, 0xBF, UTF8_MORE_2);
            case UTF8_AFTER_E0 -> within(octet, 0xA0, 0xBF, UTF8_MORE_1);
            case UTF8_AFTER_ED -> within(octet, 0x80, 0x9F, UTF8_MORE_1);
            case UTF8_AFTER_F0 -> within(octet, 0x90, 0xBF, UTF8_MORE_2);
            case UTF8_AFTER_F4 -> within(octet, 0x80, 0x8F, UTF8_MORE_2);
            default -> utf8Lead(octet);
        };
    }

    private static int utf8Lead(int octet) {
        if (octet < 0x80) return UTF8_START;
        if (octet < 0xC2) return UTF8_REFUSED;
        if (octet < 0xE0) return UTF8_MORE_1;
        if (octet == 0xE0) return UTF8_AFTER_E0;
        if (octet == 0xED) return UTF8_AFTER_ED;
        if (octet < 0xF0) return UTF8_MORE_2;
        if (octet == 0xF0) return UTF8_AFTER_F0;
        if (octet < 0xF4) return UTF8_MORE_3;
        return octet == 0xF4 ? UTF8_AFTER_F4 : UTF8_REFUSED;
    }

    private static int within(int octet, int low, int high, int next) {
        return low <= octet && octet <= high ? next : UTF8_REFUSED;
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
