package dev.torc.uring;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Params;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.IoUring;

/// The entries that a program hands to the kernel. Runs on the ring's thread; allocates nothing.
///
/// The program owns the tail, the kernel the head; both count up for ever and wrap. An entry is
/// claimed, filled, committed behind a private tail, and becomes visible to the kernel with
/// [#publish()].
final class SubmissionQueue {
    private static final int CHAINS = IoUring.IOSQE_IO_LINK | IoUring.IOSQE_IO_HARDLINK;

    private final long head;
    private final long tail;
    private final long flags;
    private final long entries;
    private final int mask;
    private final int entryBytes;
    private int localTail;

    /// Views the queue that the kernel described in `params` and that is at `ring` and `entries`.
    SubmissionQueue(long params, long ring, long entries) {
        this.entries = entries;
        head = ring + Params.get(params, Params.SQ_OFF_HEAD);
        tail = ring + Params.get(params, Params.SQ_OFF_TAIL);
        flags = ring + Params.get(params, Params.SQ_OFF_FLAGS);
        localTail = Memory.getIntAcquire(tail); // not 0 after the queues were resized
        int count = Params.get(params, Params.SQ_ENTRIES);
        mask = count - 1;
        entryBytes = entryBytes(params);
        if ((Params.get(params, Params.FLAGS) & IoUring.IORING_SETUP_NO_SQARRAY) == 0) {
            // Before 6.6 the kernel finds entries through an array of indices: entry i at place i.
            long array = ring + Params.get(params, Params.SQ_OFF_ARRAY);
            for (int i = 0; i < count; i++) {
                Memory.putInt(array + 4L * i, i);
            }
        }
    }

    /// Bytes of an entry in a ring with these `params`.
    static int entryBytes(long params) {
        boolean big = (Params.get(params, Params.FLAGS) & IoUring.IORING_SETUP_SQE128) != 0;
        return big ? 2 * SqeLayout.BYTES : SqeLayout.BYTES;
    }

    /// The next entry, or 0 when the queue is full. It stays the next until [#commit()]. Whoever
    /// prepares it writes its first 64 bytes, all of them; the rest of a bigger one is zeroed here.
    /// Matches `io_uring_get_sqe`.
    long claim() {
        if (pending() > mask) return 0;
        long sqe = at(localTail);
        for (int offset = SqeLayout.BYTES; offset < entryBytes; offset += Long.BYTES) {
            Memory.putLong(sqe + offset, 0);
        }
        return sqe;
    }

    /// The entry that was claimed is to be submitted.
    void commit() {
        localTail++;
    }

    /// Makes every committed entry visible to the kernel and returns how many it has not consumed
    /// yet. Matches `__io_uring_flush_sq`.
    int publish() {
        // Without SQPOLL the kernel reads the tail inside io_uring_enter, on this very thread.
        Memory.putIntRelease(tail, localTail);
        return pending();
    }

    /// Takes back the entries that the kernel has not taken: none of them happens. A thread of the
    /// kernel's (`polled`) may be about to take what has been published.
    void withdraw(Leases leases, boolean polled) {
        int first = polled ? Memory.getIntAcquire(tail) : consumed();
        for (int i = first; i != localTail; i++) {
            long userData = Memory.getLong(at(i) + SqeLayout.USER_DATA);
            if (Leases.isToken(userData)) leases.settle(userData, 0);
        }
        localTail = first;
        Memory.putIntRelease(tail, first);
    }

    /// Entries committed that the kernel has not consumed.
    int pending() {
        return localTail - consumed();
    }

    /// Entries that can be claimed before the queue is full.
    int room() {
        return mask + 1 - pending();
    }

    int capacity() {
        return mask + 1;
    }

    /// The number of entries that the kernel has consumed so far, modulo 2^32.
    int consumed() {
        return Memory.getIntAcquire(head);
    }

    /// The number of entries committed so far, modulo 2^32.
    int prepared() {
        return localTail;
    }

    /// Whether the entry claimed next would be linked to one before it whose success is silent.
    boolean isChainSilent() {
        int consumed = consumed(); // a chain does not outlive the submission that it came with
        for (int i = localTail - 1; i - consumed >= 0; i--) {
            int entryFlags = Memory.getByte(at(i) + SqeLayout.FLAGS);
            if ((entryFlags & CHAINS) == 0) return false;
            if ((entryFlags & IoUring.IOSQE_CQE_SKIP_SUCCESS) != 0) return true;
        }
        return false;
    }

    /// Whether completions wait inside the kernel because the completion queue was full.
    boolean completionsOverflowed() {
        return (Memory.getIntOpaque(flags) & IoUring.IORING_SQ_CQ_OVERFLOW) != 0;
    }

    /// Whether the kernel's submission thread sleeps and must be woken (`SQPOLL`).
    boolean needsWakeup() {
        // Between the tail and this: the thread sets the flag, then looks at the tail once more.
        java.lang.invoke.VarHandle.fullFence();
        return (Memory.getIntOpaque(flags) & IoUring.IORING_SQ_NEED_WAKEUP) != 0;
    }

    /// Whether the kernel has work that only an enter gets done (`TASKRUN_FLAG`).
    boolean needsEnter() {
        return (Memory.getIntOpaque(flags) & IoUring.IORING_SQ_TASKRUN) != 0;
    }

    /// Which of the queue's entries is at `sqe`.
    int index(long sqe) {
        return (int) ((sqe - entries) / entryBytes);
    }

    private long at(int number) {
        return entries + (long) (number & mask) * entryBytes;
    }
}
