package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct open_how` of `openat2(2)`, 24 bytes.
public final class OpenHow {
    public static final int BYTES = 24;
    public static final int FLAGS = 0;
    public static final int MODE = 8;
    public static final int RESOLVE = 16;

    private OpenHow() {}

    public static void put(long how, long flags, int mode, long resolve) {
        Memory.putLong(how + FLAGS, flags);
        Memory.putLong(how + MODE, Integer.toUnsignedLong(mode));
        Memory.putLong(how + RESOLVE, resolve);
    }
}
