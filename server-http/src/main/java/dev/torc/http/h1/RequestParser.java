package dev.torc.http.h1;

import dev.torc.core.memory.Memory;
import dev.torc.http.HttpLimits;
import dev.torc.http.Method;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Refusal;
import dev.torc.http.message.RequestHead;
import dev.torc.http.message.TargetForm;

/// Parses request heads in place: strict, resumable at any byte, without allocation.
///
/// The parser reads the bytes in order and decides at the first one that settles the matter, so the
/// verdict does not depend on how the input was split. When bytes are missing, the lines that are
/// complete stay parsed (in the head); the next call, with the same bytes and more of them, perhaps
/// at another address, goes on with the first line that was not. Limits are applied by not looking
/// beyond them.
///
/// Holds nothing but the limits: one parser serves any number of heads.
public final class RequestParser {
    /// The bytes so far are fine, and more are needed.
    public static final int PARTIAL = -1;

    /// The head is refused: [RequestHead#refusal()] says why.
    public static final int INVALID = -2;

    // RFC 9112 section 2.2 asks to ignore at least one; some old clients send a few after a body.
    private static final int EMPTY_LINES_MAX = 4;

    private static final long HTTP_1_0 = Ascii.word("HTTP/1.0");
    private static final long HTTP_1_1 = Ascii.word("HTTP/1.1");
    private static final byte[] VERSION_LINE = Ascii.bytes("HTTP/d.d\r\n");

    private static final long GET = Ascii.word("GET");
    private static final long HEAD = Ascii.word("HEAD");
    private static final long POST = Ascii.word("POST");
    private static final long PUT = Ascii.word("PUT");
    private static final long DELETE = Ascii.word("DELETE");
    private static final long PATCH = Ascii.word("PATCH");
    private static final long OPTIONS = Ascii.word("OPTIONS");
    private static final long TRACE = Ascii.word("TRACE");
    private static final long CONNECT = Ascii.word("CONNECT");

    private final int requestLineBytesMax;
    private final int headBytesMax;

    public RequestParser(HttpLimits limits) {
        requestLineBytesMax = limits.requestLineBytesMax();
        headBytesMax = limits.headBytesMax();
    }

    /// Parses the head that starts at `address`, of which `length` bytes are there.
    ///
    /// @return the bytes of the complete head, [#PARTIAL] or [#INVALID]
    public int parse(long address, int length, RequestHead head) {
        head.moveTo(address);
        int limit = Math.min(length, headBytesMax);
        int end = head.isRequestLineParsed() ? 0 : start(address, limit, head);
        if (end >= 0) end = FieldSection.parse(address, limit, head.fields(), head);
        if (end >= 0) end = ControlFields.finish(head, end);
        if (end >= 0) return end;
        if (end == PARTIAL && limit < headBytesMax) return PARTIAL;
        head.refuse(end == PARTIAL ? Refusal.HEAD_TOO_LARGE : Refusal.of(end));
        return INVALID;
    }

    private int start(long base, int limit, RequestHead head) {
        int position = skipEmptyLines(base, limit, head);
        if (position < 0) return position;
        int lineLimit = position + requestLineBytesMax;
        int end = requestLine(base, position, Math.min(limit, lineLimit), head);
        if (end != PARTIAL || limit < lineLimit) return end;
        // RFC 9112 section 3: 501 for a method, 414 for a target that is longer than any we know
        boolean method = Ascii.tokenEnd(base + position, base + lineLimit) == base + lineLimit;
        return method ? Refusal.METHOD_TOO_LONG.code() : Refusal.TARGET_TOO_LONG.code();
    }

    private static int skipEmptyLines(long base, int limit, RequestHead head) {
        int position = head.fields().position();
        while (position < limit
                && position < 2 * EMPTY_LINES_MAX
                && Memory.getByte(base + position) == '\r') {
            if (position + 1 == limit) return PARTIAL;
            if (Memory.getByte(base + position + 1) != '\n') return Refusal.BARE_CR.code();
            position += 2;
            head.fields().position(position);
        }
        return position;
    }

    /// RFC 9112 section 3: `method SP request-target SP HTTP-version CRLF`, each SP a single one.
    private static int requestLine(long base, int start, int limit, RequestHead head) {
        long methodStart = base + start;
        long end = base + limit;
        long space = Ascii.tokenEnd(methodStart, end);
        if (space == end) return PARTIAL;
        if (space == methodStart || Memory.getByte(space) != ' ') {
            return Refusal.METHOD_NOT_TOKEN.code(); // RFC 9110 section 9.1
        }
        int methodLength = (int) (space - methodStart);
        int targetEnd = RequestTarget.scan(base, start + methodLength + 1, limit, head);
        if (targetEnd < 0) return targetEnd;

        int version = targetEnd + 1;
        int minor = minorVersion(base + version, end);
        if (minor < 0) return minor;
        Method method = method(Memory.getLong(methodStart), methodLength);
        if (head.form() != TargetForm.ORIGIN || method == Method.CONNECT) {
            int wrong = RequestTarget.resolve(base, method, head);
            if (wrong != ControlFields.OK) return wrong;
        }
        head.requestLine(method, start, methodLength, minor);
        int next = version + VERSION_LINE.length;
        head.fields().position(next);
        return next;
    }

    /// The minor version, if a supported version and CRLF are here; else [#PARTIAL] or a refusal.
    private static int minorVersion(long at, long end) {
        if (end - at >= VERSION_LINE.length && Memory.getShort(at + 8) == FieldSection.CRLF) {
            long version = Memory.getLong(at);
            if (version == HTTP_1_1) return 1;
            if (version == HTTP_1_0) return 0;
        }
        for (int i = 0; i < VERSION_LINE.length; i++) {
            if (i == 8 && !isSupported(at)) return Refusal.VERSION_UNSUPPORTED.code();
            if (at + i == end) return PARTIAL;
            byte octet = Memory.getByte(at + i);
            byte expected = VERSION_LINE[i];
            if (expected == 'd' ? !Ascii.isDigit(octet) : octet != expected) {
                return Refusal.VERSION_MALFORMED.code(); // RFC 9112 section 2.3
            }
        }
        throw new AssertionError("a supported version was not recognised");
    }

    /// RFC 9110 section 15.6.6. The HTTP/2 preface ends here, too.
    private static boolean isSupported(long version) {
        long bytes = Memory.getLong(version);
        return bytes == HTTP_1_1 || bytes == HTTP_1_0;
    }

    /// The eight bytes at the start of a request line, which is longer than that, hold the method.
    private static Method method(long bytes, int length) {
        if (length >= 8) return Method.OTHER;
        long word = bytes & (1L << (8 * length)) - 1;
        if (word == GET) return Method.GET;
        if (word == POST) return Method.POST;
        if (word == HEAD) return Method.HEAD;
        if (word == PUT) return Method.PUT;
        if (word == DELETE) return Method.DELETE;
        if (word == PATCH) return Method.PATCH;
        if (word == OPTIONS) return Method.OPTIONS;
        if (word == TRACE) return Method.TRACE;
        if (word == CONNECT) return Method.CONNECT;
        return Method.OTHER;
    }
}
