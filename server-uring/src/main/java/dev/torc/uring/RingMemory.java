package dev.torc.uring;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Cqe;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.Params;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

/// The memory of a ring's two queues and of its submission entries, shared with the kernel.
///
/// It is the kernel's, mapped; or with `IORING_SETUP_NO_MMAP` this process's own, which the kernel
/// pins. Linux may write to it once more after the ring's descriptor was closed, so even then it is
/// a mapping of its own, which goes with the last of the two.
final class RingMemory {
    private static final int PAGE_BYTES = 4096;
    private static final int HEADER_BYTES = PAGE_BYTES; // the kernel uses 64
    private static final int ENTRIES_MAX = 32_768;

    private final Kernel calls;
    private final long ringBytes;
    private final long sqesBytes;
    private final long ring;
    private final long sqes;

    private RingMemory(Kernel calls, long ring, long ringBytes, long sqes, long sqesBytes) {
        this.calls = calls;
        this.ring = ring;
        this.ringBytes = ringBytes;
        this.sqes = sqes;
        this.sqesBytes = sqesBytes;
    }

    /// Maps the memory that the kernel describes in `params` for the ring `fd`.
    static RingMemory map(Kernel calls, long params, int fd) {
        int entries = Params.get(params, Params.SQ_ENTRIES);
        long sqBytes = Params.get(params, Params.SQ_OFF_ARRAY) + 4L * entries;
        long cqBytes =
                Params.get(params, Params.CQ_OFF_CQES)
                        + (long) CompletionQueue.entryBytes(params)
                                * Params.get(params, Params.CQ_ENTRIES);
        long ringBytes = Math.max(sqBytes, cqBytes);
        long sqesBytes = (long) SubmissionQueue.entryBytes(params) * entries;
        int flags = Linux.MAP_SHARED | Linux.MAP_POPULATE;
        long ring = map(calls, ringBytes, flags, fd, IoUring.IORING_OFF_SQ_RING);
        try {
            long sqes = map(calls, sqesBytes, flags, fd, IoUring.IORING_OFF_SQES);
            return new RingMemory(calls, ring, ringBytes, sqes, sqesBytes);
        } catch (RingException failure) {
            calls.munmap(ring, ringBytes);
            throw failure;
        }
    }

    /// Maps memory for the ring that `setup` describes, and tells the kernel of it in `params`.
    static RingMemory provide(Kernel calls, long params, RingSetup setup) {
        int entries = powerOfTwo(setup.entries());
        int wanted = setup.completionEntries();
        long completions = wanted == 0 ? 2L * entries : powerOfTwo(wanted);
        // As if all were big and there were an array: address space costs nothing.
        long ringBytes = pages(HEADER_BYTES + completions * Cqe.BIG_BYTES + 4L * entries);
        long sqesBytes = pages(2L * SqeLayout.BYTES * entries);
        int flags = Linux.MAP_SHARED | Linux.MAP_ANONYMOUS;
        long ring = map(calls, ringBytes, flags, -1, 0);
        try {
            long sqes = map(calls, sqesBytes, flags, -1, 0);
            Params.putAddress(params, Params.SQ_OFF_USER_ADDR, sqes);
            Params.putAddress(params, Params.CQ_OFF_USER_ADDR, ring);
            return new RingMemory(calls, ring, ringBytes, sqes, sqesBytes);
        } catch (RingException failure) {
            calls.munmap(ring, ringBytes);
            throw failure;
        }
    }

    /// Where the queues are.
    long ring() {
        return ring;
    }

    /// Where the submission entries are.
    long sqes() {
        return sqes;
    }

    void unmap() {
        calls.munmap(sqes, sqesBytes);
        calls.munmap(ring, ringBytes);
    }

    /// An anonymous mapping of `bytes` zeroes.
    static long anonymous(Kernel calls, long bytes) {
        return map(calls, bytes, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1, 0);
    }

    /// A mapping of what the kernel has for the ring `fd` at `offset`.
    static long kernels(Kernel calls, long bytes, int fd, long offset) {
        return map(calls, bytes, Linux.MAP_SHARED | Linux.MAP_POPULATE, fd, offset);
    }

    private static long map(Kernel calls, long bytes, int flags, int fd, long offset) {
        long address = calls.mmap(bytes, flags, fd, offset);
        RingException.check("mmap", Math.min(address, 0));
        // A forked child must not share the ring. Matches io_uring_ring_dontfork.
        calls.madvise(address, bytes, Linux.MADV_DONTFORK);
        return address;
    }

    private static int powerOfTwo(int entries) {
        int clamped = Math.min(entries, 2 * ENTRIES_MAX);
        return clamped == 1 ? 1 : Integer.highestOneBit(clamped - 1) << 1;
    }

    private static long pages(long bytes) {
        return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    }

    /// Forgets what the kernel had written to `params`.
    static void clear(long params) {
        Memory.fill(params, Params.BYTES, (byte) 0);
    }
}
