package dev.torc.http.h1;

import dev.torc.core.memory.Memory;
import dev.torc.http.message.Ascii;
import dev.torc.http.message.Authority;
import dev.torc.http.message.Fields;
import dev.torc.http.message.Keyword;
import dev.torc.http.message.Refusal;
import dev.torc.http.message.RequestHead;
import dev.torc.http.message.TargetForm;

import org.jspecify.annotations.Nullable;

/// The five fields that the protocol itself obeys: Host, Content-Length, Transfer-Encoding,
/// Connection and Expect. Here it is decided how a body is framed, once and for every version.
///
/// Functions return [#OK] or a refusal's code.
final class ControlFields {
    static final int OK = 0;

    private static final Keyword HOST = Keyword.of("host");
    private static final Keyword EXPECT = Keyword.of("expect");
    private static final Keyword CONNECTION = Keyword.of("connection");
    private static final Keyword CONTENT_LENGTH = Keyword.of("content-length");
    private static final Keyword TRANSFER_ENCODING = Keyword.of("transfer-encoding");

    private static final Keyword CHUNKED = Keyword.of("chunked");
    private static final Keyword CLOSE = Keyword.of("close");
    private static final Keyword KEEP_ALIVE = Keyword.of("keep-alive");
    private static final Keyword CONTINUE = Keyword.of("100-continue");

    // No two of the five names are equally long.
    private static final @Nullable Keyword[] NAME_BY_LENGTH = new Keyword[18];

    static {
        Keyword[] names = {HOST, EXPECT, CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING};
        for (Keyword name : names) NAME_BY_LENGTH[name.length()] = name;
    }

    private ControlFields() {}

    /// The one of the five that has a name of this length, or null.
    static @Nullable Keyword named(int length) {
        return length < NAME_BY_LENGTH.length ? NAME_BY_LENGTH[length] : null;
    }

    /// Obeys the last of `fields`, whose name is `name`; without a head it is a trailer.
    static int apply(Keyword name, Fields fields, @Nullable RequestHead head) {
        int index = fields.count() - 1;
        if (head == null)
            return isForbiddenInTrailers(name) ? Refusal.TRAILER_FORBIDDEN.code() : OK;
        return switch (name.length()) {
            case 4 -> host(head, index);
            case 6 -> expect(head, index);
            case 10 -> connection(head, index);
            case 14 -> contentLength(head, index);
            default -> coding(head, index);
        };
    }

    /// Checks what only the whole head can tell; if it is fine, returns its `end`.
    static int finish(RequestHead head, int end) {
        // RFC 9112 section 3.2: HTTP/1.1 needs a Host, whatever the form of the target
        if (!head.hasHostField() && head.minorVersion() > 0) return Refusal.HOST_MISSING.code();
        // RFC 9112 section 6.3: such a message is an attempt at smuggling
        if (head.isChunked() && head.contentLength() >= 0) return Refusal.CODING_AND_LENGTH.code();
        return end;
    }

    /// RFC 9110 section 6.5.1. Trailers are never merged into the head, so those that frame and
    /// route a message are enough.
    private static boolean isForbiddenInTrailers(Keyword name) {
        return name.equals(CONTENT_LENGTH) || name.equals(TRANSFER_ENCODING) || name.equals(HOST);
    }

    private static int host(RequestHead head, int index) {
        // RFC 9112 section 3.2: more than one Host, or an invalid one, is a 400 in any version
        if (head.hasHostField()) return Refusal.HOST_REPEATED.code();
        head.hostFieldSeen();
        Fields fields = head.fields();
        long start = fields.valueAddress(index);
        int length = fields.valueLength(index);
        boolean ownAuthority =
                head.form() == TargetForm.ABSOLUTE || head.form() == TargetForm.AUTHORITY;
        // RFC 9112 section 3.3: without another authority an empty Host names no http resource
        boolean valid = length == 0 ? ownAuthority : Authority.isValid(start, start + length);
        if (!valid) return Refusal.HOST_INVALID.code();
        // RFC 9112 section 3.2.2: the target's authority replaces whatever Host says
        if (!ownAuthority) head.host(fields.valueStart(index), length);
        return OK;
    }

    /// RFC 9110 section 8.6: 1*DIGIT. Lists and repeats are refused even where all values agree.
    private static int contentLength(RequestHead head, int index) {
        if (head.contentLength() >= 0) return Refusal.LENGTH_REPEATED.code();
        Fields fields = head.fields();
        long at = fields.valueAddress(index);
        long end = at + fields.valueLength(index);
        if (at == end) return Refusal.LENGTH_INVALID.code();
        long length = 0;
        for (; at < end; at++) {
            byte octet = Memory.getByte(at);
            if (!Ascii.isDigit(octet)) return Refusal.LENGTH_INVALID.code();
            int digit = octet - '0';
            if (length > (Long.MAX_VALUE - digit) / 10) return Refusal.LENGTH_OVERFLOW.code();
            length = 10 * length + digit;
        }
        head.contentLength(length);
        return OK;
    }

    private static int coding(RequestHead head, int index) {
        // RFC 9112 section 6.1: faulty framing, whatever the coding
        if (head.minorVersion() == 0) return Refusal.CODING_IN_HTTP_1_0.code();
        // RFC 9112 section 6.1: chunked once, section 6.3: and last
        if (head.isChunked()) return Refusal.CODING_INVALID.code();
        Fields fields = head.fields();
        if (!fields.isValue(index, CHUNKED)) return otherCoding(fields, index);
        head.chunked();
        return OK;
    }

    /// RFC 9112 section 6.1: a coding that is not understood is a 501; chunked with parameters, in
    /// a list or misspelt is a 400.
    private static int otherCoding(Fields fields, int index) {
        long start = fields.valueAddress(index);
        long end = start + fields.valueLength(index);
        int length = (int) (Ascii.tokenEnd(start, end) - start);
        boolean unknown = length > 0 && !CHUNKED.matches(start, length);
        return unknown ? Refusal.CODING_UNKNOWN.code() : Refusal.CODING_INVALID.code();
    }

    /// RFC 9110 section 7.6.1: a list of tokens, of which two concern this connection; empty
    /// elements are ignored (section 5.6.1.2).
    private static int connection(RequestHead head, int index) {
        Fields fields = head.fields();
        if (fields.isValue(index, KEEP_ALIVE)) { // all that most clients ever say
            head.keepAliveAsked();
            return OK;
        }
        long at = fields.valueAddress(index);
        long end = at + fields.valueLength(index);
        while (at < end) {
            long option = at;
            at = Ascii.tokenEnd(option, end);
            int length = (int) (at - option);
            if (CLOSE.matches(option, length)) head.closeAsked();
            if (KEEP_ALIVE.matches(option, length)) head.keepAliveAsked();
            at = Ascii.skipWhitespace(at, end);
            if (at < end && Memory.getByte(at++) != ',') return Refusal.CONNECTION_INVALID.code();
            at = Ascii.skipWhitespace(at, end);
        }
        return OK;
    }

    /// RFC 9110 section 10.1.1: one expectation is defined; any other is flagged for a 417.
    private static int expect(RequestHead head, int index) {
        if (head.fields().isValue(index, CONTINUE)) {
            head.continueExpected();
        } else {
            head.expectationUnknown();
        }
        return OK;
    }
}
