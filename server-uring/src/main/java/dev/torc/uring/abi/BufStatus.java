package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct io_uring_buf_status`: how far the kernel is in a buffer ring (40 bytes, 6.8).
public final class BufStatus {
    public static final int BYTES = 40;
    public static final int BUF_GROUP = 0;
    public static final int HEAD = 4;

    private BufStatus() {}

    public static void put(long status, int group) {
        Memory.fill(status, BYTES, (byte) 0);
        Memory.putInt(status + BUF_GROUP, group);
    }

    public static int head(long status) {
        return Memory.getInt(status + HEAD);
    }
}
