package dev.torc.uring;

import dev.torc.core.memory.Memory;
import dev.torc.uring.constants.IoUring;

import java.lang.foreign.Arena;

/// What a ring is told about itself with `io_uring_register(2)`.
public final class Registrations {
    private final Ring ring;

    Registrations(Ring ring) {
        this.ring = ring;
    }

    /// Bounds the kernel threads that this ring may start for operations that must block (5.15).
    public void limitWorkers(int bounded, int unbounded) {
        try (Arena scratch = Arena.ofConfined()) {
            long counts = scratch.allocate(8, Long.BYTES).address();
            Memory.putInt(counts, bounded);
            Memory.putInt(counts + 4, unbounded);
            int opcode = IoUring.IORING_REGISTER_IOWQ_MAX_WORKERS;
            ring.register("IORING_REGISTER_IOWQ_MAX_WORKERS", opcode, counts, 2);
        }
    }
}
