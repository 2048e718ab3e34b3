package dev.torc.uring.transport;

import dev.torc.core.Slice;
import dev.torc.core.memory.Memory;
import dev.torc.uring.IoMemory;
import dev.torc.uring.Ring;
import dev.torc.uring.Sqe;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

/// What connections ask of the kernel, as entries of the ring. On the shard's thread; allocates
/// nothing.
final class Submissions {
    private static final int SEND_FLAGS = Linux.MSG_WAITALL | Linux.MSG_NOSIGNAL;
    private static final int INLINE_FLAGS = SEND_FLAGS | Linux.MSG_DONTWAIT;

    static final int LINGER_BYTES = 8; // struct linger

    /// The kernel takes only a part of the submissions when it is out of memory.
    private static final int SUBMITS_MAX = 16;

    static final long QUIET = UserData.encode(UserData.QUIET, 0, 0);

    /// Slices stay allocated until the send that has them is over: the transport sees to that
    /// itself, since a silent send has no completion that could.
    private static final IoMemory MEMORY = IoMemory.unmanaged(Memory.all());

    private final Ring ring;
    private final ReceiveBuffers buffers;
    private final InlineSends inlineSends;
    private final Vectors vectors;
    private long sends;
    private long receives;

    Submissions(Ring ring, ReceiveBuffers buffers, InlineSends inlineSends, Vectors vectors) {
        this.ring = ring;
        this.buffers = buffers;
        this.inlineSends = inlineSends;
        this.vectors = vectors;
    }

    /// Sends that were submitted, or made by system calls.
    long sendCount() {
        return sends;
    }

    /// Receives that were armed.
    long receiveCount() {
        return receives;
    }

    /// A part of a file has gone, or its head.
    void countSend() {
        sends++;
    }

    /// `operation` is [UserData#RECV] or [UserData#RECV_BULK].
    void receive(UringConnection connection, int operation) {
        long userData = userData(operation, connection);
        ring.next()
                .prepareRecvMultishot(connection.slot(), buffers.of(operation), 0, userData)
                .addFlags(IoUring.IOSQE_FIXED_FILE);
        receives++;
    }

    /// A send that the kernel finishes at once; returns the number of its entry.
    int sendInline(UringConnection connection, long address, int bytes) {
        long userData = userData(UserData.SEND_INLINE, connection);
        ring.next()
                .prepareSend(connection.slot(), MEMORY, address, bytes, INLINE_FLAGS, userData)
                .addFlags(IoUring.IOSQE_FIXED_FILE | IoUring.IOSQE_CQE_SKIP_SUCCESS);
        int number = ring.preparedCount() - 1;
        inlineSends.add(connection, number);
        sends++;
        return number;
    }

    /// The same of two slices, the one behind the other.
    int sendInline(UringConnection connection, Slice first, Slice second) {
        long userData = userData(UserData.SEND_INLINE, connection);
        Sqe sqe = ring.next();
        int number = ring.preparedCount();
        long message =
                vectors.put(
                        number, first.address(), first.length(), second.address(), second.length());
        sqe.prepareSendmsg(connection.slot(), MEMORY, message, INLINE_FLAGS, userData)
                .addFlags(IoUring.IOSQE_FIXED_FILE | IoUring.IOSQE_CQE_SKIP_SUCCESS);
        inlineSends.add(connection, number);
        sends++;
        return number;
    }

    /// A send for which the kernel waits until there is room.
    void send(UringConnection connection, long address, int bytes) {
        long userData = userData(UserData.SEND, connection);
        ring.next()
                .prepareSend(connection.slot(), MEMORY, address, bytes, SEND_FLAGS, userData)
                .addFlags(IoUring.IOSQE_FIXED_FILE);
        sends++;
    }

    void shutdown(UringConnection connection) {
        long userData = userData(UserData.SHUTDOWN, connection);
        ring.next()
                .prepareShutdown(connection.slot(), Linux.SHUT_WR, userData)
                .addFlags(IoUring.IOSQE_FIXED_FILE);
    }

