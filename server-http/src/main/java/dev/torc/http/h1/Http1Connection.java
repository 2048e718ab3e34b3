package dev.torc.http.h1;

import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.http.BodyProducer;
import dev.torc.http.h1.ResponseWriter.Framing;
import dev.torc.http.message.Refusal;
import dev.torc.http.message.RequestHead;

import org.jspecify.annotations.Nullable;

/// The state of one HTTP/1.1 connection: requests in, responses out, one exchange at a time.
///
/// ```
///          head complete            body complete         answered
///   HEAD ────────────────▶ BODY ──────────────▶ HANDLING ──────────▶ ANSWERED ─▶ HEAD
///     │                     │                      └─▶ STREAMING ───────▲  └──▶ CLOSING
///     └──── refused ────────┴─────────────────────────────────────────────────▶ CLOSING
/// ```
///
/// Requests are parsed where they were received; only an unfinished rest is copied, to `input`.
/// While an answer is due, or more is queued than the peer takes, nothing further is parsed. On the
/// shard's thread; a request answered within its handler's call allocates nothing.
final class Http1Connection implements ConnectionHandler {
    private static final int PIPELINED_BYTES_MAX = 64 * 1024;

    /// What the connection waits for: its peer or, for one that will send no more, the handler.
    enum Awaited {
        REQUEST,
        HEAD,
        BODY,
        ANSWER,
        NOTHING
    }

    private enum Phase {
        HEAD,
        BODY,
        HANDLING,
        ANSWERED,
        STREAMING,
        CLOSING
    }

    private final Http1Connections shared;
    private final Connection connection;
    private final Input input;
    private final Output output;
    private final Deadline deadline;
    private Phase phase = Phase.HEAD;
    private @Nullable Http1Exchange exchange;
    private @Nullable BodyStream stream;
    private boolean processing;
    private boolean paused;
    private boolean peerEnded;
    private boolean stopping;

    Http1Connection(Http1Connections shared, Connection connection) {
        this.shared = shared;
        this.connection = connection;
        input = new Input(shared.shard().buffers());
        output = new Output(connection);
        deadline = new Deadline(shared, this, connection, output);
    }

    // ---- from the transport

    @Override
    public void onReceive(Connection from, Slice data) {
        if (phase == Phase.CLOSING) return;
        // A head is timed from its first byte, a body from the latest.
        if (phase == Phase.BODY || exchange == null) deadline.restart();
        if (input.isEmpty()) {
            int used = process(data.address(), data.length());
            keep(data.address() + used, data.length() - used);
        } else {
            keep(data.address(), data.length());
            processInput();
        }
        afterProcessing();
    }

    @Override
    public void onEnd(Connection from) {
        peerEnded = true;
        deadline.restart();
        afterProcessing();
    }

    @Override
    public void onWritable(Connection from) {
        output.unblock();
        deadline.restart();
        if (phase == Phase.STREAMING) pump();
        goOn();
    }

    @Override
    public void onStopping(Connection from) {
        stopping = true;
        afterProcessing();
    }

    @Override
    public void onClose(Connection from, CloseReason reason) {
        phase = Phase.CLOSING;
        deadline.cancel();
        releaseAll();
    }

    // ---- requests

    /// Handles as many requests as are complete and may be handled now; returns the bytes used.
    private int process(long address, int length) {
        processing = true;
        int position = 0;
        int used = 1;
        while (used > 0 && position < length && !output.isBlocked()) {
            used =
                    switch (phase) {
                        case HEAD -> head(address + position, length - position);
                        case BODY -> body(address + position, length - position);
                        case CLOSING -> length - position;
                        case HANDLING, ANSWERED, STREAMING -> 0;
                    };
            position += used;
        }
        processing = false;
        if (phase == Phase.BODY && exchange != null && !exchange.keepHead()) outOfBuffers();
        return position;
    }

