package dev.torc.http.h1;

import dev.torc.core.Slice;
import dev.torc.http.BodyConsumer;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.message.ConnectionEnded;

import org.jspecify.annotations.Nullable;

/// A request's body on its way to the application, as it arrives. Made for each body that is
/// received so; on the shard's thread.
///
/// ```
///   WAITING ── receive ──▶ RECEIVING ── end or failure told ──▶ over
///      └────── discard ───────┴──────▶ DISCARDING, up to a bound
/// ```
///
/// Nothing is taken while it is waited for the application: not before it has asked, nor while it
/// has paused.
final class BodyIntake {
    private final BodyDecoder decoder;
    private final Request request;
    private final Response response;
    private final int unreadBytesMax;
    private final Slice window = Slice.window();
    private @Nullable BodyConsumer consumer;
    private @Nullable ConnectionEnded failure;
    private boolean continueDue;
    private boolean continueAwaited;
    private boolean paused;
    private boolean handingOut;
    private boolean discarding;
    private long discardedBytes;

    /// `unreadBytesMax`: what is read and dropped of a body that nobody wants, so that the
    /// connection can go on. `continueAwaited`: the peer wants to be told to go on before it sends
    /// the body.
    BodyIntake(
            BodyDecoder decoder,
            Request request,
            Response response,
            int unreadBytesMax,
            boolean continueAwaited) {
        this.decoder = decoder;
        this.request = request;
        this.response = response;
        this.unreadBytesMax = unreadBytesMax;
        this.continueAwaited = continueAwaited;
    }

    // ---- from the application

    void receive(BodyConsumer newConsumer) {
        continueDue = continueAwaited;
        continueAwaited = false;
        ConnectionEnded ended = failure;
        if (ended == null) {
            consumer = newConsumer;
        } else {
            newConsumer.onFailure(ended);
        }
    }

    /// Hands out a body that is there already.
    void receiveWhole(BodyConsumer newConsumer, Slice body) {
        consumer = newConsumer;
        if (body.length() > 0) handOut(body.address(), body.length());
        if (!paused) tellEnd();
    }

    void pause() {
        if (!discarding) paused = true;
    }

    void resume() {
        paused = false;
        if (!handingOut && decoder.isDone()) tellEnd();
    }

    /// Nobody wants the rest.
    void discard() {
        consumer = null;
        discarding = true;
        paused = false;
    }

    // ---- from the connection

    /// Whether the peer is now to be told to go on (RFC 9110 section 10.1.1). True once.
    boolean takeContinue() {
        boolean due = continueDue;
        continueDue = false;
        return due;
    }

    /// Takes some of the bytes that have arrived.
    ///
    /// @return the bytes used, or a refusal's code
    int take(long address, int length) {
        int used = decoder.decode(address, length);
        if (decoder.refusal() != null) return decoder.refusal().code();
        if (discarding) {
            discardedBytes += used;
        } else if (decoder.dataLength() > 0) {
            handOut(address + decoder.dataStart(), decoder.dataLength());
        }
        if (decoder.isDone()) {
            if (decoder.trailers().count() > 0) request.takeTrailers(decoder.trailers());
            if (!paused) tellEnd();
        }
        return used;
    }

    /// Whether it can take what arrives next.
    boolean takes() {
        boolean wanted = consumer != null || (discarding && !continueAwaited);
        return wanted && !paused && !decoder.isDone() && !isExhausted();
    }

    /// Whether the application wants nothing to be received.
    boolean isPaused() {
        return paused && !decoder.isDone();
    }

    /// Whether more has been discarded than is worth it.
    boolean isExhausted() {
        return discardedBytes > unreadBytesMax;
    }

    boolean isDone() {
        return decoder.isDone();
    }

    /// Whether another request can be expected behind this body. One whose peer was not told to go
    /// on may never come, or be taken for that request.
    boolean mayPersist(boolean answerIsStreamed) {
        if (decoder.isDone()) return true;
        if (continueAwaited) return false;
        boolean received = consumer != null && answerIsStreamed;
        return received || decoder.announcedBytes() <= unreadBytesMax - discardedBytes;
    }

    /// Nothing more will arrive. Whoever still waits for a body that is not complete is told; one
    /// that is complete, and whose consumer has paused, ends when that goes on.
    void end(String reason) {
        if (decoder.isDone()) return;
        if (failure == null) failure = new ConnectionEnded(reason);
        BodyConsumer told = consumer;
        discard();
        if (told == null) return;
        try {
            told.onFailure(failure);
        } catch (Throwable thrown) {
            response.fail(thrown);
        }
    }

    private void handOut(long address, int bytes) {
        BodyConsumer current = consumer;
        if (current == null) return;
        window.view(address, bytes);
        handingOut = true;
        try {
            current.onPiece(window);
        } catch (Throwable thrown) {
            discard();
            response.fail(thrown);
        } finally {
            handingOut = false;
            window.unview();
        }
    }

    private void tellEnd() {
        BodyConsumer current = consumer;
        if (current == null) return;
        consumer = null;
        try {
            current.onEnd();
        } catch (Throwable thrown) {
            response.fail(thrown);
        }
    }
}
