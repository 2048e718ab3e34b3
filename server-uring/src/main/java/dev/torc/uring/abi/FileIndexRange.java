package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct io_uring_file_index_range`: where the kernel picks places for descriptors; 16 bytes.
public final class FileIndexRange {
    public static final int BYTES = 16;
    public static final int OFF = 0;
    public static final int LEN = 4;

    private FileIndexRange() {}

    public static void put(long range, int offset, int count) {
        Memory.fill(range, BYTES, (byte) 0);
        Memory.putInt(range + OFF, offset);
        Memory.putInt(range + LEN, count);
    }
}
