package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct futex_waitv`: one of the futexes that are waited for together, 24 bytes.
public final class FutexWaitv {
    public static final int BYTES = 24;
    public static final int VAL = 0;
    public static final int UADDR = 8;
    public static final int FLAGS = 16;
    public static final int RESERVED = 20;

    /// `FUTEX_WAITV_MAX`
    public static final int COUNT_MAX = 128;

    private FutexWaitv() {}

    public static void put(long waitv, int value, long futex, int flags) {
        Memory.putLong(waitv + VAL, Integer.toUnsignedLong(value));
        Memory.putLong(waitv + UADDR, futex);
        Memory.putInt(waitv + FLAGS, flags);
        Memory.putInt(waitv + RESERVED, 0);
    }
}
