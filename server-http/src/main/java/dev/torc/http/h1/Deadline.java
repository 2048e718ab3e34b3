package dev.torc.http.h1;

import dev.torc.core.Shard;
import dev.torc.core.TimerWheel;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.http.message.Refusal;

/// Ends a connection whose peer takes too long: to send the next request, to complete one, or to
/// read what it is sent. Or whose handler does. On the shard's thread.
///
/// One timer for each connection looks at intervals at what the connection has been waiting for, so
/// that a request costs a store of the time and no timer.
final class Deadline extends TimerWheel.Timer {
    private final Http1Connections shared;
    private final Http1Connection owner;
    private final Connection connection;
    private final Output output;
    private long sinceNanos;
    private long otherNanos;
    private long bodyBytes;
    private boolean held;
    private long takenBytes;
    private long takenSinceNanos;
    private boolean queued;

    Deadline(Http1Connections shared, Http1Connection owner, Connection connection, Output output) {
        this.shared = shared;
        this.owner = owner;
        this.connection = connection;
        this.output = output;
        sinceNanos = shared.shard().nowNanos();
        scheduleCheck(sinceNanos);
    }

    /// What is waited for from here on is waited for from now.
    void restart() {
        sinceNanos = shared.shard().nowNanos();
        bodyBytes = 0;
    }

    /// So much of a body has arrived: once it is enough, the rest has its time from now.
    void bodyReceived(int bytes) {
        bodyBytes += bytes;
        if (bodyBytes >= shared.bodyBytesMin()) restart();
    }

    /// The application holds back the body's peer, or does so no longer: each of the two is timed
    /// on its own.
    void hold(boolean holding) {
        if (holding == held) return;
        held = holding;
        long now = shared.shard().nowNanos();
        long waitedNanos = now - sinceNanos;
        sinceNanos = holding ? now : now - otherNanos;
        otherNanos = waitedNanos;
    }

    void cancel() {
        shared.shard().timers().cancel(this);
    }

    @Override
    protected void onExpire(long nowNanos) {
        scheduleCheck(nowNanos);
        boolean taking = connection.sentBytes() != takenBytes;
        if (isStuck(nowNanos)) {
            connection.abort(CloseReason.TIMEOUT);
            return;
        }
        // Nothing is read meanwhile: it is not the next request that is waited for.
        if (output.isBlocked()) return;
        long waitedNanos = nowNanos - sinceNanos;
        switch (owner.waitsFor()) {
            case NOTHING -> {}
            case REQUEST -> {
                // A peer that still reads the last response is not idle.
                if (connection.isSending()) {
                    restart();
                } else if (waitedNanos >= shared.idleNanos()) {
                    owner.closeAfterOutput(false);
                }
            }
            case HEAD -> {
                if (waitedNanos >= shared.headNanos()) {
                    owner.refuse(Refusal.HEAD_TIMEOUT);
                }
            }
            case HANDLER -> {
                if (waitedNanos >= shared.handlerNanos()) {
                    owner.refuse(Refusal.HANDLER_TIMEOUT);
                }
            }
            case ANSWER -> {
                // One that is on its way is a matter of how the peer takes it.
                if (taking || connection.isSending()) {
                    restart();
                } else if (waitedNanos >= shared.answerNanos()) {
                    connection.abort(CloseReason.TIMEOUT);
                }
            }
            case BODY -> {
                // What is queued may be the 100 (Continue) that the peer waits for.
                if (connection.isSending()) {
                    restart();
                } else if (waitedNanos >= shared.bodyNanos()) {
                    owner.refuse(Refusal.BODY_TIMEOUT);
                }
            }
        }
    }

    /// Whether the peer has taken nothing of what is queued for the time it may take, counted from
    /// the first look that found something queued.
    private boolean isStuck(long nowNanos) {
        long taken = connection.sentBytes();
        boolean waited = queued && taken == takenBytes;
        queued = connection.isSending();
        if (waited && queued) return nowNanos - takenSinceNanos >= shared.writeNanos();
        takenBytes = taken;
        takenSinceNanos = nowNanos;
        return false;
    }

    private void scheduleCheck(long nowNanos) {
        Shard shard = shared.shard();
        shard.timers().schedule(this, nowNanos + shared.checkNanos());
    }
}
