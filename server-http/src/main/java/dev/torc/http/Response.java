package dev.torc.http;

import dev.torc.core.Slice;
import dev.torc.http.message.Exchange;
import dev.torc.http.message.FieldLines;
import dev.torc.http.message.FileBody;
import dev.torc.http.message.InterimFields;
import dev.torc.http.message.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Supplier;

/// The answer to one request: status and fields first, then exactly one of the `send` methods,
/// [#stream(BodyProducer)] or [#outputStream()]. Before that, any number of informational answers.
///
/// Used by one thread at a time, which need not be the shard's. What is sent from another thread is
/// handed to the shard: an array given to `send` there must not be changed any more. Sending twice
/// is an `IllegalStateException`.
public final class Response {
    private static final byte[] EMPTY = new byte[0];
    private static final int INTERIM_BYTES_MAX = 1 << 16;

    private final ResponseHead head;
    private final Exchange exchange;
    private final Request request;
    private boolean committed;
    private boolean failing;
    private int interimBytes;
    private int serial;
    private @Nullable BlockingBody output;
    private @Nullable Thread blocking;

    /// For protocols.
    @SuppressWarnings("exports")
    public Response(ResponseHead head, Exchange exchange, Request request) {
        this.head = head;
        this.exchange = exchange;
        this.request = request;
    }

    /// Sets the status; 200 if never called.
    ///
    /// @throws IllegalArgumentException for a code that is not from 200 to 599: what is
    ///   informational is no answer, and sent by [#inform]
    public Response status(int code) {
        return status(Status.of(code));
    }

    /// Like [#status(int)].
    public Response status(Status status) {
        checkOpen();
        if (status.isInformational()) {
            throw new IllegalArgumentException(
                    "an informational status is for inform(...): status=" + status);
        }
        head.status(status);
        return this;
    }

    /// Sends an informational answer ahead of the real one, such as 103 (Early Hints, RFC 8297), at
    /// once and from any thread:
    ///
    /// ```java
    /// response.inform(103, "Link", "</style.css>; rel=preload; as=style");
    /// ```
    ///
    /// HTTP/1.0 clients, which do not know of such, are not sent any (RFC 9110 15.2); nor is a peer
    /// for which there is no memory left.
    ///
    /// @param namesAndValues names, each followed by its value
    /// @throws IllegalArgumentException for 100 and 101, which are the server's, for anything but
    ///   1xx, and for fields that cannot be sent with it
    /// @throws IllegalStateException when the response has been sent, and beyond 64 KiB of them
    public Response inform(int code, String... namesAndValues) {
        return inform(Status.of(code), namesAndValues);
    }

    /// Like [#inform(int, String...)].
    public Response inform(Status status, String... namesAndValues) {
        checkOpen();
        if (status.code() < 102 || !status.isInformational()) {
            throw new IllegalArgumentException(
                    "an informational answer has a status from 102 to 199: status=" + status);
        }
        FieldLines fields = InterimFields.of(namesAndValues);
        interimBytes += status.line().length + fields.length() + 2;
        if (interimBytes > INTERIM_BYTES_MAX) {
            throw new IllegalStateException(
                    "informational answers are limited to " + INTERIM_BYTES_MAX + " bytes");
        }
        if (exchange.shard().isCurrent()) {
            exchange.inform(status, fields);
        } else {
            int informed = serial; // by the time it is the shard's turn, this may answer another
            exchange.shard()
                    .execute(
                            () -> {
                                if (serial == informed) exchange.inform(status, fields);
                            });
        }
        return this;
    }

    /// Adds a field. `Content-Length`, `Transfer-Encoding` and `Trailer` are the server's, as are
    /// `Date` and `Server` unless set here; `Connection` can be set to `close` only.
    ///
    /// @throws IllegalArgumentException for a name or value that HTTP cannot carry
    public Response header(String name, String value) {
        checkOpen();
        head.add(name, value);
        return this;
    }

    /// Announces a field that is sent after a streamed body, for what is known only then: a digest,
    /// a status, a duration. `value` is asked once the body is complete, on the shard's thread;
    /// null leaves the field out, an exception aborts the connection.
    ///
    /// Sent where the body is chunked, whether or not the request has `TE: trailers`: who reads
    /// chunks must read trailers, and may ignore them (RFC 9110 6.5.1, RFC 9112 7.1.2). With an
    /// announced length, to HTTP/1.0 clients and without a body there is no place for them.
    ///
    /// @throws IllegalArgumentException for a name that is no token, or that must not be a trailer
    ///   (RFC 9110 6.5.1): what frames, routes, authenticates, controls or describes the message
    public Response trailer(String name, Supplier<@Nullable String> value) {
        checkOpen();
        head.addTrailer(name, value);
        return this;
    }

    public Response contentType(MediaType type) {
        checkOpen();
        head.contentType(type);
        return this;
    }

    /// Announces how many bytes will be streamed; without it a streamed body is sent chunked. With
    /// fewer or more the connection is aborted. In answer to HEAD it is told without any.
    public Response contentLength(long bytes) {
        checkOpen();
        if (bytes < 0) throw new IllegalArgumentException("bytes must not be negative: " + bytes);
        head.contentLength(bytes);
        return this;
    }

    /// Sends no body.
    public void send() {
        send(EMPTY);
    }

    /// Sends text in UTF-8, as `text/plain` unless another type was set.
    public void send(String text) {
        checkOpen();
        if (head.contentType() == null) head.contentType(MediaType.TEXT_PLAIN_UTF_8);
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Sends these bytes.
    public void send(byte[] body) {
        send(body, 0, body.length);
    }

    /// Sends `length` bytes of the array from `offset` on.
    public void send(byte[] body, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, body.length);
        checkLength(length);
        commit();
        if (exchange.shard().isCurrent()) {
            exchange.respond(body, offset, length);
        } else {
            exchange.shard().execute(() -> exchange.respond(body, offset, length));
        }
    }

