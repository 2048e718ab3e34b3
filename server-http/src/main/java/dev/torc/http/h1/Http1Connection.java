package dev.torc.http.h1;

import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.http.h1.OutgoingBody.Outcome;
import dev.torc.http.message.Refusal;
import dev.torc.http.message.RequestHead;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// The state of one HTTP/1.1 connection: requests in, responses out, one exchange at a time.
///
/// ```
///          head complete            body complete         answered
///   HEAD ────────────────▶ BODY ──────────────▶ HANDLING ──────────▶ ANSWERED ─▶ HEAD
///     │ └─ body is streamed ┼──────────────────▶ │ └─▶ STREAMING ───────▲ │└──▶ CLOSING
///     │                     │                    │        │               ▼
///     │                     │                    │        │           DISCARDING ─▶ HEAD
///     └──── refused ────────┴────────────────────┴────────┴───────────────┴──────▶ CLOSING
/// ```
///
/// Requests are parsed where they were received; only a rest is copied, to `input`. While an answer
/// is due, or more is queued than the peer takes, nothing further is parsed. On the shard's thread;
/// a request answered within its handler's call allocates nothing.
final class Http1Connection implements ConnectionHandler {
    private final Http1Connections shared;
    private final Connection connection;
    private final Input input;
    private final Output output;
    private final Answers answers;
    private final Deadline deadline;
    private final Share share;
    private Phase phase = Phase.HEAD;
    private @Nullable Http1Exchange exchange;
    private boolean processing;
    private boolean peerEnded;
    private boolean stopping;

    Http1Connection(Http1Connections shared, Connection connection) {
        this.shared = shared;
        this.connection = connection;
        input = new Input(connection, shared.limits().pipelinedBytesMax());
        output = new Output(connection);
        answers = new Answers(shared, output);
        deadline = new Deadline(shared, this, connection, output);
        share = new Share(shared.shard(), this);
    }

    // ---- from the transport

    @Override
    public void onReceive(Connection from, Slice data) {
        if (phase == Phase.CLOSING) return;
        share.renew();
        // A head is timed from its first byte, a body from the latest.
        if (exchange == null) deadline.restart();
        if (waitsFor() == Awaited.BODY) deadline.bodyReceived(data.length());
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
        resumeStream();
    }

    @Override
    public void onStopping(Connection from) {
        stopping = true;
        afterProcessing();
    }

    @Override
    public String activity() {
        return phase.activity(exchange != null, connection.isSending());
    }

    @Override
    public void onClose(Connection from, CloseReason reason) {
        phase = Phase.CLOSING;
        deadline.cancel();
        input.drop();
        answers.drop();
        if (exchange != null) exchange.end();
        exchange = null;
    }

    // ---- requests

    /// Handles as many requests as are complete and may be handled now; returns the bytes used.
    private int process(long address, int length) {
        processing = true;
        int position = 0;
        int used = 1;
        while (used > 0 && position < length && takesInput()) {
            used =
                    switch (phase) {
                        case HEAD -> head(address + position, length - position);
                        case BODY -> body(address + position, length - position);
                        case HANDLING, STREAMING, DISCARDING ->
                                streamedBody(address + position, length - position);
                        case CLOSING -> length - position;
                        case ANSWERED -> 0;
                    };
            share.use(used);
            position += used;
        }
        processing = false;
        if (phase == Phase.BODY && exchange != null && !exchange.keepHead()) outOfBuffers();
        return position;
    }

