package dev.torc.http.message;

import dev.torc.http.Method;

import org.jspecify.annotations.Nullable;

/// The head of one request as offsets relative to its first byte, and what it says about framing
/// and the connection: the seam between the protocol, which fills it, and the semantics, which read
/// it.
///
/// One head is reused for all requests of a connection: [#reset()] before each. It holds the
/// progress of a parse that waits for more bytes; those it already has may move meanwhile
/// ([#moveTo(long)]). Confined to its shard's thread; allocates nothing but text.
///
/// ```
///   GET http://host/path?query HTTP/1.1
///       ^target    ^path ^query
/// ```
public final class RequestHead {
    private final Fields fields;
    private long address;
    private boolean requestLineParsed;
    private @Nullable Refusal refusal;

    private Method method = Method.OTHER;
    private int methodStart;
    private int methodLength;
    private int minorVersion;

    private TargetForm form = TargetForm.ORIGIN;
    private boolean https;
    private int targetStart;
    private int targetEnd;
    private int pathStart;
    private int pathEnd;
    private int queryStart;
    private int queryEnd;

    private int hostStart;
    private int hostLength;
    private boolean hostFieldSeen;
    private boolean closeAsked;
    private boolean keepAliveAsked;
    private boolean continueExpected;
    private boolean expectationUnknown;
    private boolean chunked;
    private long contentLength = -1;

    public RequestHead(int headerCountMax) {
        fields = new Fields(headerCountMax);
    }

    /// Forgets everything, for the next request.
    public void reset() {
        fields.reset();
        requestLineParsed = false;
        refusal = null;
        hostStart = 0;
        hostLength = 0;
        hostFieldSeen = false;
        closeAsked = false;
        keepAliveAsked = false;
        continueExpected = false;
        expectationUnknown = false;
        chunked = false;
        contentLength = -1;
    }

    /// The head's first byte is now at `address`; all offsets stay.
    public void moveTo(long address) {
        this.address = address;
        fields.moveTo(address);
    }

    public long address() {
        return address;
    }

    // ---- request line

    public Method method() {
        return method;
    }

    /// Where the method starts: 0, or behind the empty lines that preceded the request.
    public int methodStart() {
        return methodStart;
    }

    public int methodLength() {
        return methodLength;
    }

    /// The method as it was sent, for [Method#OTHER]. Allocates.
    public String methodText() {
        return Ascii.text(address + methodStart, methodLength);
    }

    /// The 1 of `HTTP/1.1`, or 0.
    public int minorVersion() {
        return minorVersion;
    }

    public TargetForm form() {
        return form;
    }

    /// Whether the target is an absolute `https` URI: to be answered only on a connection that is
    /// secured (RFC 9110 section 7.4).
    public boolean isHttps() {
        return https;
    }

    public int targetStart() {
        return targetStart;
    }

    public int targetEnd() {
        return targetEnd;
    }

    /// Where the path starts. It excludes the query, is still percent-encoded with well-formed
    /// triplets, and starts with `/`: an absolute target without a path has `/` (RFC 9110 section
    /// 4.2.3). In asterisk-form it is `*`, in authority-form it is empty.
    public int pathStart() {
        return pathStart;
    }

    public int pathEnd() {
        return pathEnd;
    }

    /// The path as it was sent. Allocates.
    public String path() {
        return Ascii.text(address + pathStart, pathEnd - pathStart);
    }

    /// Whether there is a `?`; the query behind it may still be empty.
    public boolean hasQuery() {
        return queryStart >= 0;
    }

    /// Where the query starts, behind its `?`; -1 if there is none.
    public int queryStart() {
        return queryStart;
    }

    public int queryEnd() {
        return queryEnd;
    }

    /// The query as it was sent, where there is one. Allocates.
    public String query() {
        return Ascii.text(address + queryStart, queryEnd - queryStart);
    }

    // ---- fields

    public Fields fields() {
        return fields;
    }

    public int headerCount() {
        return fields.count();
    }

    /// The index of the first field with this name, or -1.
    public int find(byte[] lowerCaseName) {
        return fields.find(lowerCaseName);
    }

    // ---- what they say about framing and the connection

    /// Where the effective `host[:port]` starts: the target's own authority if it has one, else the
    /// value of Host (RFC 9112 section 3.2.2).
    public int hostStart() {
        return hostStart;
    }

    /// 0 if an HTTP/1.0 request names no host.
    public int hostLength() {
        return hostLength;
    }

    public boolean hasHostField() {
        return hostFieldSeen;
    }

    /// Bytes of content announced, or -1.
    public long contentLength() {
        return contentLength;
    }

    public boolean isChunked() {
        return chunked;
    }

    public boolean hasBody() {
        return chunked || contentLength > 0;
    }

    /// Whether the connection persists after this request (RFC 9112 section 9.3).
    public boolean isKeepAlive() {
        return !closeAsked && (minorVersion > 0 || keepAliveAsked);
    }

    /// Whether the client waits for 100 (Continue). HTTP/1.0 cannot (RFC 9110 section 10.1.1).
    public boolean expectsContinue() {
        return continueExpected && minorVersion > 0;
    }

    /// Whether there is an expectation other than 100-continue: 417 is the answer (RFC 9110 section
    /// 10.1.1).
    public boolean hasUnknownExpectation() {
        return expectationUnknown;
    }

    // ---- refusal

    /// Why the head was refused, or null.
    public @Nullable Refusal refusal() {
        return refusal;
    }

    // ---- written by the parser

    public void refuse(Refusal refusal) {
        this.refusal = refusal;
    }

    public boolean isRequestLineParsed() {
        return requestLineParsed;
    }

    public void requestLine(Method method, int start, int length, int minorVersion) {
        this.method = method;
        this.methodStart = start;
        this.methodLength = length;
        this.minorVersion = minorVersion;
        requestLineParsed = true;
    }

    public void target(TargetForm form, int start, int end) {
        this.form = form;
        this.https = false;
        this.targetStart = start;
        this.targetEnd = end;
    }

    public void https() {
        https = true;
    }

    public void path(int start, int end) {
        pathStart = start;
        pathEnd = end;
    }

    /// The query's range; a start of -1 says that there is none.
    public void query(int start, int end) {
        queryStart = start;
        queryEnd = end;
    }

    public void hostFieldSeen() {
        hostFieldSeen = true;
    }

    public void host(int start, int length) {
        hostStart = start;
        hostLength = length;
    }

    public void contentLength(long bytes) {
        contentLength = bytes;
    }

    public void chunked() {
        chunked = true;
    }

    public void closeAsked() {
        closeAsked = true;
    }

    public void keepAliveAsked() {
        keepAliveAsked = true;
    }

    public void continueExpected() {
        continueExpected = true;
    }

    public void expectationUnknown() {
        expectationUnknown = true;
    }
}
