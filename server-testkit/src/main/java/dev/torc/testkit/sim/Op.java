package dev.torc.testkit.sim;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.MsgHdr;
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

    /// What a send has to send: address and length of each piece.
    private final long[] pieces;

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
        pieces = opcode == IoUring.IORING_OP_SENDMSG ? pieces(addr) : new long[0];
        len = pieces.length == 0 ? Memory.getInt(sqe + SqeLayout.LEN) : sum(pieces);
        opFlags = Memory.getInt(sqe + SqeLayout.OP_FLAGS);
        userData = Memory.getLong(sqe + SqeLayout.USER_DATA);
        bufferGroup = Short.toUnsignedInt(Memory.getShort(sqe + SqeLayout.BUF_GROUP));
        fileIndex = Memory.getInt(sqe + SqeLayout.FILE_INDEX);
        addr3 = Memory.getLong(sqe + SqeLayout.ADDR3);
    }

    private static long[] pieces(long header) {
        long vectors = Memory.getLong(header + MsgHdr.IOV);
        long[] pieces = new long[2 * (int) Memory.getLong(header + MsgHdr.IOVLEN)];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = Memory.getLong(vectors + (long) i * Long.BYTES);
        }
        return pieces;
    }

    private static int sum(long[] pieces) {
        long sum = 0;
        for (int i = 1; i < pieces.length; i += 2) sum += pieces[i];
        return Math.toIntExact(sum);
    }

    /// What has yet to be sent.
    byte[] unsent() {
        byte[] data = new byte[len - done];
        if (pieces.length == 0) {
            Memory.copy(addr + done, data, 0, data.length);
            return data;
        }
        int skipped = 0;
        int filled = 0;
        for (int i = 0; i < pieces.length; i += 2) {
            int skip = (int) Math.min(pieces[i + 1], done - skipped);
            int bytes = (int) pieces[i + 1] - skip;
            Memory.copy(pieces[i] + skip, data, filled, bytes);
            skipped += skip;
            filled += bytes;
        }
        return data;
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
