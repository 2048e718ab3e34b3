package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct io_uring_sync_cancel_reg`: which operations to cancel, and for how long to try; 64
/// bytes.
public final class SyncCancel {
    public static final int BYTES = 64;
    public static final int ADDR = 0;
    public static final int FD = 8;
    public static final int FLAGS = 12;
    public static final int TIMEOUT = 16;
    public static final int OPCODE = 32;

    private SyncCancel() {}

    public static void put(
            long cancel, long userData, int fd, int opcode, int flags, long waitNanos) {
        Memory.fill(cancel, BYTES, (byte) 0);
        Memory.putLong(cancel + ADDR, userData);
        Memory.putInt(cancel + FD, fd);
        Memory.putInt(cancel + FLAGS, flags);
        Memory.putByte(cancel + OPCODE, (byte) opcode);
        if (waitNanos == Long.MAX_VALUE) {
            Memory.fill(cancel + TIMEOUT, Timespec.BYTES, (byte) -1); // for ever
        } else {
            Timespec.put(cancel + TIMEOUT, waitNanos);
        }
    }
}
