package dev.torc.http.h1;

import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.Throttle;
import dev.torc.core.spi.CloseReason;
import dev.torc.http.BodyConsumer;
import dev.torc.http.BodyProducer;
import dev.torc.http.HttpLimits;
import dev.torc.http.MediaType;
import dev.torc.http.Method;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Status;
import dev.torc.http.h1.ResponseWriter.Framing;
import dev.torc.http.message.Exchange;
import dev.torc.http.message.FieldLines;
import dev.torc.http.message.FileBody;
import dev.torc.http.message.Refusal;
import dev.torc.http.message.RequestHead;
import dev.torc.http.message.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/// One request and its response, from the first byte of the one to the last of the other.
///
/// Bound to a connection while it lasts. An exchange that was answered within its handler's call is
/// used again for another request; one that was answered later, or retained, is not, because
/// someone may still refer to it. On the shard's thread.
final class Http1Exchange implements Exchange {
    private static final int BODY_WITH_HEAD_BYTES_MAX = 16 * 1024;

    private final Http1Connections shared;
    private final RequestHead requestHead;
    private final ResponseHead responseHead = new ResponseHead();
    private final BodyDecoder decoder;
    private final Request request;
    private final Response response;
    private final RequestMemory memory;
    private final Observation observation;
    private @Nullable Http1Connection connection;
    private @Nullable BodyIntake intake;
    private boolean streamsBody;
    private boolean streamsAnswer;
    private boolean persists;
    private boolean reusable;

    Http1Exchange(Http1Connections shared) {
        this.shared = shared;
        requestHead = new RequestHead(shared.limits().headerCountMax());
        decoder = new BodyDecoder(shared.limits());
        request = new Request(requestHead, this);
        response = new Response(responseHead, this, request);
        memory = new RequestMemory(shared, request, requestHead);
        observation = new Observation(shared, this);
    }

    void begin(Http1Connection owner) {
        connection = owner;
        requestHead.reset();
        observation.reset();
        intake = null;
        streamsBody = false;
        streamsAnswer = false;
        reusable = true;
    }

