package dev.torc.uring;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Cqe;
import dev.torc.uring.abi.Params;
import dev.torc.uring.constants.IoUring;

/// The results that the kernel hands to the program. Runs on the ring's thread; allocates nothing.
final class CompletionQueue {
    static final int NOT_THERE = Integer.MIN_VALUE;

    private final long head;
    private final long tail;
    private final long overflow;
    private final long flags;
    private final long entries;
    private final int mask;
    private final int entryBytes;
    private final boolean mixed;
    private final Leases leases;

    CompletionQueue(long params, long ring, Leases leases) {
        this.leases = leases;
        head = ring + Params.get(params, Params.CQ_OFF_HEAD);
        tail = ring + Params.get(params, Params.CQ_OFF_TAIL);
        overflow = ring + Params.get(params, Params.CQ_OFF_OVERFLOW);
        flags = ring + Params.get(params, Params.CQ_OFF_FLAGS);
        entries = ring + Params.get(params, Params.CQ_OFF_CQES);
        mask = Params.get(params, Params.CQ_ENTRIES) - 1;
        entryBytes = entryBytes(params);
        mixed = (Params.get(params, Params.FLAGS) & IoUring.IORING_SETUP_CQE_MIXED) != 0;
    }

    /// Bytes of an entry in a ring with these `params`.
    static int entryBytes(long params) {
        boolean big = (Params.get(params, Params.FLAGS) & IoUring.IORING_SETUP_CQE32) != 0;
        return big ? Cqe.BIG_BYTES : Cqe.BYTES;
    }

    /// Hands out everything that is in the queue now, at most `max`, and returns how many that
    /// were. Completions that arrive meanwhile wait for the next call, which bounds this one.
    int drain(CompletionHandler handler, int max) {
        Arguments.requireNotNegative("max", max);
        if (mixed || entryBytes != Cqe.BYTES) return drainBig(handler, max);
        int first = Memory.getIntOpaque(head); // only this thread writes it
        int count = Math.min(Memory.getIntAcquire(tail) - first, max);
        int last = first + count;
        int next = first;
        try {
            while (next != last) {
                long cqe = entries + (long) (next & mask) * Cqe.BYTES;
                next++;
                long userData = Cqe.userData(cqe);
                int cqeFlags = Cqe.flags(cqe);
                if (Leases.isToken(userData)) userData = leases.settle(userData, cqeFlags);
                handler.onCompletion(userData, Cqe.res(cqe), cqeFlags);
            }
        } finally {
            // After the entries have been read: the kernel may overwrite them from here on.
            Memory.putIntRelease(head, next);
        }
        return next - first;
    }

    /// The same where some or all entries have 32 bytes. Where they are mixed, a big one takes two
    /// places, and a place that the kernel skipped at the queue's end says so.
    private int drainBig(CompletionHandler handler, int max) {
        int next = Memory.getIntOpaque(head);
        int last = Memory.getIntAcquire(tail);
        int count = 0;
        try {
            while (next != last && count < max) {
                long cqe = entries + (long) (next & mask) * entryBytes;
                int cqeFlags = Cqe.flags(cqe);
                boolean big = !mixed || (cqeFlags & IoUring.IORING_CQE_F_32) != 0;
                next += mixed && big ? 2 : 1;
                if (mixed && (cqeFlags & IoUring.IORING_CQE_F_SKIP) != 0) continue;
                count++;
                long userData = Cqe.userData(cqe);
                if (Leases.isToken(userData)) userData = leases.settle(userData, cqeFlags);
                if (big) {
                    handler.onBigCompletion(
                            userData, Cqe.res(cqe), cqeFlags, Cqe.extra1(cqe), Cqe.extra2(cqe));
                } else {
                    handler.onCompletion(userData, Cqe.res(cqe), cqeFlags);
                }
            }
        } finally {
            Memory.putIntRelease(head, next);
        }
        return count;
    }

    /// Finds the completion with `userData` among those not drained yet, renames it to `renamed`
    /// and returns its result; [#NOT_THERE] when it is not (yet) in the queue.
    int claim(long userData, long renamed) {
        Entry.requireOwn(userData);
        Entry.requireOwn(renamed); // it would end an operation that still runs
        int last = Memory.getIntAcquire(tail);
        for (int next = Memory.getIntOpaque(head); next != last; next++) {
            long cqe = entries + (long) (next & mask) * entryBytes;
            int cqeFlags = Cqe.flags(cqe);
            if (mixed && (cqeFlags & IoUring.IORING_CQE_F_32) != 0) next++; // it has two places
            if (mixed && (cqeFlags & IoUring.IORING_CQE_F_SKIP) != 0) continue;
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

    /// Whether the counters wrap between the first completion that is there and the last.
    boolean isWrapping() {
        int first = Memory.getIntOpaque(head);
        return Integer.compareUnsigned(first, Memory.getIntAcquire(tail)) > 0;
    }

    /// Places in the queue that hold completions.
    int ready() {
        return Memory.getIntAcquire(tail) - Memory.getIntOpaque(head);
    }

    int capacity() {
        return mask + 1;
    }

    /// Completions that the kernel has lost for want of memory; never on a kernel with `NODROP`
    /// unless allocation failed.
    int dropped() {
        return Memory.getIntOpaque(overflow);
    }

    /// Whether completions are told to a registered eventfd. Matches `io_uring_cq_eventfd_toggle`.
    void tellEventfd(boolean told) {
        Memory.putIntRelease(flags, told ? 0 : IoUring.IORING_CQ_EVENTFD_DISABLED);
    }
}
