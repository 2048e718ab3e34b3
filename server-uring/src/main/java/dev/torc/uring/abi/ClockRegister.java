package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct io_uring_clock_register`: which clock a ring's waits go by; 16 bytes.
public final class ClockRegister {
    public static final int BYTES = 16;
    public static final int CLOCKID = 0;

    private ClockRegister() {}

    public static void put(long register, int clock) {
        Memory.fill(register, BYTES, (byte) 0);
        Memory.putInt(register + CLOCKID, clock);
    }
}