    private int head(long address, int length) {
        Http1Exchange current = exchange == null ? shared.take(this) : exchange;
        exchange = current;
        RequestHead head = current.requestHead();
        int used = shared.parser().parse(address, length, head);
        if (used == RequestParser.PARTIAL) return 0;
        Refusal refusal = current.headParsed(used);
        if (refusal != null) {
            refuse(refusal);
            return length;
        }
        if (current.decoder().isDone()) {
            dispatch(current);
        } else if (current.streamsBody()) {
            current.beginIntake(used == length);
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
        int used = current.collect(address, length);
        if (used < 0) {
            refuse(Refusal.of(used));
            return length;
        }
        if (current.decoder().isDone()) dispatch(current);
        return used;
    }

    /// A piece of a body whose handler is running already, or has answered.
    private int streamedBody(long address, int length) {
        Http1Exchange current = exchange;
        BodyIntake intake = current == null ? null : current.intake();
        if (current == null || intake == null) return 0;
        int used = intake.take(address, length);
        if (used < 0) {
            refuse(Refusal.of(used));
            return length;
        }
        if (phase == Phase.ANSWERED) {
            finish(current);
        } else if (phase == Phase.DISCARDING && intake.isDone()) {
            phase = Phase.HEAD;
            endExchange(current);
        } else if (phase == Phase.DISCARDING && intake.isExhausted()) {
            closeAfterOutput(true);
        }
        return used;
    }

    private void dispatch(Http1Exchange current) {
        phase = Phase.HANDLING;
        try {
            shared.handle(current.request(), current.response());
        } catch (Throwable failure) {
            current.response().fail(failure);
        }
        if (phase == Phase.ANSWERED) {
            finish(current);
        } else if (exchange == current) {
            current.endBorrow();
            deadline.restart();
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
        answered(answered, answers.write(answered, body, offset, length, stopping));
    }

    void respond(Http1Exchange answered, Slice body) {
        if (exchange != answered || phase != Phase.HANDLING) return;
        answered(answered, answers.write(answered, body, stopping));
    }

    void stream(Http1Exchange answered, OutgoingBody body) {
        if (exchange != answered || phase != Phase.HANDLING) {
            body.abandon();
            return;
        }
        phase = Phase.STREAMING;
        pumped(answered, answers.begin(answered, body, stopping));
        goOn();
    }

    void resumeStream() {
        Http1Exchange answered = exchange;
        if (phase == Phase.STREAMING && answered != null) pumped(answered, answers.pump());
        goOn();
    }

    /// Aborts, if the exchange still waits for its answer or the rest of it.
    void abortIncomplete(Http1Exchange aborted) {
        boolean due = phase == Phase.HANDLING || phase == Phase.STREAMING;
        if (exchange == aborted && due) abort(CloseReason.HANDLER_FAILED);
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

    private void pumped(Http1Exchange answered, Outcome outcome) {
        switch (outcome) {
            case WAITING -> {}
            case OUT_OF_BUFFERS -> outOfBuffers();
            case FAILED -> abort(CloseReason.HANDLER_FAILED);
            case DONE -> answered(answered, true);
        }
    }

    /// The application wants the body, or no more of it for now, or the rest.
    void goOnWithBody(Http1Exchange streamed) {
        BodyIntake intake = streamed.intake();
        if (exchange != streamed || intake == null) return;
        deadline.hold(intake.isPaused());
        // RFC 9110 section 10.1.1: not when some of the content is there already
        boolean nothingFollows = processing || input.isEmpty();
        boolean asks = intake.takeContinue() && phase == Phase.HANDLING && nothingFollows;
        if (asks && !output.write(ResponseWriter.CONTINUE)) outOfBuffers();
        goOn();
    }

    /// The answer is complete: the next exchange may begin, perhaps behind the rest of a body that
    /// nobody wants any more, or the connection ends.
    private void finish(Http1Exchange answered) {
        boolean bodyOpen = answered.isBodyOpen();
        boolean peerMaySend = bodyOpen || answered.requestHead().isKeepAlive();
        deadline.restart();
        answered.answered();
        if (!answered.persists()) {
            endExchange(answered);
            closeAfterOutput(peerMaySend);
        } else if (bodyOpen) {
            phase = Phase.DISCARDING;
        } else {
            phase = Phase.HEAD;
            endExchange(answered);
        }
    }

    private void endExchange(Http1Exchange ended) {
        exchange = null;
        if (ended.end()) shared.giveBack(ended);
        deadline.restart();
    }

    /// Answers a request that is malformed or exceeds a limit, as far as an answer has not begun,
    /// and ends the connection: where the next request would start is not known.
    void refuse(Refusal refusal) {
        Http1Exchange refused = exchange == null ? shared.take(this) : exchange;
        if (phase == Phase.STREAMING) {
            abort(CloseReason.LOCAL);
        } else if (phase == Phase.DISCARDING || refused.writeRefusal(output, refusal)) {
            closeAfterOutput(true);
        } else {
            outOfBuffers();
        }
        exchange = null;
        refused.refused(refusal);
    }

    // ---- going on, and ending

    /// Something that held up the input is over.
    void goOn() {
        if (processing) return;
        if (takesInput()) processInput();
        afterProcessing();
    }

    /// Whether what the peer sends is used now, and not only kept.
    private boolean takesInput() {
        if (share.isUsedUp()) return false;
        return switch (phase) {
            case HEAD, BODY -> !output.isBlocked();
            case HANDLING, STREAMING -> exchange != null && exchange.takesBody();
            case ANSWERED -> false;
            case DISCARDING, CLOSING -> true;
        };
    }

    /// Listens on while an answer is due, or nobody would notice that the peer has gone.
    private void afterProcessing() {
        shared.handOver(); // before most of it can leave: who has an answer finds it counted
        output.flush();
        if (phase == Phase.CLOSING) return;
        boolean takes = takesInput();
        boolean held = output.isBlocked() || input.isFull();
        if (takes && (peerEnded || (stopping && exchange == null && input.isEmpty()))) {
            inputEnded();
        } else {
            input.pause((!takes && held) || (exchange != null && exchange.isBodyPaused()));
        }
    }

    /// Nothing more will come, and all that came has been used.
    private void inputEnded() {
        if (phase == Phase.STREAMING) {
            abort(CloseReason.PEER_CLOSED);
        } else {
            closeAfterOutput(false);
        }
        if (exchange != null) exchange.endBody("the connection ended before the request body did");
    }

    void closeAfterOutput(boolean peerMaySend) {
        shared.handOver();
        phase = Phase.CLOSING;
        output.close(peerMaySend);
    }

    @Nullable InetSocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    Awaited waitsFor() {
        return switch (phase) {
            case HEAD -> exchange == null ? Awaited.REQUEST : Awaited.HEAD;
            case BODY, DISCARDING -> Awaited.BODY;
            case HANDLING, STREAMING -> {
                if (takesInput()) yield Awaited.BODY;
                if (peerEnded) yield Awaited.ANSWER;
                yield phase == Phase.HANDLING ? Awaited.HANDLER : Awaited.NOTHING;
            }
            case ANSWERED, CLOSING -> Awaited.NOTHING;
        };
    }

    private void outOfBuffers() {
        abort(CloseReason.OUT_OF_BUFFERS);
    }

    void abort(CloseReason why) {
        phase = Phase.CLOSING;
        connection.abort(why);
    }

    private void keep(long address, int bytes) {
        if (phase != Phase.CLOSING && !input.keep(address, bytes)) outOfBuffers();
    }

    private void processInput() {
        if (!input.isEmpty()) input.used(process(input.address(), input.length()));
    }
}
