package dev.torc.core.nio;

import java.util.concurrent.atomic.AtomicInteger;

/// How many of a shard's connections are open or on their way to it. Only the acceptor's thread
/// claims, which may be another shard's; once closed, nothing is claimed any more.
final class SlotCount {
    private static final int CLOSED = 1 << 30;

    private final int count;
    private final AtomicInteger taken = new AtomicInteger();

    SlotCount(int count) {
        this.count = count;
    }

    int count() {
        return count;
    }

    int takenCount() {
        return taken.get() & ~CLOSED;
    }

    boolean isFree() {
        return taken.get() < count;
    }

    /// Takes a slot, if one is free.
    boolean claim() {
        int now = taken.get();
        while (now < count) {
            if (taken.compareAndSet(now, now + 1)) return true;
            now = taken.get();
        }
        return false;
    }

    void release() {
        taken.decrementAndGet();
    }

    /// Lets nothing be claimed any more.
    void close() {
        int now = taken.get();
        while (!taken.compareAndSet(now, now | CLOSED)) now = taken.get();
    }
}
