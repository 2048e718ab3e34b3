package dev.torc.testkit.sim;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.IoUring;

/// One operation, as the kernel copied it from its submission, until its last completion.
final class Op {
    final int opcode;
    final int flags;
    final int priority;
    final int fd;
    final long off;
    final long addr;
    final int len;
    final int opFlags;
    final long userData;
    final int bufferGroup;
    final int fileIndex;
    final long addr3;

    /// Bytes of a send that have gone out.
    int done;

    /// When a timeout fires.
    long dueNanos;

    boolean retrying;
    boolean cancelled;
    boolean finished;

    Op(long sqe) {
        opcode = Byte.toUnsignedInt(Memory.getByte(sqe + SqeLayout.OPCODE));
        flags = Byte.toUnsignedInt(Memory.getByte(sqe + SqeLayout.FLAGS));
        priority = Short.toUnsignedInt(Memory.getShort(sqe + SqeLayout.IOPRIO));
        fd = Memory.getInt(sqe + SqeLayout.FD);
        off = Memory.getLong(sqe + SqeLayout.OFF);
        addr = Memory.getLong(sqe + SqeLayout.ADDR);
        len = Memory.getInt(sqe + SqeLayout.LEN);
        opFlags = Memory.getInt(sqe + SqeLayout.OP_FLAGS);
        userData = Memory.getLong(sqe + SqeLayout.USER_DATA);
        bufferGroup = Short.toUnsignedInt(Memory.getShort(sqe + SqeLayout.BUF_GROUP));
        fileIndex = Memory.getInt(sqe + SqeLayout.FILE_INDEX);
        addr3 = Memory.getLong(sqe + SqeLayout.ADDR3);
    }

    boolean isFixedFile() {
        return (flags & IoUring.IOSQE_FIXED_FILE) != 0;
    }

    boolean skipsSuccess() {
        return (flags & IoUring.IOSQE_CQE_SKIP_SUCCESS) != 0;
    }

    /// What its completion names but for the operation: who it was submitted for.
    int generation() {
        return (int) (userData >>> 32) & 0xFFFFFF;
    }
}
