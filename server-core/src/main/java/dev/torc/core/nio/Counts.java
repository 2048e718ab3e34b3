package dev.torc.core.nio;

import dev.torc.core.spi.RingCounters;
import dev.torc.core.spi.Transport.Counters;

import org.jspecify.annotations.Nullable;

/// What a shard's transport has done; written by the shard's thread.
final class Counts {
    long accepted;
    long receives;
    long receivedBytes;
    long waits;
    private long sends;
    private long sentBytes;
    private long movedBytes;

    /// A write of `bytes` bytes; `moved` are those of a file that did not pass through memory.
    void sent(long bytes, boolean moved) {
        sends++;
        sentBytes += bytes;
        if (moved) movedBytes += bytes;
    }

    /// With those of the shard's own acceptor, if it has one.
    Counters told(SlotCount slots, @Nullable Acceptor own) {
        return new Counters(
                accepted,
                slots.takenCount(),
                slots.count(),
                receives,
                sends,
                waits,
                0,
                0,
                0,
                0,
                own != null ? own.pauseCount() : 0,
                own != null ? own.refusedCount() : 0,
                receivedBytes,
                sentBytes,
                movedBytes,
                RingCounters.NONE);
    }
}
