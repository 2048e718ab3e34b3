package dev.torc.uring.transport;

import dev.torc.core.TimerWheel;

/// How long a connection that has sent its last reads on and discards what the peer still sends.
final class Linger extends TimerWheel.Timer {
    private static final long NANOS_MAX = 2_000_000_000;
    private static final int BYTES_MAX = 1 << 20;

    private final UringConnection connection;
    private int bytes;

    Linger(UringConnection connection) {
        this.connection = connection;
        connection.shard().timers().schedule(this, connection.shard().nowNanos() + NANOS_MAX);
    }

    void received(int more) {
        bytes += more;
    }

    /// From then on the peer is held up, not cut off, as long as the time lasts: a client whose
    /// sending fails may not look at the response any more.
    boolean hasEnough() {
        return bytes > BYTES_MAX;
    }

    void cancel() {
        connection.shard().timers().cancel(this);
    }

    @Override
    protected void onExpire(long nowNanos) {
        connection.endLinger();
    }
}
