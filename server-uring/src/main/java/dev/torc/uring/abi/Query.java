package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;
import dev.torc.uring.constants.IoUring;

/// `struct io_uring_query_hdr` (40 bytes) followed by the `struct io_uring_query_opcode` (40 bytes
/// in Linux 6.18) that it points to: what a kernel knows, asked without a ring.
public final class Query {
    public static final int HDR_BYTES = 40;
    public static final int HDR_QUERY_DATA = 8;
    public static final int HDR_QUERY_OP = 16;
    public static final int HDR_SIZE = 20;
    public static final int HDR_RESULT = 24;

    public static final int OPCODE_BYTES = 40;
    public static final int NR_REQUEST_OPCODES = 0;
    public static final int NR_REGISTER_OPCODES = 4;
    public static final int FEATURE_FLAGS = 8;
    public static final int RING_SETUP_FLAGS = 16;
    public static final int ENTER_FLAGS = 24;
    public static final int SQE_FLAGS = 32;

    /// A question with room for its answer.
    public static final int BYTES = HDR_BYTES + OPCODE_BYTES;

    private Query() {}

    public static void putOpcodes(long query) {
        Memory.fill(query, BYTES, (byte) 0);
        Memory.putLong(query + HDR_QUERY_DATA, query + HDR_BYTES);
        Memory.putInt(query + HDR_QUERY_OP, IoUring.IO_URING_QUERY_OPCODES);
        Memory.putInt(query + HDR_SIZE, OPCODE_BYTES);
    }

    public static int result(long query) {
        return Memory.getInt(query + HDR_RESULT);
    }

    /// How many there are: `NR_REQUEST_OPCODES` or `NR_REGISTER_OPCODES`.
    public static int count(long query, int field) {
        return Memory.getInt(query + HDR_BYTES + field);
    }

    /// Which there are, by bit.
    public static long bits(long query, int field) {
        return Memory.getLong(query + HDR_BYTES + field);
    }
}
