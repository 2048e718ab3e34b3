package dev.torc.http.h1;

import dev.torc.core.Shard;

/// A connection's share of a turn: so many small requests, or chunks, however many more have been
/// received. Handling the rest is [put off][Shard#putOff(Runnable)], so that a connection with a
/// hundred thousand pipelined requests delays the others no more than one with a few. What is not
/// small is bounded by what is received in a turn. On the shard's thread; allocates nothing.
final class Share implements Runnable {
    private static final int STEPS_MAX = 32;
    private static final int SMALL_BYTES_MAX = 1024;

    private final Shard shard;
    private final Http1Connection owner;
    private long turnNanos;
    private int left = STEPS_MAX;

    Share(Shard shard, Http1Connection owner) {
        this.shard = shard;
        this.owner = owner;
    }

    /// Something has arrived: in a new turn there is a new share, unless a rest is put off.
    void renew() {
        long now = shard.nowNanos();
        if (now == turnNanos || left == 0) return;
        turnNanos = now;
        left = STEPS_MAX;
    }

    /// `bytes` of input have been handled.
    void use(int bytes) {
        if (bytes <= SMALL_BYTES_MAX && --left == 0) shard.putOff(this);
    }

    boolean isUsedUp() {
        return left == 0;
    }

    /// It is the connection's turn again.
    @Override
    public void run() {
        turnNanos = shard.nowNanos();
        left = STEPS_MAX;
        owner.goOn();
    }
}
