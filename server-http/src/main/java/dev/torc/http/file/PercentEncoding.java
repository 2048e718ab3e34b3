package dev.torc.http.file;

/// Percent-encoding of file names (RFC 3986 2.1). Any thread.
final class PercentEncoding {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private PercentEncoding() {}

    /// Appends a segment of a path: whatever is not unreserved (RFC 3986 2.3) is encoded, so that
    /// it means the same wherever in a URI it stands, within HTML, JSON or a header field.
    static void append(byte[] name, StringBuilder target) {
        for (byte octet : name) append(octet, isUnreserved(octet), target);
    }

    /// Appends the byte, or its triplet.
    static void append(byte octet, boolean literal, StringBuilder target) {
        if (literal) {
            target.append((char) octet);
        } else {
            target.append('%').append(HEX[octet >> 4 & 0xf]).append(HEX[octet & 0xf]);
        }
    }

    static boolean isUnreserved(byte octet) {
        return (octet >= '0' && octet <= '9')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= 'a' && octet <= 'z')
                || octet == '-'
                || octet == '.'
                || octet == '_'
                || octet == '~';
    }
}
