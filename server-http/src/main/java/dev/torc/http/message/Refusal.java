package dev.torc.http.message;

/// Why a message was refused: the status to answer with before closing, and a reason in our own
/// words, never the peer's bytes.
///
/// Parsing functions return an offset when they succeed; a refusal travels the same way, as its
/// negative [#code()].
public enum Refusal {
    BARE_CR(400, "CR without LF"),
    METHOD_NOT_TOKEN(400, "method is not a token"),
    METHOD_TOO_LONG(501, "method too long"),
    TARGET_BYTE(400, "character not allowed in the request target"),
    TARGET_PERCENT(400, "malformed percent-encoding in the request target"),
    TARGET_FORM(400, "request target has none of the forms this method allows"),
    TARGET_AUTHORITY(400, "invalid authority in the request target"),
    TARGET_TOO_LONG(414, "request line too long"),
    // RFC 9110 section 7.4: not over a connection that is not secured
    TARGET_HTTPS(421, "https resources are not served over this connection"),
    VERSION_MALFORMED(400, "request line does not end in an HTTP version"),
    VERSION_UNSUPPORTED(505, "only HTTP/1.0 and HTTP/1.1 are spoken here"),

    FIELD_FOLDED(400, "field line starts with whitespace"),
    FIELD_NAME(400, "field name is not a token"),
    FIELD_COLON(400, "no colon directly after the field name"),
    FIELD_VALUE(400, "control character in a field value"),
    HEADERS_TOO_MANY(431, "too many header fields"),
    HEAD_TOO_LARGE(431, "request head too large"),
    HEAD_TIMEOUT(408, "the head took too long"),

    HOST_MISSING(400, "no Host field"),
    HOST_REPEATED(400, "more than one Host field"),
    HOST_INVALID(400, "invalid Host field"),
    CONNECTION_INVALID(400, "Connection is not a list of tokens"),
    LENGTH_INVALID(400, "Content-Length is not a decimal number"),
    LENGTH_OVERFLOW(400, "Content-Length out of range"),
    LENGTH_REPEATED(400, "more than one Content-Length"),
    CODING_UNKNOWN(501, "transfer coding other than chunked"),
    CODING_INVALID(400, "Transfer-Encoding is not exactly: chunked"),
    CODING_IN_HTTP_1_0(400, "Transfer-Encoding in an HTTP/1.0 request"),
    CODING_AND_LENGTH(400, "both Transfer-Encoding and Content-Length"),
    EXPECTATION_UNKNOWN(417, "the only expectation known is 100-continue"),

    BODY_TOO_LARGE(413, "request body too large"),
    BODY_OUT_OF_BUFFERS(413, "the server has no memory for this body"),
    BODY_TIMEOUT(408, "the body took too long"),
    CHUNK_SIZE(400, "malformed chunk size"),
    CHUNK_EXTENSION(400, "malformed chunk extension"),
    CHUNK_EXTENSIONS_TOO_LARGE(400, "chunk extensions too large"),
    CHUNK_END(400, "chunk data not followed by CRLF"),
    TRAILERS_TOO_LARGE(431, "trailer section too large"),
    TRAILER_FORBIDDEN(400, "framing or routing field in the trailer section"),

    HANDLER_TIMEOUT(503, "the answer took too long");

    private static final Refusal[] ALL = values();
    private static final int CODE_FIRST = -2; // -1 says that bytes are missing

    private final int status;
    private final String reason;

    Refusal(int status, String reason) {
        this.status = status;
        this.reason = reason;
    }

    public int status() {
        return status;
    }

    public String reason() {
        return reason;
    }

    /// This refusal as a return value: -2 or less.
    @SuppressWarnings("EnumOrdinal") // a code lives no longer than the call that returns it
    public int code() {
        return CODE_FIRST - ordinal();
    }

    /// The refusal that a return value of -2 or less stands for.
    public static Refusal of(int code) {
        return ALL[CODE_FIRST - code];
    }
}
