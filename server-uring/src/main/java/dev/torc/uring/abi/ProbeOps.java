package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;
import dev.torc.uring.constants.IoUring;

/// `struct io_uring_probe` (16 bytes) and its `struct io_uring_probe_op` entries (8 bytes each).
public final class ProbeOps {
    public static final int HEADER_BYTES = 16;
    public static final int LAST_OP = 0;
    public static final int OP_BYTES = 8;
    public static final int OP_FLAGS = 2;
    public static final int OPS_MAX = 256;
    public static final int BYTES = HEADER_BYTES + OPS_MAX * OP_BYTES;

    private ProbeOps() {}

    public static boolean supports(long probe, int opcode) {
        int last = Byte.toUnsignedInt(Memory.getByte(probe + LAST_OP));
        long op = probe + HEADER_BYTES + (long) opcode * OP_BYTES;
        return opcode <= last
                && (Memory.getShort(op + OP_FLAGS) & IoUring.IO_URING_OP_SUPPORTED) != 0;
    }
}
