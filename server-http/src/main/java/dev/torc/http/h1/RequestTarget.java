package dev.torc.http.h1;

import dev.torc.core.memory.Memory;
import dev.torc.http.Method;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Authority;
import dev.torc.http.message.Refusal;
import dev.torc.http.message.RequestHead;
import dev.torc.http.message.TargetForm;

/// Parses the request target (RFC 9112 section 3.2). Its characters are those of RFC 3986 and no
/// others: no raw non-ASCII, none of `"<>[\]^{|}` and backquote, no fragment, and every `%` has two
/// hexadecimal digits. What the triplets decode to is for the semantics to judge.
final class RequestTarget {
    private static final byte[] HTTP = Ascii.bytes("http://");
    private static final byte[] HTTPS = Ascii.bytes("https://");

    private RequestTarget() {}

    /// Parses an origin-form; of the other forms, which real clients hardly send, it only finds the
    /// end and calls them absolute, for [#resolve(long, Method, RequestHead)] to look at when the
    /// request line is complete.
    ///
    /// @return the offset of the SP behind the target, [RequestParser#PARTIAL], or a refusal's code
    static int scan(long base, int start, int limit, RequestHead head) {
        if (start == limit) return RequestParser.PARTIAL;
        boolean origin = Memory.getByte(base + start) == '/';
        int end = origin ? pathAndQuery(base, start, limit, head) : visibleEnd(base, start, limit);
        if (end == start || end == limit || Memory.getByte(base + end) != ' ') {
            return withoutSpace(base, end, limit);
        }
        head.target(origin ? TargetForm.ORIGIN : TargetForm.ABSOLUTE, start, end);
        return end;
    }

    private static int withoutSpace(long base, int end, int limit) {
        if (end == limit) return RequestParser.PARTIAL;
        return switch (Memory.getByte(base + end)) {
            case '%' -> brokenTriplet(base + end, base + limit);
            // RFC 9112 section 3: an HTTP/0.9 request line ends here
            case '\r', '\n' -> Refusal.VERSION_MALFORMED.code();
            default -> Refusal.TARGET_BYTE.code();
        };
    }

    /// RFC 3986 section 2.1: two hexadecimal digits follow a percent sign.
    private static int brokenTriplet(long percent, long end) {
        long digit = percent + 1;
        while (digit < end && Ascii.hexValue(Memory.getByte(digit)) >= 0) digit++;
        return digit == end ? RequestParser.PARTIAL : Refusal.TARGET_PERCENT.code();
    }

    /// Decides the form by method and target, and parses what [#scan(long, int, int, RequestHead)]
    /// did not.
    ///
    /// @return [ControlFields#OK] or a refusal's code
    static int resolve(long base, Method method, RequestHead head) {
        int start = head.targetStart();
        int end = head.targetEnd();
        if (method == Method.CONNECT) return authorityForm(base, start, end, head);
        if (end - start == 1 && Memory.getByte(base + start) == '*') {
            return asteriskForm(method, start, end, head);
        }
        return absoluteForm(base, start, end, head);
    }

    private static int authorityForm(long base, int start, int end, RequestHead head) {
        // RFC 9112 section 3.2.3; RFC 9110 section 9.3.6: an empty or invalid port is refused
        if (!Authority.isValidWithPort(base + start, base + end)) {
            return Refusal.TARGET_AUTHORITY.code();
        }
        head.target(TargetForm.AUTHORITY, start, end);
        head.host(start, end - start);
        head.path(end, end);
        head.query(-1, -1);
        return ControlFields.OK;
    }

    private static int asteriskForm(Method method, int start, int end, RequestHead head) {
        if (method != Method.OPTIONS) return Refusal.TARGET_FORM.code(); // RFC 9112 section 3.2.4
        head.target(TargetForm.ASTERISK, start, end);
        head.path(start, end);
        head.query(-1, -1);
        return ControlFields.OK;
    }

    /// RFC 9112 section 3.2.2, for the two schemes that mean HTTP (RFC 9110 section 4.2).
    private static int absoluteForm(long base, int start, int end, RequestHead head) {
        boolean https = startsWith(base + start, end - start, HTTPS);
        if (!https && !startsWith(base + start, end - start, HTTP)) {
            return Refusal.TARGET_FORM.code();
        }
        int host = start + (https ? HTTPS.length : HTTP.length);
        int path = host;
        while (path < end && !endsAuthority(Memory.getByte(base + path))) path++;
        if (!Authority.isValid(base + host, base + path)) return Refusal.TARGET_AUTHORITY.code();
        int stop = pathAndQuery(base, path, end, head);
        if (stop != end) {
            boolean percent = Memory.getByte(base + stop) == '%';
            return percent ? Refusal.TARGET_PERCENT.code() : Refusal.TARGET_BYTE.code();
        }
        head.target(TargetForm.ABSOLUTE, start, end);
        if (https) head.https();
        head.host(host, path - host);
        // RFC 9110 section 4.2.3: an empty path is "/", and the scheme ends in one
        if (head.pathStart() == head.pathEnd()) head.path(host - 1, host);
        return ControlFields.OK;
    }

    private static boolean startsWith(long address, int length, byte[] prefix) {
        return length >= prefix.length && Ascii.equalsIgnoreCase(address, prefix.length, prefix);
    }

    private static boolean endsAuthority(byte octet) {
        return octet == '/' || octet == '?';
    }

    /// The offset behind the path and the query, which both may be empty; at a broken triplet it
    /// stops.
    private static int pathAndQuery(long base, int start, int limit, RequestHead head) {
        long end = base + limit;
        long stop = Ascii.pathEnd(base + start, end);
        head.path(start, (int) (stop - base));
        head.query(-1, -1);
        if (stop < end && Memory.getByte(stop) == '?') {
            int query = (int) (stop + 1 - base);
            stop = Ascii.queryEnd(stop + 1, end);
            head.query(query, (int) (stop - base));
        }
        return (int) (stop - base);
    }

    /// The offset of the first byte outside VCHAR.
    private static int visibleEnd(long base, int start, int limit) {
        int at = start;
        while (at < limit && isVisible(Memory.getByte(base + at))) at++;
        return at;
    }

    private static boolean isVisible(byte octet) {
        return octet > ' ' && octet < 0x7f;
    }
}
