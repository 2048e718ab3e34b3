package dev.torc.uring;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Rsrc;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import java.lang.foreign.Arena;

/// A ring's own table of open files: its operations name a file by its index here, which costs the
/// kernel no reference count on a table that all threads share.
public final class DirectDescriptors {
    private final int count;

    /// Registers an empty table of `count` places, or of as many as `RLIMIT_NOFILE` allows
    /// (`IORING_REGISTER_FILES2`, sparse since 5.19).
    public DirectDescriptors(Ring ring, int count) {
        try (Arena scratch = Arena.ofConfined()) {
            long limit = scratch.allocate(16, Long.BYTES).address();
            RingException.check("getrlimit", ring.kernel().getrlimit(Linux.RLIMIT_NOFILE, limit));
            long soft = Memory.getLong(limit);
            this.count = (int) Math.min(count, soft < 0 ? Integer.MAX_VALUE : soft);
            long register = scratch.allocate(Rsrc.REGISTER_BYTES, Long.BYTES).address();
            Rsrc.putSparse(register, this.count);
            int opcode = IoUring.IORING_REGISTER_FILES2;
            ring.register("IORING_REGISTER_FILES2", opcode, register, Rsrc.REGISTER_BYTES);
        }
    }

    /// Places in the table.
    public int count() {
        return count;
    }
}
