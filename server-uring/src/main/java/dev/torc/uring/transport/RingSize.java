package dev.torc.uring.transport;

import dev.torc.core.Limits;
import dev.torc.uring.abi.Cqe;
import dev.torc.uring.abi.SqeLayout;

/// How large a shard's ring is.
final class RingSize {
    static final int SUBMISSIONS = 1024;
    static final int COMPLETIONS = 16_384;
    private static final int QUEUE_HEADER_BYTES = 64;
    private static final int PAGE_BYTES = 4096;

    private RingSize() {}

    /// Bytes of one ring that count against `RLIMIT_MEMLOCK`: its queues, and the entries of its
    /// buffer rings. They do since 6.14, unless the process has `CAP_IPC_LOCK`.
    static long lockedBytes(Limits limits) {
        long bytes = pages((long) COMPLETIONS * Cqe.BYTES + QUEUE_HEADER_BYTES);
        bytes += pages((long) SUBMISSIONS * SqeLayout.BYTES);
        for (long entries : ReceiveBuffers.entriesBytes(limits)) bytes += pages(entries);
        return bytes;
    }

    private static long pages(long bytes) {
        return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    }
}