    /// Sends what `body` views, which is read before this returns. Only on the shard's thread.
    public void send(Slice body) {
        if (!exchange.shard().isCurrent()) {
            throw new IllegalStateException("a slice can only be sent on its shard's thread");
        }
        checkLength(body.length());
        commit();
        exchange.respond(body);
    }

    /// Sends a value as JSON, by the router's codec, as `application/json` unless another type was
    /// set. From any thread. 406 if the request's `Accept` excludes that type, unless this answers
    /// a failure. What cannot be written fails the response, as [#fail(Throwable)] does.
    public void json(Object value) {
        checkOpen();
        if (!exchange.shard().isCurrent()) {
            json(value, new JsonText()); // which the shard will read
            return;
        }
        JsonText text = JsonText.take();
        try {
            json(value, text);
        } finally {
            text.giveBack();
        }
    }

    private void json(Object value, JsonText text) {
        MediaType set = head.contentType();
        MediaType type = set == null ? MediaType.APPLICATION_JSON : set;
        try {
            if (!failing && !Accept.allows(request.accept(), type.essence())) {
                throw new StatusException(Status.NOT_ACCEPTABLE, "this is " + type.essence());
            }
            request.jsonCodec().write(value, text);
        } catch (IOException | RuntimeException failure) {
            fail(failure);
            return;
        }
        head.contentType(type);
        send(text.bytes(), 0, text.length());
    }

    /// Sends a body that is produced as there is room for it.
    public void stream(BodyProducer producer) {
        commit();
        if (exchange.shard().isCurrent()) {
            exchange.stream(producer);
        } else {
            exchange.shard().execute(() -> exchange.stream(producer));
        }
    }

    /// For handlers of files: sends parts of an open file, of which it has a reference. Only on the
    /// shard's thread.
    @SuppressWarnings("exports")
    public void send(FileBody body) {
        commit();
        exchange.stream(body);
    }

    /// For handlers of files: status and fields so far.
    @SuppressWarnings("exports")
    public ResponseHead head() {
        return head;
    }

    /// Asks a producer that answered [BodyProducer.Progress#LATER] once more. From any thread.
    public void resume() {
        exchange.shard().execute(exchange::resume);
    }

    /// A stream to write the body to, which blocks while the connection has no room: only for a
    /// [blocking][Handlers#blocking(Handler)] handler. Closing it ends the body.
    public OutputStream outputStream() {
        if (exchange.shard().isCurrent()) {
            throw new IllegalStateException(
                    "outputStream() blocks: use it in Handlers.blocking(...), or stream(...)");
        }
        if (!exchange.wantsBody()) {
            stream(_ -> BodyProducer.Progress.DONE);
            return OutputStream.nullOutputStream();
        }
        BlockingBody body = new BlockingBody(this);
        stream(body);
        output = body;
        return body;
    }

    /// Whether one of the methods that send was called.
    public boolean isCommitted() {
        return committed;
    }

    /// Ends this response with a failure, as if the handler had thrown it: the router's [exception
    /// mappers][ExceptionMapper] see it, and without one it is logged and answered with 500. What
    /// has been sent in part is aborted. For handlers that answer later, from any thread:
    ///
    /// ```java
    /// future.whenComplete((user, failure) -> {
    ///     if (failure != null) response.fail(failure);
    ///     else response.json(user);
    /// });
    /// ```
    public void fail(Throwable failure) {
        if (failing) {
            Failures.answer(failure, request, this);
        } else {
            failing = true;
            Failures.map(failure, request, this);
        }
    }

    /// Gives up a response that cannot be completed: the connection is aborted. From any thread.
    public void abort() {
        committed = true;
        if (exchange.shard().isCurrent()) {
            exchange.abort();
        } else {
            exchange.shard().execute(exchange::abort);
        }
    }

    /// Gives up what has been sent in part.
    void abortIncomplete() {
        if (exchange.shard().isCurrent()) {
            exchange.abortIncomplete();
        } else {
            exchange.shard().execute(exchange::abortIncomplete);
        }
    }

    /// Ends a stream that the handler has left open.
    void closeOutput() {
        if (output != null) output.close();
    }

    /// For protocols: this object now answers a new request.
    public void begin() {
        head.reset();
        serial++;
        interimBytes = 0;
        committed = false;
        failing = false;
        output = null;
        blocking = null;
    }

    /// The fields so far stay if what comes fails.
    void mark() {
        head.mark();
    }

    /// Forgets what has failed.
    void rewind() {
        head.rewind();
    }

    void requestId(RequestId id) {
        checkOpen();
        head.add(RequestId.FIELD, id.bytes(), id.length());
    }

    /// Whether the current thread is the blocking handler's.
    boolean isBlocking() {
        return Thread.currentThread().equals(blocking);
    }

    void blocking(Thread thread) {
        blocking = thread;
    }

    private void checkLength(int bytes) {
        long announced = head.contentLength();
        if (announced == ResponseHead.LENGTH_UNKNOWN || announced == bytes) return;
        if (bytes == 0 && !exchange.wantsBody()) return;
        throw new IllegalArgumentException(
                "not as many bytes as announced: bytes=" + bytes + ", announced=" + announced);
    }

    private void commit() {
        checkOpen();
        committed = true;
    }

    private void checkOpen() {
        if (committed) throw new IllegalStateException("the response has been sent");
    }
}
