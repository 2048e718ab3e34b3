package dev.torc.http;

import dev.torc.core.Slice;
import dev.torc.http.message.Exchange;
import dev.torc.http.message.FileBody;
import dev.torc.http.message.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

    private final ResponseHead head;
    private final Exchange exchange;
    private final Request request;
    private final Interim interim;
    private boolean committed;
    private long bodyBytes;
    private @Nullable Throwable failure;
    private @Nullable BlockingBody output;
    private @Nullable Thread blocking;
    private @Nullable Runnable committing;

    /// For protocols.
    @SuppressWarnings("exports")
    public Response(ResponseHead head, Exchange exchange, Request request) {
        this.head = head;
        this.exchange = exchange;
        this.request = request;
        interim = new Interim(exchange);
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
        interim.send(status, namesAndValues);
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
        commit(length);
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
        commit(body.length());
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
            JsonBody.write(request, failure != null, type, value, text);
        } catch (IOException | RuntimeException failure) {
            fail(failure);
            return;
        }
        head.contentType(type);
        send(text.bytes(), 0, text.length());
    }

    /// Sends a body that is produced as there is room for it.
    public void stream(BodyProducer producer) {
        commit(head.contentLength());
        exchange.onShard(() -> exchange.stream(producer));
    }

    /// Sends a regular file, without its bytes passing through this process if they are many. Its
    /// type is that of its name's extension unless another was set. From any thread; on the shard's
    /// it returns at once, and the response is committed once the file is open. One that cannot be
    /// opened fails the response ([#fail(Throwable)]), with the `IOException` that says why.
    ///
    /// The path is the application's: one made of what a peer has sent can lead anywhere. For that
    /// there is `FileHandler`, which also knows conditions and ranges.
    public void file(Path path) {
        file(path, 0, PathResponse.ALL);
    }

    /// Like [#file(Path)], `count` bytes from `offset` on.
    public void file(Path path, long offset, long count) {
        checkOpen();
        new PathResponse(this, exchange.shard(), path, offset, count).send();
    }

    /// Sends `count` bytes of a file that is open, from `offset` on, and returns when they have
    /// been read: only for a [blocking][Handlers#blocking(Handler)] handler. The channel stays the
    /// caller's. It has no descriptor that the kernel could be given, so the bytes are copied:
    /// [#file(Path)] is faster. One that ends before aborts the connection.
    public void file(FileChannel channel, long offset, long count) throws IOException {
        try (OutputStream body = contentLength(count).outputStream()) {
            if (exchange.wantsBody()) FileCopy.copy(channel, offset, count, body);
        }
    }

    void sendNamed(Path path, FileBody body) {
        if (head.contentType() == null) {
            head.contentType(MimeTypes.defaults().forName(String.valueOf(path.getFileName())));
        }
        send(body);
    }

    /// For handlers of files: sends parts of an open file, whose reference it takes over. Only on
    /// the shard's thread.
    @SuppressWarnings("exports")
    public void send(FileBody body) {
        try {
            commit(body.parts().contentLength());
        } catch (Throwable failure) {
            body.release();
            throw failure;
        }
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

    /// The status set so far: that of the answer, once it is [committed][#isCommitted()].
    public Status status() {
        return head.status();
    }

    /// Bytes of the body that a [committed][#isCommitted()] response is about to send, as many as
    /// will go unless the connection ends before; -1 if it is streamed without an announced length.
    public long bodyBytes() {
        return bodyBytes;
    }

    /// Has `action` run when the response is committed, on the thread that sends it, just before it
    /// is sent: for logs and counts. A response that fails is committed by its failure's answer.
    /// Another action takes the place of this one.
    public Response whenCommitted(Runnable action) {
        checkOpen();
        committing = action;
        return this;
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
    public void fail(Throwable cause) {
        boolean first = failure == null;
        failure = cause;
        if (first) Failures.map(cause, request, this);
        else Failures.answer(cause, request, this);
    }

    /// What it failed with last; null if it did not.
    public @Nullable Throwable failure() {
        return failure;
    }

    /// Gives up a response that cannot be completed: the connection is aborted. From any thread.
    public void abort() {
        committed = true;
        exchange.onShard(exchange::abort);
    }

    /// Gives up what has been sent in part.
    void abortIncomplete() {
        exchange.onShard(exchange::abortIncomplete);
    }

    /// Ends a stream that the handler has left open.
    void closeOutput() {
        if (output != null) output.close();
    }

    /// For protocols: this object now answers a new request.
    public void begin() {
        head.reset();
        interim.begin();
        committed = false;
        failure = null;
        output = null;
        blocking = null;
        committing = null;
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

    private void commit(long bytes) {
        checkOpen();
        committed = true;
        bodyBytes = exchange.wantsBody() ? bytes : 0;
        if (committing != null) committing.run();
    }

    private void checkOpen() {
        if (committed) throw new IllegalStateException("the response has been sent");
    }
}
