package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct iovec`: one piece of memory, 16 bytes.
public final class IoVec {
    public static final int BYTES = 16;
    public static final int IOV_BASE = 0;
    public static final int IOV_LEN = 8;

    private IoVec() {}

    public static void put(long iovec, long base, long length) {
        Memory.putLong(iovec + IOV_BASE, base);
        Memory.putLong(iovec + IOV_LEN, length);
    }

    public static long length(long iovec) {
        return Memory.getLong(iovec + IOV_LEN);
    }
}