    /// The response is complete, or the connection has ended. Whether it can be used again.
    boolean end() {
        observation.ended(memory.isHeadKept());
        connection = null;
        endBody("the connection has ended");
        memory.release();
        if (memory.isRetained()) return false;
        request.end();
        return reusable;
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

    /// Asks the handler whether it wants the body as it arrives, which has a limit of its own.
    ///
    /// @return why the request is refused, or null
    @Nullable Refusal headParsed(int bytes) {
        Refusal refusal = requestHead.refusal();
        if (refusal != null) {
            observation.headRefused();
            return refusal;
        }
        memory.head(bytes);
        request.begin();
        request.body(requestHead.address(), 0);
        response.begin();
        observation.begin();
        streamsBody = requestHead.hasBody() && shared.handler().streamsBody(request);
        HttpLimits limits = shared.limits();
        decoder.begin(
                requestHead, streamsBody ? limits.streamedBodyBytesMax() : limits.bodyBytesMax());
        if (decoder.refusal() != null) return decoder.refusal();
        if (requestHead.hasUnknownExpectation()) return Refusal.EXPECTATION_UNKNOWN;
        return requestHead.isHttps() ? Refusal.TARGET_HTTPS : null;
    }

    /// Takes some of a body that is to be handled as a whole: in place if it is there as a whole,
    /// else in a buffer that grows with what has been received, not with what was announced.
    ///
    /// @return the bytes used, or a refusal's code
    int collect(long address, int length) {
        int used = decoder.decode(address, length);
        Refusal refusal = decoder.refusal();
        if (refusal != null) return refusal.code();
        int bytes = decoder.dataLength();
        long data = address + decoder.dataStart();
        boolean taken = memory.takeBody(data, bytes, decoder.isDone());
        if (!taken) return Refusal.BODY_OUT_OF_BUFFERS.code();
        if (decoder.isDone() && decoder.trailers().count() > 0) {
            request.takeTrailers(decoder.trailers());
        }
        return used;
    }

    /// The handler is about to run at the head. `bodyFollows`: nothing of the body is there yet.
    void beginIntake(boolean bodyFollows) {
        reusable = false;
        intake = intake(bodyFollows && requestHead.expectsContinue());
    }

    private BodyIntake intake(boolean continueAwaited) {
        int unreadMax = shared.limits().unreadBodyBytesMax();
        return new BodyIntake(decoder, request, response, unreadMax, continueAwaited);
    }

    /// What takes a body that is streamed; null for any other.
    @Nullable BodyIntake intake() {
        return streamsBody ? intake : null;
    }

    /// Whether a streamed body is not complete.
    boolean isBodyOpen() {
        return streamsBody && !decoder.isDone();
    }

    /// Whether a streamed body can take what arrives next.
    boolean takesBody() {
        return streamsBody && intake != null && intake.takes();
    }

    /// Whether nothing of a streamed body is to be received.
    boolean isBodyPaused() {
        return streamsBody && intake != null && intake.isPaused();
    }

    /// The response is complete.
    void answered() {
        observation.answered();
        endBody("the response was complete before the request body was");
    }

    /// The connection ends with the request, because of this.
    void refused(Refusal refusal) {
        observation.refused(refusal);
        endBody(refusal.reason());
        end();
    }

    /// Nothing more will be handed out of a body that is not complete.
    void endBody(String reason) {
        if (intake != null) intake.end(reason);
    }

    /// Copies the head out of the memory that it was received in; false when there is none for it.
    boolean keepHead() {
        observation.keepAddress();
        return memory.keepHead();
    }

    /// The handler has returned without an answer: only what was retained stays valid.
    void endBorrow() {
        reusable = false;
        observation.keepHead();
        if (!memory.isRetained()) request.endBorrow();
    }

    // ---- the response

    ResponseHead responseHead() {
        return responseHead;
    }

    /// The body that is answered with will be produced piece by piece.
    void streamsAnswer() {
        streamsAnswer = true;
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
    /// where there is none, the length that was announced is told. Leaves room for a small body, of
    /// which up to `copied` bytes will go behind it.
    boolean writeHead(Output output, Framing framing, int bytes, int copied, boolean stopping) {
        Framing told = told(framing);
        boolean empty = !responseHead.status().hasContent();
        long length = empty ? 0 : Math.max(bytes, responseHead.contentLength());
        persists =
                requestHead.isKeepAlive()
                        && !responseHead.closes()
                        && !stopping
                        && told != Framing.CLOSE
                        && (intake == null || intake.mayPersist(streamsAnswer));
        int bodyBytes = (int) Math.min(Math.min(length, copied), BODY_WITH_HEAD_BYTES_MAX);
        Slice room = output.room(ResponseWriter.bytesMax(responseHead) + bodyBytes);
        if (room == null) return false;
        int minorVersion = requestHead.minorVersion();
        long now = shard().nowNanos();
        shared.writer().write(room, responseHead, told, length, persists, minorVersion, now);
        observation.answerBegins(responseHead.status(), output);
        return true;
    }

    /// Writes the answer to a request that is not handled; false when there is no memory for it.
    boolean writeRefusal(Output output, Refusal refusal) {
        boolean bodyless = requestHead.isRequestLineParsed() && requestHead.method() == Method.HEAD;
        if (refusal == Refusal.HANDLER_TIMEOUT) shared.logTimeout(request);
        // A handler that has returned may be using the response, on another thread.
        Http1Exchange writing = reusable ? this : new Http1Exchange(shared);
        observation.answerBegins(Status.of(refusal.status()), output);
        return writing.writeRefusal(output, refusal, bodyless);
    }

    private boolean writeRefusal(Output output, Refusal refusal, boolean bodyless) {
        Status status = Status.of(refusal.status());
        responseHead.reset();
        responseHead.status(status);
        responseHead.contentType(MediaType.TEXT_PLAIN_UTF_8);
        responseHead.add("Connection", "close");
        String text = status.code() + " " + status.reason() + ": " + refusal.reason() + "\n";
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        int length = body.length;
        if (!writeHead(output, Framing.LENGTH, length, length, true)) return false;
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
    public @Nullable InetSocketAddress remoteAddress() {
        return connection == null ? null : connection.remoteAddress();
    }

    @Override
    public void inform(Status status, FieldLines fields) {
        // RFC 9110 section 15.2: never to an HTTP/1.0 client
        if (connection == null || requestHead.minorVersion() == 0) return;
        connection.inform(this, fields.behind(status.line()));
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
            connection.stream(this, BodyStream.of(source, responseHead, streamFraming()));
        }
    }

    @Override
    public void stream(FileBody body) {
        responseHead.contentLength(body.parts().contentLength());
        if (connection == null) {
            body.release();
        } else {
            connection.stream(this, new FileStream(body));
        }
    }

    @Override
    public void resume() {
        if (connection != null) connection.resumeStream();
    }

    @Override
    public void abort() {
        if (connection != null) connection.abort(CloseReason.HANDLER_FAILED);
    }

    @Override
    public void abortIncomplete() {
        if (connection != null) connection.abortIncomplete(this);
    }

    @Override
    public boolean streamsBody() {
        return streamsBody;
    }

    @Override
    public void receive(BodyConsumer consumer) {
        reusable = false;
        BodyIntake current = intake;
        if (current == null) {
            current = intake(false);
            intake = current;
            Slice body = requestHead.hasBody() ? request.body() : Slice.window();
            current.receiveWhole(consumer, body);
        } else {
            current.receive(consumer);
            if (connection != null) connection.goOnWithBody(this);
        }
    }

    @Override
    public void pauseReceive() {
        if (intake != null) intake.pause();
        if (connection != null) connection.goOnWithBody(this);
    }

    @Override
    public void resumeReceive() {
        if (intake != null) intake.resume();
        if (connection != null) connection.goOnWithBody(this);
    }

    @Override
    public void discardBody() {
        if (intake != null) intake.discard();
        if (connection != null) connection.goOnWithBody(this);
    }

    @Override
    public Throttle failures() {
        return shared.failures();
    }

    @Override
    public void retain() {
        memory.retain(streamsBody ? 0 : request.body().length());
    }

    @Override
    public boolean wantsBody() {
        return requestHead.method() != Method.HEAD && responseHead.status().hasContent();
    }
}
