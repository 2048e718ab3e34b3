package dev.torc.uring;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.IoUring;
import dev.torc.uring.abi.Params;
import dev.torc.uring.abi.Sqe;

/// The entries that a program hands to the kernel. Runs on the ring's thread; allocates nothing.
///
/// The program owns the tail, the kernel the head; both count up for ever and wrap. Entries are
/// filled behind a private tail and become visible to the kernel with [#publish()].
final class SubmissionQueue {
    private final long head;
    private final long tail;
    private final long flags;
    private final long entries;
    private final int mask;
    private int localTail;

    /// Views the queue that the kernel described in `params` and mapped at `ring` and `entries`.
    SubmissionQueue(long params, long ring, long entries) {
        this.entries = entries;
        head = ring + Params.get(params, Params.SQ_OFF_HEAD);
        tail = ring + Params.get(params, Params.SQ_OFF_TAIL);
        flags = ring + Params.get(params, Params.SQ_OFF_FLAGS);
        int count = Params.get(params, Params.SQ_ENTRIES);
        mask = count - 1;
        if ((Params.get(params, Params.FLAGS) & IoUring.IORING_SETUP_NO_SQARRAY) == 0) {
            // Before 6.6 the kernel finds entries through an array of indices: entry i at place i.
            long array = ring + Params.get(params, Params.SQ_OFF_ARRAY);
            for (int i = 0; i < count; i++) {
                Memory.putInt(array + 4L * i, i);
            }
        }
    }

    /// A zeroed entry to prepare, or 0 when the queue is full. Matches `io_uring_get_sqe`.
    long next() {
        if (pending() > mask) return 0;
        long sqe = entries + (long) (localTail & mask) * Sqe.BYTES;
        localTail++;
        for (int offset = 0; offset < Sqe.BYTES; offset += Long.BYTES) {
            Memory.putLong(sqe + offset, 0);
        }
        return sqe;
    }

    /// Makes every prepared entry visible to the kernel and returns how many it has not consumed
    /// yet. Matches `__io_uring_flush_sq`.
    int publish() {
        // Without SQPOLL the kernel reads the tail inside io_uring_enter, on this very thread.
        Memory.putIntRelease(tail, localTail);
        return pending();
    }

    /// Entries prepared that the kernel has not consumed.
    int pending() {
        return localTail - consumed();
    }

    /// The number of entries that the kernel has consumed so far, modulo 2^32.
    int consumed() {
        return Memory.getIntAcquire(head);
    }

    /// The number of entries prepared so far, modulo 2^32.
    int prepared() {
        return localTail;
    }

    /// Whether completions wait inside the kernel because the completion queue was full.
    boolean completionsOverflowed() {
        return (Memory.getIntOpaque(flags) & IoUring.IORING_SQ_CQ_OVERFLOW) != 0;
    }
}
