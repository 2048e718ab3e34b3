package dev.torc.http.h1;

import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.Throttle;
import dev.torc.core.memory.Memory;
import dev.torc.http.BodyProducer;
import dev.torc.http.MediaType;
import dev.torc.http.Method;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Status;
import dev.torc.http.h1.ResponseWriter.Framing;
import dev.torc.http.message.Exchange;
import dev.torc.http.message.FieldLines;
import dev.torc.http.message.Refusal;
import dev.torc.http.message.RequestHead;
import dev.torc.http.message.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One request and its response, from the first byte of the one to the last of the other.
///
/// Bound to a connection while it lasts. An exchange that was answered within its handler's call is
/// used again for another request; one that was answered later, or retained, is not, because
/// someone may still refer to it. On the shard's thread.
final class Http1Exchange implements Exchange {
    private static final int BODY_WITH_HEAD_BYTES_MAX = 8 * 1024;

    private final Http1Connections shared;
    private final RequestHead requestHead;
    private final ResponseHead responseHead = new ResponseHead();
    private final BodyDecoder decoder;
    private final Request request;
    private final Response response;
    private @Nullable Http1Connection connection;
    private @Nullable Slice headBuffer;
    private @Nullable Slice bodyBuffer;
    private @Nullable MemorySegment retained;
    private int headBytes;
    private boolean persists;
    private boolean reusable;

    Http1Exchange(Http1Connections shared) {
        this.shared = shared;
        requestHead = new RequestHead(shared.limits().headerCountMax());
        decoder = new BodyDecoder(shared.limits());
        request = new Request(requestHead, this);
        response = new Response(responseHead, this, request);
    }

    void begin(Http1Connection owner) {
        connection = owner;
        requestHead.reset();
        reusable = true;
    }

    /// The response is complete, or the connection has ended. Whether it can be used again.
    boolean end() {
        connection = null;
        if (headBuffer != null) headBuffer.release();
        if (bodyBuffer != null) bodyBuffer.release();
        headBuffer = null;
        bodyBuffer = null;
        if (retained == null) request.end();
        return reusable && retained == null;
    }

    // ---- the request

    RequestHead requestHead() {
        return requestHead;
    }

    BodyDecoder decoder() {
        return decoder;
    }

    Request request() {
        return request;
    }

    void headParsed(int bytes) {
        headBytes = bytes;
        decoder.begin(requestHead);
        request.body(requestHead.address(), 0);
    }

    /// The body lies whole where it was received.
    void bodyInPlace(long address, int bytes) {
        request.body(address, bytes);
    }

    boolean hasBufferedBody() {
        return bodyBuffer != null;
    }

    /// Appends to the body; false when there is no memory for it. Grows with what has been
    /// received, not with what was announced.
    boolean appendBody(long address, int bytes) {
        Slice buffer = shared.shard().buffers().extend(bodyBuffer, bytes);
        if (buffer == null) return false;
        bodyBuffer = buffer;
        buffer.append(address, bytes);
        request.body(buffer.address(), buffer.length());
        return true;
    }

    /// Copies the head out of the memory that it was received in; false when there is none for it.
    boolean keepHead() {
        if (headBuffer != null) return true;
        Slice buffer = shared.shard().buffers().take(headBytes);
        if (buffer == null) return false;
        buffer.append(requestHead.address(), headBytes);
        headBuffer = buffer;
        requestHead.moveTo(buffer.address());
        return true;
    }

    /// The handler has returned without an answer: only what was retained stays valid.
    void endBorrow() {
        reusable = false;
        if (retained == null) request.endBorrow();
    }

    // ---- the response

    ResponseHead responseHead() {
        return responseHead;
    }

    Response response() {
        return response;
    }

    /// How the end of a body that is streamed is told.
    Framing streamFraming() {
        if (responseHead.contentLength() != ResponseHead.LENGTH_UNKNOWN) return Framing.LENGTH;
        // RFC 9112 section 6.1: no Transfer-Encoding to an HTTP/1.0 client
        return requestHead.minorVersion() == 0 ? Framing.CLOSE : Framing.CHUNKED;
    }

    BodyStream bodyStream(BodyProducer source, Framing framing) {
        boolean chunked = framing == Framing.CHUNKED;
        long length = responseHead.contentLength();
        return new BodyStream(source, chunked, length, responseHead.trailers());
    }

