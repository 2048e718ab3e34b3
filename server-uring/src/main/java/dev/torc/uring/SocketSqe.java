package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_ACCEPT_MULTISHOT;
import static dev.torc.uring.constants.IoUring.IORING_FILE_INDEX_ALLOC;
import static dev.torc.uring.constants.IoUring.IORING_OP_ACCEPT;
import static dev.torc.uring.constants.IoUring.IORING_OP_RECV;
import static dev.torc.uring.constants.IoUring.IORING_OP_SEND;
import static dev.torc.uring.constants.IoUring.IORING_OP_SHUTDOWN;
import static dev.torc.uring.constants.IoUring.IORING_RECV_MULTISHOT;

/// Operations on sockets.
abstract sealed class SocketSqe extends PathSqe permits MessageSqe {
    SocketSqe(Ring ring, Support support, Leases leases) {
        super(ring, support, leases);
    }

    /// Accepts one connection as a direct descriptor that the kernel picks; the completion carries
    /// it. `flags` are those of `accept4(2)`, but `SOCK_CLOEXEC` is refused. Since 5.19.
    public final Sqe prepareAcceptDirectAlloc(int fd, int flags, long userData) {
        Sqe sqe = prepare(IORING_OP_ACCEPT, fd, 0, 0, 0, userData);
        return sqe.opFlags(flags).fileIndex(IORING_FILE_INDEX_ALLOC);
    }

    /// Accepts until it fails or is cancelled; each connection becomes a direct descriptor that the
    /// kernel picks. Since 5.19.
    public final Sqe prepareMultishotAcceptDirect(int fd, int flags, long userData) {
        require(true, "IORING_ACCEPT_MULTISHOT", 5, 19);
        return prepareAcceptDirectAlloc(fd, flags, userData).ioprio(IORING_ACCEPT_MULTISHOT);
    }

    /// Receives until it fails or is cancelled, each time into a buffer that the kernel takes from
    /// `buffers`. `flags` are those of `recv(2)`. Since 6.0.
    public final Sqe prepareRecvMultishot(
            int fd, BufferSelection buffers, int flags, long userData) {
        require(true, "IORING_RECV_MULTISHOT", 6, 0);
        Sqe sqe = prepare(IORING_OP_RECV, fd, 0, 0, 0, userData, buffers);
        return sqe.opFlags(flags).ioprio(IORING_RECV_MULTISHOT).select(buffers);
    }

    /// Sends `bytes` of `memory`: `send(2)`. Since 5.6.
    public final Sqe prepareSend(
            int fd, IoMemory memory, long offset, int bytes, int flags, long userData) {
        long addr = memory.address(offset, bytes);
        return prepare(IORING_OP_SEND, fd, addr, bytes, 0, userData, memory).opFlags(flags);
    }

    /// Ends one or both directions: `shutdown(2)`. A kernel thread does it. Since 5.11.
    public final Sqe prepareShutdown(int fd, int how, long userData) {
        return prepare(IORING_OP_SHUTDOWN, fd, 0, how, 0, userData);
    }
}
