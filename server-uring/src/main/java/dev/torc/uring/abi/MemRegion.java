package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;
import dev.torc.uring.constants.IoUring;

/// `struct io_uring_mem_region_reg` (32 bytes) and the `struct io_uring_region_desc` (64 bytes)
/// that it points to, one behind the other: memory that the kernel reads arguments from.
public final class MemRegion {
    public static final int REG_BYTES = 32;
    public static final int REG_REGION_UPTR = 0;
    public static final int REG_FLAGS = 8;

    public static final int DESC_BYTES = 64;
    public static final int DESC_USER_ADDR = 0;
    public static final int DESC_SIZE = 8;
    public static final int DESC_FLAGS = 16;

    /// A registration with its description.
    public static final int BYTES = REG_BYTES + DESC_BYTES;

    private MemRegion() {}

    /// The `bytes` at `address`, whole pages of this process, are to hold arguments of waits.
    public static void putWaits(long registration, long address, long bytes) {
        Memory.fill(registration, BYTES, (byte) 0);
        long description = registration + REG_BYTES;
        Memory.putLong(registration + REG_REGION_UPTR, description);
        Memory.putLong(registration + REG_FLAGS, IoUring.IORING_MEM_REGION_REG_WAIT_ARG);
        Memory.putLong(description + DESC_USER_ADDR, address);
        Memory.putLong(description + DESC_SIZE, bytes);
        Memory.putInt(description + DESC_FLAGS, IoUring.IORING_MEM_REGION_TYPE_USER);
    }
}
