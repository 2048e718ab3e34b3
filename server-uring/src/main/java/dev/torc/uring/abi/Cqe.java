package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct io_uring_cqe`: one completion, 16 bytes, or 32 where the ring has big ones.
public final class Cqe {
    public static final int BYTES = 16;
    public static final int BIG_BYTES = 32;
    public static final int USER_DATA = 0;
    public static final int RES = 8;
    public static final int FLAGS = 12;
    public static final int BIG_CQE = 16;

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

    /// What a big completion has besides: its first 8 bytes.
    public static long extra1(long cqe) {
        return Memory.getLong(cqe + BIG_CQE);
    }

    /// What a big completion has besides: its second 8 bytes.
    public static long extra2(long cqe) {
        return Memory.getLong(cqe + BIG_CQE + Long.BYTES);
    }
}
