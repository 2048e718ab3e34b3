package dev.torc.uring;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Cqe;
import dev.torc.uring.abi.Params;

/// The results that the kernel hands to the program. Runs on the ring's thread; allocates nothing.
final class CompletionQueue {
    static final int NOT_THERE = Integer.MIN_VALUE;

    private final long head;
    private final long tail;
    private final long overflow;
    private final long entries;
    private final int mask;

    CompletionQueue(long params, long ring) {
        head = ring + Params.get(params, Params.CQ_OFF_HEAD);
        tail = ring + Params.get(params, Params.CQ_OFF_TAIL);
        overflow = ring + Params.get(params, Params.CQ_OFF_OVERFLOW);
        entries = ring + Params.get(params, Params.CQ_OFF_CQES);
        mask = Params.get(params, Params.CQ_ENTRIES) - 1;
    }

    /// Hands out everything that is in the queue now, and returns how many that were. Completions
    /// that arrive meanwhile wait for the next call, which bounds this one.
    int drain(CompletionHandler handler) {
        int first = Memory.getIntOpaque(head); // only this thread writes it
        int last = Memory.getIntAcquire(tail);
        int next = first;
        try {
            while (next != last) {
                long cqe = entries + (long) (next & mask) * Cqe.BYTES;
                next++;
                handler.onCompletion(Cqe.userData(cqe), Cqe.res(cqe), Cqe.flags(cqe));
            }
        } finally {
            // After the entries have been read: the kernel may overwrite them from here on.
            Memory.putIntRelease(head, next);
        }
        return next - first;
    }

    /// Finds the completion with `userData` among those not drained yet, renames it to `renamed`
    /// and returns its result; [#NOT_THERE] when it is not (yet) in the queue.
    int claim(long userData, long renamed) {
        int last = Memory.getIntAcquire(tail);
        for (int next = Memory.getIntOpaque(head); next != last; next++) {
            long cqe = entries + (long) (next & mask) * Cqe.BYTES;
            if (Cqe.userData(cqe) != userData) continue;
            // Between head and tail the entries are the program's.
            Memory.putLong(cqe + Cqe.USER_DATA, renamed);
            return Cqe.res(cqe);
        }
        return NOT_THERE;
    }

    boolean isEmpty() {
        return Memory.getIntOpaque(head) == Memory.getIntAcquire(tail);
    }

    /// Completions that the kernel has lost for want of memory; never on a kernel with `NODROP`
    /// unless allocation failed.
    int dropped() {
        return Memory.getIntOpaque(overflow);
    }
}