    /// What is told of the framing, whatever the application wanted to send.
    private Framing told(Framing framing) {
        Status status = responseHead.status();
        if (status.hasContent()) return framing;
        // RFC 9110 section 15.3.6: a 205 says that it is empty. Section 8.6: no Content-Length with
        // 1xx and 204, nor a misleading one with 304
        return status == Status.RESET_CONTENT ? Framing.LENGTH : Framing.NONE;
    }

    /// Writes the head of the response and decides whether the connection persists after it; false
    /// when there is no memory for it. `bytes` is the length of a body that is there as a whole;
    /// where there is none, the length that was announced is told.
    boolean writeHead(Output output, Framing framing, int bytes, boolean stopping) {
        Framing told = told(framing);
        boolean empty = !responseHead.status().hasContent();
        long length = empty ? 0 : Math.max(bytes, responseHead.contentLength());
        persists =
                requestHead.isKeepAlive()
                        && !responseHead.closes()
                        && !stopping
                        && told != Framing.CLOSE;
        int bodyBytes = (int) Math.min(length, BODY_WITH_HEAD_BYTES_MAX);
        Slice room = output.room(ResponseWriter.bytesMax(responseHead) + bodyBytes);
        if (room == null) return false;
        int minorVersion = requestHead.minorVersion();
        long now = shard().nowNanos();
        shared.writer().write(room, responseHead, told, length, persists, minorVersion, now);
        return true;
    }

    /// Writes the answer to a request that is not handled; false when there is no memory for it.
    boolean writeRefusal(Output output, Refusal refusal) {
        Status status = Status.of(refusal.status());
        responseHead.reset();
        responseHead.status(status);
        responseHead.contentType(MediaType.TEXT_PLAIN_UTF_8);
        responseHead.add("Connection", "close");
        String text = status.code() + " " + status.reason() + ": " + refusal.reason() + "\n";
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        if (!writeHead(output, Framing.LENGTH, body.length, true)) return false;
        boolean bodyless = requestHead.isRequestLineParsed() && !wantsBody();
        return bodyless || output.write(body);
    }

    boolean persists() {
        return persists;
    }

    // ---- Exchange

    @Override
    public Shard shard() {
        return shared.shard();
    }

    @Override
    public void inform(Status status, FieldLines fields) {
        // RFC 9110 section 15.2: never to an HTTP/1.0 client
        if (connection == null || requestHead.minorVersion() == 0) return;
        byte[] line = status.line();
        byte[] interim = Arrays.copyOf(line, line.length + fields.length() + 2);
        System.arraycopy(fields.bytes(), 0, interim, line.length, fields.length());
        interim[interim.length - 2] = '\r';
        interim[interim.length - 1] = '\n';
        connection.inform(this, interim);
    }

    @Override
    public void respond(byte[] body, int offset, int length) {
        if (connection != null) connection.respond(this, body, offset, length);
    }

    @Override
    public void respond(Slice body) {
        if (connection != null) connection.respond(this, body);
    }

    @Override
    public void stream(BodyProducer source) {
        if (connection == null) {
            source.abandon();
        } else {
            connection.stream(this, source);
        }
    }

    @Override
    public void resume() {
        if (connection != null) connection.resumeStream();
    }

    @Override
    public void abort() {
        if (connection != null) connection.abort();
    }

    @Override
    public void abortIncomplete() {
        if (connection != null) connection.abortIncomplete(this);
    }

    @Override
    public Throttle failures() {
        return shared.failures();
    }

    @Override
    public void retain() {
        if (retained != null) return;
        int bodyBytes = request.body().length();
        // The one place for memory that the garbage collector frees: whoever keeps the request may
        // use it on any thread and for ever, which no count of releases could be trusted with.
        MemorySegment copy = Arena.ofAuto().allocate((long) headBytes + bodyBytes, 8);
        Memory.copy(requestHead.address(), copy.address(), headBytes);
        requestHead.moveTo(copy.address());
        if (bodyBytes > 0) {
            Memory.copy(request.body().address(), copy.address() + headBytes, bodyBytes);
        }
        request.body(copy.address() + headBytes, bodyBytes);
        retained = copy;
    }

    @Override
    public boolean wantsBody() {
        return requestHead.method() != Method.HEAD && responseHead.status().hasContent();
    }
}
