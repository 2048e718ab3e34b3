package dev.torc.uring.transport;

import dev.torc.core.Shard;
import dev.torc.core.TimerWheel;

/// Arms a receive anew that may wait for a reset which has been.
///
/// The kernel tells of bytes and of a reset that both come while it arms a multishot receive as of
/// bytes alone: having received them, its poll loop looks again only if it was woken meanwhile, and
/// no wake-up follows a reset (`io_poll_check_events`, Linux 6.0 to 6.18 at least; before 6.18.20
/// any two that come between two turns are such, CVE-2026-23473). Where something is sent next,
/// that fails, and all is well. But a connection that waits for more would wait until its handler
/// loses patience. So when bytes have led to nothing for a while, the receive is cancelled, and the
/// next one begins with an attempt, which is told of the reset.
///
/// It looks once after the latest bytes, whatever has been sent of what was given before: an
/// earlier answer may have gone just before the reset. On the shard's thread; allocates nothing.
final class ResetWatch extends TimerWheel.Timer {
    private static final long SILENCE_NANOS = 1_000_000_000;

    private final UringConnection connection;
    private final Receive receive;
    private long given;

    ResetWatch(UringConnection connection, Receive receive) {
        this.connection = connection;
        this.receive = receive;
    }

    /// Bytes that a connection has been given to send, gone or not; of files those that have gone.
    static long given(UringConnection connection) {
        return connection.sentBytes() + connection.queuedBytes();
    }

    /// Bytes have come, and led to nothing yet.
    void restart() {
        given = given(connection);
        Shard shard = connection.shard();
        shard.timers().schedule(this, shard.nowNanos() + SILENCE_NANOS);
    }

    void stop() {
        connection.shard().timers().cancel(this);
    }

    @Override
    protected void onExpire(long nowNanos) {
        if (given(connection) == given) receive.cancel(connection);
    }
}