    private int head(long address, int length) {
        Http1Exchange current = exchange;
        if (current == null) {
            current = shared.take(this);
            exchange = current;
        }
        RequestHead head = current.requestHead();
        int used = shared.parser().parse(address, length, head);
        if (used == RequestParser.PARTIAL) return 0;
        Refusal ofHead = head.refusal();
        if (ofHead != null) {
            refuse(ofHead);
            return length;
        }
        current.headParsed(used);
        Refusal ofBody = current.decoder().refusal();
        if (ofBody != null) {
            refuse(ofBody);
        } else if (head.hasUnknownExpectation()) {
            refuse(Refusal.EXPECTATION_UNKNOWN);
        } else if (head.isHttps()) {
            refuse(Refusal.TARGET_HTTPS);
        } else if (current.decoder().isDone()) {
            dispatch(current);
        } else {
            phase = Phase.BODY;
            deadline.restart();
            // RFC 9110 section 10.1.1: not when some of the content is there already
            boolean expected = head.expectsContinue() && used == length;
            if (expected && !output.write(ResponseWriter.CONTINUE)) outOfBuffers();
        }
        return used;
    }

    private int body(long address, int length) {
        Http1Exchange current = exchange;
        if (current == null) return 0;
        BodyDecoder decoder = current.decoder();
        int used = decoder.decode(address, length);
        Refusal refusal = decoder.refusal();
        if (refusal != null) {
            refuse(refusal);
            return length;
        }
        int bytes = decoder.dataLength();
        long data = address + decoder.dataStart();
        if (decoder.isDone() && !current.hasBufferedBody()) {
            current.bodyInPlace(data, bytes);
        } else if (bytes > 0 && !current.appendBody(data, bytes)) {
            refuse(Refusal.BODY_OUT_OF_BUFFERS);
            return length;
        }
        if (decoder.isDone()) dispatch(current);
        return used;
    }

    private void dispatch(Http1Exchange current) {
        phase = Phase.HANDLING;
        current.request().begin();
        current.response().begin();
        try {
            shared.handler().handle(current.request(), current.response());
        } catch (Throwable failure) {
            current.response().fail(failure);
        }
        if (phase == Phase.ANSWERED) {
            finish(current);
        } else if (exchange == current) {
            current.endBorrow();
        }
    }

    // ---- responses

    /// A hint: dropped when there is no memory for it, or when the answer has overtaken it.
    void inform(Http1Exchange informed, byte[] interim) {
        if (exchange != informed || phase != Phase.HANDLING) return;
        if (output.writeWhole(interim) && !processing) output.flush();
    }

    void respond(Http1Exchange answered, byte[] body, int offset, int length) {
        if (exchange != answered || phase != Phase.HANDLING) return;
        boolean written = answered.writeHead(output, Framing.LENGTH, length, stopping);
        if (written && answered.wantsBody()) written = output.write(body, offset, length);
        answered(answered, written);
    }

    void respond(Http1Exchange answered, Slice body) {
        if (exchange != answered || phase != Phase.HANDLING) return;
        boolean written = answered.writeHead(output, Framing.LENGTH, body.length(), stopping);
        if (written && answered.wantsBody()) written = output.write(body);
        answered(answered, written);
    }

    void stream(Http1Exchange answered, BodyProducer producer) {
        if (exchange != answered || phase != Phase.HANDLING) {
            producer.abandon();
            return;
        }
        Framing framing = answered.streamFraming();
        boolean written = answered.writeHead(output, framing, 0, stopping);
        if (!written || !answered.wantsBody()) {
            producer.abandon();
            answered(answered, written);
            return;
        }
        stream = answered.bodyStream(producer, framing);
        phase = Phase.STREAMING;
        pump();
        goOn();
    }

    void resumeStream() {
        if (phase == Phase.STREAMING) pump();
        goOn();
    }

    /// Aborts, if the exchange still waits for its answer or the rest of it.
    void abortIncomplete(Http1Exchange aborted) {
        boolean due = phase == Phase.HANDLING || phase == Phase.STREAMING;
        if (exchange == aborted && due) abort();
    }

