package dev.torc.uring.abi;

import static dev.torc.uring.abi.IoUring.IORING_ACCEPT_MULTISHOT;
import static dev.torc.uring.abi.IoUring.IORING_FILE_INDEX_ALLOC;
import static dev.torc.uring.abi.IoUring.IORING_OP_ACCEPT;
import static dev.torc.uring.abi.IoUring.IORING_OP_ASYNC_CANCEL;
import static dev.torc.uring.abi.IoUring.IORING_OP_CLOSE;
import static dev.torc.uring.abi.IoUring.IORING_OP_FIXED_FD_INSTALL;
import static dev.torc.uring.abi.IoUring.IORING_OP_NOP;
import static dev.torc.uring.abi.IoUring.IORING_OP_READ;
import static dev.torc.uring.abi.IoUring.IORING_OP_RECV;
import static dev.torc.uring.abi.IoUring.IORING_OP_SEND;
import static dev.torc.uring.abi.IoUring.IORING_OP_SHUTDOWN;
import static dev.torc.uring.abi.IoUring.IORING_OP_TIMEOUT;
import static dev.torc.uring.abi.IoUring.IORING_OP_TIMEOUT_REMOVE;
import static dev.torc.uring.abi.IoUring.IORING_RECV_MULTISHOT;
import static dev.torc.uring.abi.IoUring.IORING_TIMEOUT_UPDATE;

import dev.torc.core.memory.Memory;

/// `struct io_uring_sqe`: one submission, 64 bytes.
///
/// ```
///  0 opcode  1 flags  2 ioprio  4 fd
///  8 off / addr2           16 addr           24 len  28 msg_flags and its like
/// 32 user_data  40 buf_index / buf_group  42 personality  44 file_index  48 addr3
/// ```
///
/// Each `prepare` writes a whole entry that [dev.torc.uring.SubmissionQueue] has zeroed; flags are
/// added afterwards. The names are liburing's.
public final class Sqe {
    public static final int BYTES = 64;
    public static final int OPCODE = 0;
    public static final int FLAGS = 1;
    public static final int IOPRIO = 2;
    public static final int FD = 4;
    public static final int OFF = 8;
    public static final int ADDR = 16;
    public static final int LEN = 24;
    public static final int OP_FLAGS = 28;
    public static final int USER_DATA = 32;
    public static final int BUF_GROUP = 40;
    public static final int FILE_INDEX = 44;

    private Sqe() {}

    public static void prepareNop(long sqe, long userData) {
        prepare(sqe, IORING_OP_NOP, -1, 0, 0, userData);
    }

    /// Accepts until it fails; each connection becomes a direct descriptor that the kernel picks.
    public static void prepareMultishotAcceptDirect(long sqe, int fd, long userData) {
        prepareAcceptDirect(sqe, fd, userData);
        Memory.putShort(sqe + IOPRIO, (short) IORING_ACCEPT_MULTISHOT);
    }

    /// Accepts one connection as a direct descriptor that the kernel picks.
    public static void prepareAcceptDirect(long sqe, int fd, long userData) {
        prepare(sqe, IORING_OP_ACCEPT, fd, 0, 0, userData);
        Memory.putInt(sqe + FILE_INDEX, IORING_FILE_INDEX_ALLOC);
    }

    /// Receives until it fails, each time into a buffer that the kernel takes from `bufferGroup`.
    public static void prepareRecvMultishot(long sqe, int fd, int bufferGroup, long userData) {
        prepare(sqe, IORING_OP_RECV, fd, 0, 0, userData);
        Memory.putShort(sqe + IOPRIO, (short) IORING_RECV_MULTISHOT);
        Memory.putShort(sqe + BUF_GROUP, (short) bufferGroup);
        addFlags(sqe, IoUring.IOSQE_BUFFER_SELECT);
    }

    public static void prepareSend(
            long sqe, int fd, long address, int bytes, int messageFlags, long userData) {
        prepare(sqe, IORING_OP_SEND, fd, address, bytes, userData);
        Memory.putInt(sqe + OP_FLAGS, messageFlags);
    }

    public static void prepareRead(long sqe, int fd, long address, int bytes, long userData) {
        prepare(sqe, IORING_OP_READ, fd, address, bytes, userData);
        Memory.putLong(sqe + OFF, -1); // at the file's own position, if it has one
    }

    /// Completes with `-ETIME` when the time at `timespec` has passed.
    public static void prepareTimeout(long sqe, long timespec, long userData) {
        prepare(sqe, IORING_OP_TIMEOUT, -1, timespec, 1, userData);
    }

    /// Gives the timeout that was submitted with `updated` as its user data another time from now.
    public static void prepareTimeoutUpdate(long sqe, long timespec, long updated, long userData) {
        prepare(sqe, IORING_OP_TIMEOUT_REMOVE, -1, updated, 0, userData);
        Memory.putLong(sqe + OFF, timespec);
        Memory.putInt(sqe + OP_FLAGS, IORING_TIMEOUT_UPDATE);
    }

    /// Cancels the one operation that was submitted with `cancelled` as its user data.
    public static void prepareCancel(long sqe, long cancelled, long userData) {
        prepare(sqe, IORING_OP_ASYNC_CANCEL, -1, cancelled, 0, userData);
    }

    /// Closes the direct descriptor `slot`.
    public static void prepareCloseDirect(long sqe, int slot, long userData) {
        prepare(sqe, IORING_OP_CLOSE, 0, 0, 0, userData);
        Memory.putInt(sqe + FILE_INDEX, slot + 1); // 0 would mean a regular descriptor
    }

    public static void prepareShutdown(long sqe, int fd, int how, long userData) {
        prepare(sqe, IORING_OP_SHUTDOWN, fd, 0, how, userData);
    }

    /// Gives the direct descriptor `slot` a regular one, which the completion carries; it is closed
    /// on exec (6.8).
    public static void prepareFixedFdInstall(long sqe, int slot, long userData) {
        prepare(sqe, IORING_OP_FIXED_FD_INSTALL, slot, 0, 0, userData);
        addFlags(sqe, IoUring.IOSQE_FIXED_FILE);
    }

    /// Adds `IOSQE_` flags to a prepared entry.
    public static void addFlags(long sqe, int flags) {
        Memory.putByte(sqe + FLAGS, (byte) (Memory.getByte(sqe + FLAGS) | flags));
    }

    private static void prepare(long sqe, int opcode, int fd, long addr, int len, long userData) {
        Memory.putByte(sqe + OPCODE, (byte) opcode);
        Memory.putInt(sqe + FD, fd);
        Memory.putLong(sqe + ADDR, addr);
        Memory.putInt(sqe + LEN, len);
        Memory.putLong(sqe + USER_DATA, userData);
    }
}
