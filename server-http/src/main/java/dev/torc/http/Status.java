package dev.torc.http;

import java.nio.charset.StandardCharsets;

/// A status code with its reason phrase, as registered with IANA (RFC 9110 15). There is one
/// instance for each code from 100 to 599, so `==` compares; any thread.
public final class Status {
    private static final int CODE_MIN = 100;
    private static final int CODE_MAX = 599;
    private static final Status[] BY_CODE = unregistered();

    public static final Status CONTINUE = register(100, "Continue");
    public static final Status SWITCHING_PROTOCOLS = register(101, "Switching Protocols");
    public static final Status PROCESSING = register(102, "Processing");
    public static final Status EARLY_HINTS = register(103, "Early Hints");
    public static final Status OK = register(200, "OK");
    public static final Status CREATED = register(201, "Created");
    public static final Status ACCEPTED = register(202, "Accepted");
    public static final Status NON_AUTHORITATIVE_INFORMATION =
            register(203, "Non-Authoritative Information");
    public static final Status NO_CONTENT = register(204, "No Content");
    public static final Status RESET_CONTENT = register(205, "Reset Content");
    public static final Status PARTIAL_CONTENT = register(206, "Partial Content");
    public static final Status MULTI_STATUS = register(207, "Multi-Status");
    public static final Status ALREADY_REPORTED = register(208, "Already Reported");
    public static final Status IM_USED = register(226, "IM Used");
    public static final Status MULTIPLE_CHOICES = register(300, "Multiple Choices");
    public static final Status MOVED_PERMANENTLY = register(301, "Moved Permanently");
    public static final Status FOUND = register(302, "Found");
    public static final Status SEE_OTHER = register(303, "See Other");
    public static final Status NOT_MODIFIED = register(304, "Not Modified");
    public static final Status USE_PROXY = register(305, "Use Proxy");
    public static final Status TEMPORARY_REDIRECT = register(307, "Temporary Redirect");
    public static final Status PERMANENT_REDIRECT = register(308, "Permanent Redirect");
    public static final Status BAD_REQUEST = register(400, "Bad Request");
    public static final Status UNAUTHORIZED = register(401, "Unauthorized");
    public static final Status PAYMENT_REQUIRED = register(402, "Payment Required");
    public static final Status FORBIDDEN = register(403, "Forbidden");
    public static final Status NOT_FOUND = register(404, "Not Found");
    public static final Status METHOD_NOT_ALLOWED = register(405, "Method Not Allowed");
    public static final Status NOT_ACCEPTABLE = register(406, "Not Acceptable");
    public static final Status PROXY_AUTHENTICATION_REQUIRED =
            register(407, "Proxy Authentication Required");
    public static final Status REQUEST_TIMEOUT = register(408, "Request Timeout");
    public static final Status CONFLICT = register(409, "Conflict");
    public static final Status GONE = register(410, "Gone");
    public static final Status LENGTH_REQUIRED = register(411, "Length Required");
    public static final Status PRECONDITION_FAILED = register(412, "Precondition Failed");
    public static final Status CONTENT_TOO_LARGE = register(413, "Content Too Large");
    public static final Status URI_TOO_LONG = register(414, "URI Too Long");
    public static final Status UNSUPPORTED_MEDIA_TYPE = register(415, "Unsupported Media Type");
    public static final Status RANGE_NOT_SATISFIABLE = register(416, "Range Not Satisfiable");
    public static final Status EXPECTATION_FAILED = register(417, "Expectation Failed");
    public static final Status MISDIRECTED_REQUEST = register(421, "Misdirected Request");
    public static final Status UNPROCESSABLE_CONTENT = register(422, "Unprocessable Content");
    public static final Status LOCKED = register(423, "Locked");
    public static final Status FAILED_DEPENDENCY = register(424, "Failed Dependency");
    public static final Status TOO_EARLY = register(425, "Too Early");
    public static final Status UPGRADE_REQUIRED = register(426, "Upgrade Required");
    public static final Status PRECONDITION_REQUIRED = register(428, "Precondition Required");
    public static final Status TOO_MANY_REQUESTS = register(429, "Too Many Requests");
    public static final Status REQUEST_HEADER_FIELDS_TOO_LARGE =
            register(431, "Request Header Fields Too Large");
    public static final Status UNAVAILABLE_FOR_LEGAL_REASONS =
            register(451, "Unavailable For Legal Reasons");
    public static final Status INTERNAL_SERVER_ERROR = register(500, "Internal Server Error");
    public static final Status NOT_IMPLEMENTED = register(501, "Not Implemented");
    public static final Status BAD_GATEWAY = register(502, "Bad Gateway");
    public static final Status SERVICE_UNAVAILABLE = register(503, "Service Unavailable");
    public static final Status GATEWAY_TIMEOUT = register(504, "Gateway Timeout");
    public static final Status HTTP_VERSION_NOT_SUPPORTED =
            register(505, "HTTP Version Not Supported");
    public static final Status VARIANT_ALSO_NEGOTIATES = register(506, "Variant Also Negotiates");
    public static final Status INSUFFICIENT_STORAGE = register(507, "Insufficient Storage");
    public static final Status LOOP_DETECTED = register(508, "Loop Detected");
    public static final Status NOT_EXTENDED = register(510, "Not Extended");
    public static final Status NETWORK_AUTHENTICATION_REQUIRED =
            register(511, "Network Authentication Required");

    private final int code;
    private final String reason;
    private final byte[] line;

    private Status(int code, String reason) {
        this.code = code;
        this.reason = reason;
        // The space after the code stays when there is no phrase (RFC 9112 4).
        String text = "HTTP/1.1 " + code + " " + reason + "\r\n";
        this.line = text.getBytes(StandardCharsets.US_ASCII);
    }

    /// The status of a code, with an empty phrase if it is not registered.
    ///
    /// @throws IllegalArgumentException if the code is not from 100 to 599
    public static Status of(int code) {
        if (code < CODE_MIN || code > CODE_MAX) {
            throw new IllegalArgumentException("status code must be from 100 to 599: code=" + code);
        }
        return BY_CODE[code - CODE_MIN];
    }

    public int code() {
        return code;
    }

    /// The reason phrase, which clients ignore; empty for a code that is not registered.
    public String reason() {
        return reason;
    }

    /// The status line with its CRLF, `HTTP/1.1 200 OK\r\n`. The array is shared: only to be read.
    public byte[] line() {
        return line;
    }

    /// An interim answer: 1xx.
    public boolean isInformational() {
        return code < 200;
    }

    /// Whether an answer has content: not with 1xx, 204 and 304 (RFC 9110 6.4.1), nor with 205
    /// (15.3.6).
    public boolean hasContent() {
        return code >= 200 && code != 204 && code != 205 && code != 304;
    }

    @Override
    public String toString() {
        return reason.isEmpty() ? Integer.toString(code) : code + " " + reason;
    }

    private static Status register(int code, String reason) {
        Status status = new Status(code, reason);
        BY_CODE[code - CODE_MIN] = status;
        return status;
    }

    private static Status[] unregistered() {
        Status[] byCode = new Status[CODE_MAX - CODE_MIN + 1];
        for (int i = 0; i < byCode.length; i++) byCode[i] = new Status(CODE_MIN + i, "");
        return byCode;
    }
}
