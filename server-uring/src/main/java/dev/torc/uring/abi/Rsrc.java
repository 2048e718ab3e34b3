package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;
import dev.torc.uring.constants.IoUring;

/// The structures that fill a ring's tables of descriptors and buffers: `struct
/// io_uring_rsrc_register` (32 bytes), `struct io_uring_rsrc_update` (16), which also registers a
/// ring's own descriptor, and `struct io_uring_rsrc_update2` (32).
public final class Rsrc {
    public static final int REGISTER_BYTES = 32;
    public static final int REGISTER_NR = 0;
    public static final int REGISTER_FLAGS = 4;
    public static final int REGISTER_DATA = 16;
    public static final int REGISTER_TAGS = 24;

    public static final int UPDATE_BYTES = 16;
    public static final int UPDATE_OFFSET = 0;
    public static final int UPDATE_DATA = 8;

    public static final int UPDATE2_BYTES = 32;
    public static final int UPDATE2_OFFSET = 0;
    public static final int UPDATE2_DATA = 8;
    public static final int UPDATE2_TAGS = 16;
    public static final int UPDATE2_NR = 24;

    private Rsrc() {}

    public static void putSparse(long register, int count) {
        Memory.fill(register, REGISTER_BYTES, (byte) 0);
        Memory.putInt(register + REGISTER_NR, count);
        Memory.putInt(register + REGISTER_FLAGS, IoUring.IORING_RSRC_REGISTER_SPARSE);
    }

    /// A table of the `count` entries at `data`, with their tags at `tags` or none when that is 0.
    public static void putTable(long register, int count, long data, long tags) {
        Memory.fill(register, REGISTER_BYTES, (byte) 0);
        Memory.putInt(register + REGISTER_NR, count);
        Memory.putLong(register + REGISTER_DATA, data);
        Memory.putLong(register + REGISTER_TAGS, tags);
    }

    /// Asks for any free index (the kernel writes which) for descriptor `fd`.
    public static void putUpdate(long update, int offset, int fd) {
        putUpdateOf(update, offset, fd);
    }

    /// Replaces what is from `offset` on by what is at `data`.
    public static void putUpdateOf(long update, int offset, long data) {
        Memory.fill(update, UPDATE_BYTES, (byte) 0);
        Memory.putInt(update + UPDATE_OFFSET, offset);
        Memory.putLong(update + UPDATE_DATA, data);
    }

    /// Replaces `count` entries from `offset` on by those at `data`, with their tags.
    public static void putTaggedUpdate(long update, int offset, int count, long data, long tags) {
        Memory.fill(update, UPDATE2_BYTES, (byte) 0);
        Memory.putInt(update + UPDATE2_OFFSET, offset);
        Memory.putLong(update + UPDATE2_DATA, data);
        Memory.putLong(update + UPDATE2_TAGS, tags);
        Memory.putInt(update + UPDATE2_NR, count);
    }
}
