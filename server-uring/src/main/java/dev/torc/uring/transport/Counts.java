package dev.torc.uring.transport;

import dev.torc.core.spi.RingCounters;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.uring.Ring;

import org.jspecify.annotations.Nullable;

/// What a shard's transport has done; its own counts are written by the shard's thread, and so are
/// those that it asks for.
final class Counts {
    long accepted;
    long receives;
    long receivedBytes;
    long sentBytes;
    long movedBytes;
    long waits;
    long starved;
    long overflows;
    private long submissions;
    private long completions;
    private int completionsMax;
    private int consumedBefore;

    /// `consumed` of the ring's entries, modulo 2^32, have been taken by now; `drained` completions
    /// came in this turn.
    void turn(int consumed, int drained) {
        waits++;
        submissions += consumed - consumedBefore; // right across the end of the numbers
        consumedBefore = consumed;
        completions += drained;
        completionsMax = Math.max(completionsMax, drained);
    }

    /// @param open the ring, for the depths of its queues; null when it has been closed
    Counters told(
            @Nullable Ring open,
            SlotTable slots,
            Submissions sends,
            ReceiveBuffers buffers,
            PipePool pipes,
            Acceptor acceptor,
            long refused) {
        RingCounters ring =
                new RingCounters(
                        submissions,
                        completions,
                        completionsMax,
                        open == null ? 0 : open.pendingCount(),
                        open == null ? 0 : open.readyCount(),
                        sends.receiveCount(),
                        buffers.count(),
                        pipes.openCount(),
                        pipes.awaitedCount());
        return new Counters(
                accepted,
                slots.openCount(),
                slots.count(),
                receives,
                sends.sendCount(),
                waits,
                buffers.outCount(),
                starved,
                overflows,
                slots.staleCount(),
                acceptor.pauseCount(),
                refused,
                receivedBytes,
                sentBytes,
                movedBytes,
                ring);
    }
}
