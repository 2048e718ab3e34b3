package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct io_uring_params`: what `io_uring_setup(2)` is asked and answers, 120 bytes.
public final class Params {
    public static final int BYTES = 120;
    public static final int SQ_ENTRIES = 0;
    public static final int CQ_ENTRIES = 4;
    public static final int FLAGS = 8;
    public static final int SQ_THREAD_CPU = 12;
    public static final int SQ_THREAD_IDLE = 16;
    public static final int FEATURES = 20;
    public static final int WQ_FD = 24;

    /// `struct io_sqring_offsets`
    public static final int SQ_OFF = 40;

    public static final int SQ_OFF_HEAD = SQ_OFF;
    public static final int SQ_OFF_TAIL = SQ_OFF + 4;
    public static final int SQ_OFF_FLAGS = SQ_OFF + 16;
    public static final int SQ_OFF_ARRAY = SQ_OFF + 24;
    public static final int SQ_OFF_USER_ADDR = SQ_OFF + 32;

    /// `struct io_cqring_offsets`
    public static final int CQ_OFF = 80;

    public static final int CQ_OFF_HEAD = CQ_OFF;
    public static final int CQ_OFF_TAIL = CQ_OFF + 4;
    public static final int CQ_OFF_OVERFLOW = CQ_OFF + 16;
    public static final int CQ_OFF_CQES = CQ_OFF + 20;
    public static final int CQ_OFF_FLAGS = CQ_OFF + 24;
    public static final int CQ_OFF_USER_ADDR = CQ_OFF + 32;

    private Params() {}

    public static int get(long params, int field) {
        return Memory.getInt(params + field);
    }

    public static void put(long params, int field, int value) {
        Memory.putInt(params + field, value);
    }

    public static void putAddress(long params, int field, long address) {
        Memory.putLong(params + field, address);
    }
}
