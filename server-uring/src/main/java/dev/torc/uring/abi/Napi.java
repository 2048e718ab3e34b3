package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct io_uring_napi`: how long a wait polls the network devices; 16 bytes, which the kernel
/// overwrites with what was set before. Operations, and their parameter, came with 6.13.
public final class Napi {
    public static final int BYTES = 16;
    public static final int BUSY_POLL_TO = 0;
    public static final int PREFER_BUSY_POLL = 4;
    public static final int OPCODE = 5;
    public static final int OP_PARAM = 8;

    // enum io_uring_napi_op
    public static final int REGISTER = 0;
    public static final int STATIC_ADD_ID = 1;
    public static final int STATIC_DEL_ID = 2;

    // enum io_uring_napi_tracking_strategy
    public static final int TRACKING_STATIC = 1;

    private Napi() {}

    public static void put(long napi, int busyPollMicros, boolean preferBusyPoll) {
        Memory.fill(napi, BYTES, (byte) 0);
        Memory.putInt(napi + BUSY_POLL_TO, busyPollMicros);
        Memory.putByte(napi + PREFER_BUSY_POLL, (byte) (preferBusyPoll ? 1 : 0));
    }

    public static void putOperation(long napi, int operation, int parameter) {
        Memory.putByte(napi + OPCODE, (byte) operation);
        Memory.putInt(napi + OP_PARAM, parameter);
    }

    public static int busyPollMicros(long napi) {
        return Memory.getInt(napi + BUSY_POLL_TO);
    }
}