    void abort() {
        connection.abort(CloseReason.HANDLER_FAILED);
        phase = Phase.CLOSING;
    }

    private void answered(Http1Exchange answered, boolean written) {
        if (!written) {
            outOfBuffers();
            return;
        }
        phase = Phase.ANSWERED;
        if (processing) return; // dispatch() finishes it
        finish(answered);
        goOn();
    }

    private void pump() {
        BodyStream current = stream;
        Http1Exchange answered = exchange;
        if (current == null || answered == null) return;
        output.flush();
        try {
            switch (current.pump(output, shared.shard().buffers())) {
                case WAITING -> {}
                case OUT_OF_BUFFERS -> outOfBuffers();
                case DONE -> {
                    stream = null;
                    answered(answered, true);
                }
            }
        } catch (Throwable failure) {
            shared.logFailure("a response body failed", failure);
            abort();
        }
    }

    /// The exchange is over: the next one may begin, or the connection ends.
    private void finish(Http1Exchange answered) {
        boolean persists = answered.persists();
        boolean peerMaySend = answered.requestHead().isKeepAlive();
        exchange = null;
        if (answered.end()) shared.giveBack(answered);
        deadline.restart();
        if (persists) {
            phase = Phase.HEAD;
        } else {
            closeAfterOutput(peerMaySend);
        }
    }

    /// Answers a request that is malformed or exceeds a limit, and ends the connection: where the
    /// next request would start is not known.
    void refuse(Refusal refusal) {
        Http1Exchange refused = exchange == null ? shared.take(this) : exchange;
        exchange = refused;
        boolean written = refused.writeRefusal(output, refusal);
        exchange = null;
        refused.end();
        if (written) {
            closeAfterOutput(true);
        } else {
            outOfBuffers();
        }
    }

    // ---- going on, and ending

    /// Something that held up the input is over.
    private void goOn() {
        if (processing) return;
        if (phase == Phase.HEAD || phase == Phase.BODY) processInput();
        afterProcessing();
    }

    /// While an answer is due the peer is still listened to, as long as there is room for what it
    /// sends: otherwise nobody would notice that it has ended, or vanished.
    private void afterProcessing() {
        output.flush();
        boolean due = phase != Phase.HEAD && phase != Phase.BODY;
        boolean full = output.isBlocked() || (due && input.length() > PIPELINED_BYTES_MAX);
        boolean idle = exchange == null && input.isEmpty();
        if (!due && !output.isBlocked() && (peerEnded || (stopping && idle))) {
            closeAfterOutput(false);
        } else if (full != paused && phase != Phase.CLOSING) {
            paused = full;
            if (full) {
                connection.pauseReceive();
            } else {
                connection.resumeReceive();
            }
        }
    }

    private void closeAfterOutput(boolean peerMaySend) {
        phase = Phase.CLOSING;
        output.flush();
        if (peerMaySend) {
            connection.closeLingering();
        } else {
            connection.close();
        }
    }

    Awaited waitsFor() {
        return switch (phase) {
            case HEAD -> exchange == null ? Awaited.REQUEST : Awaited.HEAD;
            case BODY -> Awaited.BODY;
            case HANDLING, STREAMING -> peerEnded ? Awaited.ANSWER : Awaited.NOTHING;
            case ANSWERED, CLOSING -> Awaited.NOTHING;
        };
    }

    void closeIdle() {
        closeAfterOutput(false);
    }

    private void outOfBuffers() {
        phase = Phase.CLOSING;
        connection.abort(CloseReason.OUT_OF_BUFFERS);
    }

    private void keep(long address, int bytes) {
        if (phase != Phase.CLOSING && !input.keep(address, bytes)) outOfBuffers();
    }

    private void processInput() {
        if (!input.isEmpty()) input.used(process(input.address(), input.length()));
    }

    private void releaseAll() {
        input.drop();
        output.drop();
        if (stream != null) stream.abandon();
        stream = null;
        if (exchange != null) exchange.end();
        exchange = null;
    }
}
