package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct io_uring_cqe`: one completion, 16 bytes.
public final class Cqe {
    public static final int BYTES = 16;
    public static final int USER_DATA = 0;
    public static final int RES = 8;
    public static final int FLAGS = 12;

    private Cqe() {}

    public static long userData(long cqe) {
        return Memory.getLong(cqe + USER_DATA);
    }

    public static int res(long cqe) {
        return Memory.getInt(cqe + RES);
    }

    public static int flags(long cqe) {
        return Memory.getInt(cqe + FLAGS);
    }
}
