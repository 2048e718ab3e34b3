package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct io_uring_getevents_arg` (24 bytes) followed by the `struct __kernel_timespec` (16 bytes)
/// that it points to: the bound of a wait.
public final class GetEventsArg {
    public static final int BYTES = 24;
    public static final int MIN_WAIT_USEC = 12;
    public static final int TS = 16;
    public static final int WITH_TIMESPEC_BYTES = BYTES + Timespec.BYTES;

    private GetEventsArg() {}

    /// Writes an argument without a signal mask whose timespec follows it.
    public static void init(long argument) {
        Memory.fill(argument, WITH_TIMESPEC_BYTES, (byte) 0);
        Memory.putLong(argument + TS, argument + BYTES);
    }

    public static void putTimeout(long argument, long nanos) {
        Timespec.put(argument + BYTES, nanos);
    }

    /// Writes both bounds; the wait has none when `nanos` is `Long.MAX_VALUE`.
    public static void putBounds(long argument, int minWaitMicros, long nanos) {
        boolean bounded = nanos != Long.MAX_VALUE;
        if (bounded) putTimeout(argument, nanos);
        Memory.putInt(argument + MIN_WAIT_USEC, minWaitMicros);
        Memory.putLong(argument + TS, bounded ? argument + BYTES : 0);
    }
}
