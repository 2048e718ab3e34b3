package dev.torc.uring;

import dev.torc.uring.abi.Kernel;

/// Memory beside a submission queue, a piece for each entry: for what the kernel copies when it
/// takes the entry (times, addresses, small structures), so that nobody has to keep it any longer
/// (`IORING_FEAT_SUBMIT_STABLE`). Mapped when it is first needed.
final class Scratch {
    static final int BYTES = 128; // a struct sockaddr_storage

    private final Kernel calls;
    private final int entries;
    private long base;

    Scratch(Kernel calls, int entries) {
        this.calls = calls;
        this.entries = entries;
    }

    long at(int entry) {
        if (base == 0) base = RingMemory.anonymous(calls, (long) entries * BYTES);
        return base + (long) entry * BYTES;
    }

    void unmap() {
        if (base != 0) calls.munmap(base, (long) entries * BYTES);
        base = 0;
    }
}
