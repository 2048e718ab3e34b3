package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct io_uring_napi`: how long a wait polls the network devices; 16 bytes, which the kernel
/// overwrites with what was set before.
public final class Napi {
    public static final int BYTES = 16;
    public static final int BUSY_POLL_TO = 0;
    public static final int PREFER_BUSY_POLL = 4;

    private Napi() {}

    public static void put(long napi, int busyPollMicros, boolean preferBusyPoll) {
        Memory.fill(napi, BYTES, (byte) 0);
        Memory.putInt(napi + BUSY_POLL_TO, busyPollMicros);
        Memory.putByte(napi + PREFER_BUSY_POLL, (byte) (preferBusyPoll ? 1 : 0));
    }

    public static int busyPollMicros(long napi) {
        return Memory.getInt(napi + BUSY_POLL_TO);
    }
}
