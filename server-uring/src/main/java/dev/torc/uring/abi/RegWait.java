package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;
import dev.torc.uring.constants.IoUring;

/// `struct io_uring_reg_wait`: the bounds of a wait that was registered beforehand; 64 bytes.
public final class RegWait {
    public static final int BYTES = 64;
    public static final int TS = 0;
    public static final int MIN_WAIT_USEC = 16;
    public static final int FLAGS = 20;

    private RegWait() {}

    /// `Long.MAX_VALUE` nanoseconds are for ever.
    public static void put(long wait, int minWaitMicros, long waitNanos) {
        boolean bounded = waitNanos != Long.MAX_VALUE;
        Timespec.put(wait + TS, bounded ? waitNanos : 0);
        Memory.putInt(wait + MIN_WAIT_USEC, minWaitMicros);
        Memory.putInt(wait + FLAGS, bounded ? IoUring.IORING_REG_WAIT_TS : 0);
    }
}
