package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct __kernel_timespec`, 16 bytes.
public final class Timespec {
    public static final int BYTES = 16;
    public static final int TV_SEC = 0;
    public static final int TV_NSEC = 8;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private Timespec() {}

    public static void put(long timespec, long nanos) {
        Memory.putLong(timespec + TV_SEC, nanos / NANOS_PER_SECOND);
        Memory.putLong(timespec + TV_NSEC, nanos % NANOS_PER_SECOND);
    }
}