    /// A regular descriptor for the connection, which the caller closes, or `-errno`.
    int install(UringConnection connection) {
        long userData = userData(UserData.INSTALL, connection);
        ring.next().prepareFixedFdInstall(connection.slot(), 0, userData);
        // It never waits, so its completion is there when the kernel has taken the entry, unless
        // the queue is so full that the kernel keeps it; then it is closed when it does come.
        for (int i = 0; i < SUBMITS_MAX && ring.preparedCount() != ring.consumedCount(); i++) {
            ring.submit();
        }
        int fd = ring.claim(userData, QUIET);
        return fd == Ring.NOT_COMPLETED ? -Errno.EBUSY : fd;
    }

    /// Has the address of the connection's peer, of exactly `bytes` bytes, written to `name`, while
    /// the kernel takes the entry; says nothing when it did. Returns the entry's number.
    int peerName(UringConnection connection, long name, int bytes) {
        int level = Linux.SOL_SOCKET;
        int option = Linux.SO_PEERNAME;
        long userData = userData(UserData.QUIET, connection);
        ring.next()
                .prepareCmdSockGetsockopt(
                        connection.slot(), level, option, MEMORY, name, bytes, userData)
                .addFlags(IoUring.IOSQE_FIXED_FILE | IoUring.IOSQE_CQE_SKIP_SUCCESS);
        return ring.preparedCount() - 1;
    }

    /// Makes the connection's close a reset; at `linger` there is a `struct linger` that says so.
    void resetOnClose(UringConnection connection, long linger) {
        int level = Linux.SOL_SOCKET;
        int option = Linux.SO_LINGER;
        long userData = userData(UserData.QUIET, connection);
        ring.next()
                .prepareCmdSockSetsockopt(
                        connection.slot(), level, option, MEMORY, linger, LINGER_BYTES, userData)
                .addFlags(IoUring.IOSQE_FIXED_FILE | IoUring.IOSQE_CQE_SKIP_SUCCESS);
    }

    /// Cancels the connection's receive or send, or an operation of its file transfer.
    void cancel(UringConnection connection, int operation) {
        cancel(ring, userData(operation, connection));
    }

    /// Reads a part of `file` for the connection's transfer.
    void readFile(
            UringConnection connection, UringFile file, long address, int bytes, long position) {
        read(file, address, bytes, position, userData(UserData.FILE_READ, connection));
    }

    void read(UringFile file, long address, int bytes, long position, long userData) {
        ring.next().prepareRead(file.fd(), MEMORY, address, bytes, position, userData);
    }

    /// Has a worker splice a part of `file` into `pipe`, which is empty.
    void fillPipe(UringConnection connection, UringFile file, long position, Pipe pipe, int bytes) {
        long userData = userData(UserData.FILE_FILL, connection);
        int flags = Linux.SPLICE_F_NONBLOCK;
        ring.next().prepareSplice(file.fd(), position, pipe.writing(), -1, bytes, flags, userData);
    }

    /// Has a worker splice what is in `pipe` to the connection's socket.
    void drainPipe(UringConnection connection, Pipe pipe, int bytes, boolean more) {
        long userData = userData(UserData.FILE_DRAIN, connection);
        int flags = Linux.SPLICE_F_NONBLOCK | (more ? Linux.SPLICE_F_MORE : 0);
        ring.next()
                .prepareSplice(pipe.reading(), -1, connection.slot(), -1, bytes, flags, userData)
                .addFlags(IoUring.IOSQE_FIXED_FILE);
    }

    /// Waits until the connection's socket has room again.
    void pollOut(UringConnection connection) {
        long userData = userData(UserData.FILE_POLL, connection);
        ring.next()
                .preparePollAdd(connection.slot(), Linux.POLLOUT, userData)
                .addFlags(IoUring.IOSQE_FIXED_FILE);
    }

    /// Closes the connection's slot, and its regular descriptor if it has one (not negative).
    void close(UringConnection connection, int fd) {
        ring.next()
                .prepareCloseDirect(connection.slot(), QUIET)
                .addFlags(IoUring.IOSQE_CQE_SKIP_SUCCESS);
        if (fd >= 0) ring.next().prepareClose(fd, QUIET).addFlags(IoUring.IOSQE_CQE_SKIP_SUCCESS);
    }

    /// Cancels what was submitted with `userData`, and says nothing when it did.
    static void cancel(Ring ring, long userData) {
        ring.next().prepareCancel(userData, 0, QUIET).addFlags(IoUring.IOSQE_CQE_SKIP_SUCCESS);
    }

    private static long userData(int operation, UringConnection connection) {
        return UserData.encode(operation, connection.generation(), connection.slot());
    }
}
