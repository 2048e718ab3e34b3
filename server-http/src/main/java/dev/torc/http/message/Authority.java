package dev.torc.http.message;

import dev.torc.core.memory.Memory;

/// Checks `host[:port]` (RFC 3986 section 3.2) at a native address.
///
/// The host is a bracketed IPv6 address or a registered name, which IPv4 addresses are too; it must
/// not be empty, as http URIs demand (RFC 9110 section 4.2.1). User information is refused (section
/// 4.2.4), so are IPvFuture literals, whose meaning nobody knows, and ports above 65535.
public final class Authority {
    private static final int PORT_MAX = 0xffff;

    private Authority() {}

    /// Whether `[start, end)` is a host, with or without a port.
    public static boolean isValid(long start, long end) {
        long colon = hostEnd(start, end);
        return colon == end || (colon > start && isPort(colon, end));
    }

    /// Whether `[start, end)` is a host with a port that is not empty, as CONNECT needs it (RFC
    /// 9112 section 3.2.3).
    public static boolean isValidWithPort(long start, long end) {
        long colon = hostEnd(start, end);
        return colon > start && end - colon >= 2 && isPort(colon, end);
    }

    /// The end of the host that starts here, or -1 if there is none.
    private static long hostEnd(long start, long end) {
        if (start == end) return -1;
        if (Memory.getByte(start) == '[') return literalEnd(start, end);
        long at = Ascii.regNameEnd(start, end);
        while (Ascii.isTriplet(at, end)) at = Ascii.regNameEnd(at + 3, end);
        return at > start ? at : -1;
    }

    private static boolean isPort(long colon, long end) {
        if (Memory.getByte(colon) != ':') return false;
        int port = 0; // an empty port is the scheme's default
        for (long at = colon + 1; at < end; at++) {
            byte octet = Memory.getByte(at);
            if (!Ascii.isDigit(octet)) return false;
            port = 10 * port + octet - '0';
            if (port > PORT_MAX) return false;
        }
        return true;
    }

    private static long literalEnd(long start, long end) {
        long close = start;
        while (close < end && Memory.getByte(close) != ']') close++;
        return close < end && isIpv6(start + 1, close) ? close + 1 : -1;
    }

    /// RFC 3986 section 3.2.2: eight groups, of which one run may be left out as `::` and the last
    /// two may be an IPv4 address. Zone identifiers mean nothing outside their host and are
    /// refused.
    private static boolean isIpv6(long at, long end) {
        int groups = 0;
        boolean compressed = startsWithColons(at, end);
        if (compressed) at += 2;
        while (at < end) {
            int digits = hexDigits(at, end);
            if (at + digits < end && Memory.getByte(at + digits) == '.') {
                return isIpv4(at, end) && (compressed ? groups <= 5 : groups == 6);
            }
            if (digits == 0 || digits > 4) return false;
            groups++;
            at += digits;
            if (at == end) break;
            if (startsWithColons(at, end)) {
                if (compressed) return false;
                compressed = true;
                at += 2;
            } else if (Memory.getByte(at) == ':' && at + 1 < end) {
                at++;
            } else {
                return false;
            }
        }
        return compressed ? groups <= 7 : groups == 8;
    }

    private static boolean startsWithColons(long at, long end) {
        return end - at >= 2 && Memory.getByte(at) == ':' && Memory.getByte(at + 1) == ':';
    }

    private static int hexDigits(long at, long end) {
        int digits = 0;
        while (at + digits < end && Ascii.hexValue(Memory.getByte(at + digits)) >= 0) digits++;
        return digits;
    }

    private static boolean isIpv4(long at, long end) {
        for (int octet = 0; octet < 4; octet++) {
            if (octet > 0 && (at == end || Memory.getByte(at++) != '.')) return false;
            int value = 0;
            int digits = 0;
            while (at < end && Ascii.isDigit(Memory.getByte(at)) && digits < 3) {
                value = 10 * value + Memory.getByte(at++) - '0';
                digits++;
            }
            boolean leadingZero = digits > 1 && Memory.getByte(at - digits) == '0';
            if (digits == 0 || leadingZero || value > 255) return false;
        }
        return at == end;
    }
}
