package dev.torc.http.file;

import java.nio.charset.StandardCharsets;

/// Values of `Content-Disposition` that have a file saved instead of shown (RFC 6266).
///
/// The name is that of the file, which anyone may have chosen. Twice, if it is not plain ASCII: as
/// `filename`, where `_` is for all that a quoted string or an old client might stumble over, and
/// as `filename*` in UTF-8 (RFC 8187). In both, `_` is also for what does not belong in a name that
/// is written to someone's disk or shown to them: control characters, slashes, and those that turn
/// the direction of text, which make `exe.txt` of a program. What is not UTF-8 is U+FFFD.
///
/// Allocates; any thread.
final class ContentDisposition {
    private static final char REPLACEMENT = '_';

    private ContentDisposition() {}

    /// The value for a file of this name, in UTF-8, without directories.
    static String attachment(byte[] name) {
        String safe = harmless(new String(name, StandardCharsets.UTF_8));
        String plain = plain(safe);
        String value = "attachment; filename=\"" + plain + '"';
        return plain.equals(safe) ? value : value + "; filename*=" + extended(safe);
    }

    private static String harmless(String name) {
        StringBuilder safe = new StringBuilder();
        name.codePoints().map(c -> isHarmful(c) ? REPLACEMENT : c).forEach(safe::appendCodePoint);
        return safe.toString();
    }

    private static boolean isHarmful(int codePoint) {
        return codePoint == '/' || codePoint == '\\' || ShownName.isControl(codePoint);
    }

    /// What every client reads alike in quotes: no quote, nor `%`, which some decode (RFC 6266
    /// appendix D), and ASCII.
    private static String plain(String name) {
        StringBuilder plain = new StringBuilder();
        name.codePoints()
                .map(c -> c < 0x80 && c != '"' && c != '%' ? c : REPLACEMENT)
                .forEach(plain::appendCodePoint);
        return plain.toString();
    }

    /// ext-value (RFC 8187 3.2.1).
    private static String extended(String name) {
        StringBuilder value = new StringBuilder("UTF-8''");
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            boolean attrChar =
                    PercentEncoding.isUnreserved(octet) || "!#$&+^`|".indexOf(octet) >= 0;
            PercentEncoding.append(octet, attrChar, value);
        }
        return value.toString();
    }
}
