package dev.torc.core.spi;

import dev.torc.core.Shard;
import dev.torc.core.TimerWheel;

/// How long, and how much, a connection that has sent its last still receives and discards. For
/// transports; on the shard's thread.
public final class Linger extends TimerWheel.Timer {
    private static final long NANOS_MAX = 2_000_000_000;
    private static final int BYTES_MAX = 1 << 20;

    private final Shard shard;
    private final Runnable end;
    private int bytes;

    /// Begins; `end` runs when the time is over.
    public Linger(Shard shard, Runnable end) {
        this.shard = shard;
        this.end = end;
        shard.timers().schedule(this, shard.nowNanos() + NANOS_MAX);
    }

    /// So much has come.
    public void received(int more) {
        bytes += more;
    }

    /// From then on the peer is held up, not cut off, as long as the time lasts: a client whose
    /// sending fails may not look at the response any more.
    public boolean hasEnough() {
        return bytes > BYTES_MAX;
    }

    /// The connection has ended before.
    public void cancel() {
        shard.timers().cancel(this);
    }

    @Override
    protected void onExpire(long nowNanos) {
        end.run();
    }
}
