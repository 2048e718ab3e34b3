package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct io_uring_restriction`: one thing that a restricted ring may do; 16 bytes.
public final class Restriction {
    public static final int BYTES = 16;
    public static final int OPCODE = 0;
    public static final int VALUE = 2;

    private Restriction() {}

    /// `kind` is an `IORING_RESTRICTION_` constant; what `value` is depends on it.
    public static void put(long restriction, int kind, int value) {
        Memory.fill(restriction, BYTES, (byte) 0);
        Memory.putShort(restriction + OPCODE, (short) kind);
        Memory.putByte(restriction + VALUE, (byte) value);
    }
}
