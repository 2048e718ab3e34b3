package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;
import dev.torc.uring.constants.IoUring;

/// `struct io_uring_rsrc_register` (32 bytes), which makes a table of direct descriptors, and
/// `struct io_uring_rsrc_update` (16 bytes), which registers a ring's own descriptor.
public final class Rsrc {
    public static final int REGISTER_BYTES = 32;
    public static final int REGISTER_NR = 0;
    public static final int REGISTER_FLAGS = 4;

    public static final int UPDATE_BYTES = 16;
    public static final int UPDATE_OFFSET = 0;
    public static final int UPDATE_DATA = 8;

    private Rsrc() {}

    public static void putSparse(long register, int count) {
        Memory.fill(register, REGISTER_BYTES, (byte) 0);
        Memory.putInt(register + REGISTER_NR, count);
        Memory.putInt(register + REGISTER_FLAGS, IoUring.IORING_RSRC_REGISTER_SPARSE);
    }

    /// Asks for any free index (the kernel writes which) for descriptor `fd`.
    public static void putUpdate(long update, int offset, int fd) {
        Memory.fill(update, UPDATE_BYTES, (byte) 0);
        Memory.putInt(update + UPDATE_OFFSET, offset);
        Memory.putLong(update + UPDATE_DATA, fd);
    }
}
