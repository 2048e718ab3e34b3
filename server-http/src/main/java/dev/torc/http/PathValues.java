package dev.torc.http;

import dev.torc.http.message.Ascii;

import java.util.UUID;

/// Numbers and UUIDs in the raw bytes of a path, all of whose percent-encoding is well-formed. A
/// number has one spelling: a minus if it is negative, no plus, no leading zero, no `-0`. A value
/// that is too long is refused once that is certain. Allocates nothing but UUIDs; any thread.
final class PathValues {
    private static final int UUID_OCTETS = 36;
    private static final int UUID_HIGH_OCTETS = 18;

    private PathValues() {}

    static boolean isInt(long address, long end) {
        return isNumber(address, end, Integer.MIN_VALUE, -Integer.MAX_VALUE);
    }

    static boolean isLong(long address, long end) {
        return isNumber(address, end, Long.MIN_VALUE, -Long.MAX_VALUE);
    }

    /// The number that the bytes are known to be.
    static long number(long address, long end) {
        boolean negative = PercentDecoding.octet(address, end) == '-';
        long at = negative ? address + PercentDecoding.width(address) : address;
        long value = 0;
        for (; at < end; at += PercentDecoding.width(at)) {
            value = 10 * value - (PercentDecoding.octet(at, end) - '0');
        }
        return negative ? value : -value;
    }

    /// 8, 4, 4, 4 and 12 hexadecimal digits in either case (RFC 9562 section 4).
    static boolean isUuid(long address, long end) {
        int count = 0;
        for (long at = address; at < end; at += PercentDecoding.width(at)) {
            if (count == UUID_OCTETS) return false;
            int octet = PercentDecoding.octet(at, end);
            boolean fits = isUuidDash(count) ? octet == '-' : hexValue(octet) >= 0;
            if (!fits) return false;
            count++;
        }
        return count == UUID_OCTETS;
    }

    /// The UUID that the bytes are known to be.
    static UUID uuid(long address, long end) {
        long high = 0;
        long low = 0;
        int count = 0;
        for (long at = address; at < end; at += PercentDecoding.width(at)) {
            int digit = hexValue(PercentDecoding.octet(at, end));
            if (digit >= 0 && count < UUID_HIGH_OCTETS) high = high << 4 | digit;
            if (digit >= 0 && count > UUID_HIGH_OCTETS) low = low << 4 | digit;
            count++;
        }
        return new UUID(high, low);
    }

    /// Adds up below zero, where there is room for one more number: `min` is the least negative
    /// one, `maxNegated` the greatest positive one with a minus.
    private static boolean isNumber(long address, long end, long min, long maxNegated) {
        boolean negative = PercentDecoding.octet(address, end) == '-';
        long at = negative ? address + PercentDecoding.width(address) : address;
        if (at == end) return false;
        if (PercentDecoding.octet(at, end) == '0') {
            return !negative && at + PercentDecoding.width(at) == end;
        }
        long limit = negative ? min : maxNegated;
        long value = 0;
        for (; at < end; at += PercentDecoding.width(at)) {
            int digit = PercentDecoding.octet(at, end) - '0';
            if (digit < 0 || digit > 9 || value < (limit + digit) / 10) return false;
            value = 10 * value - digit;
        }
        return true;
    }

    private static boolean isUuidDash(int index) {
        return index == 8 || index == 13 || index == 18 || index == 23;
    }

    private static int hexValue(int octet) {
        return Ascii.hexValue((byte) octet);
    }
}
