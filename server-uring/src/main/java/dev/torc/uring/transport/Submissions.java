package dev.torc.uring.transport;

import dev.torc.uring.Ring;
import dev.torc.uring.abi.Errno;
import dev.torc.uring.abi.IoUring;
import dev.torc.uring.abi.Linux;
import dev.torc.uring.abi.Sqe;

/// What connections ask of the kernel, as entries of the ring. On the shard's thread; allocates
/// nothing.
final class Submissions {
    static final int BUFFER_GROUP = 0;

    private static final int SEND_FLAGS = Linux.MSG_WAITALL | Linux.MSG_NOSIGNAL;

    /// The kernel takes only a part of the submissions when it is out of memory.
    private static final int SUBMITS_MAX = 16;

    private static final long QUIET = UserData.encode(UserData.QUIET, 0, 0);

    private final Ring ring;
    private final InlineSends inlineSends;
    private long sends;

    Submissions(Ring ring, InlineSends inlineSends) {
        this.ring = ring;
        this.inlineSends = inlineSends;
    }

    /// Sends that were submitted.
    long sendCount() {
        return sends;
    }

    void receive(UringConnection connection) {
        long sqe = ring.next();
        long userData = userData(UserData.RECV, connection);
        Sqe.prepareRecvMultishot(sqe, connection.slot(), BUFFER_GROUP, userData);
        Sqe.addFlags(sqe, IoUring.IOSQE_FIXED_FILE);
    }

    /// A send that the kernel finishes at once; returns the number of its entry.
    int sendInline(UringConnection connection, long address, int bytes) {
        long sqe = ring.next();
        long userData = userData(UserData.SEND_INLINE, connection);
        int flags = SEND_FLAGS | Linux.MSG_DONTWAIT;
        Sqe.prepareSend(sqe, connection.slot(), address, bytes, flags, userData);
        Sqe.addFlags(sqe, IoUring.IOSQE_FIXED_FILE | IoUring.IOSQE_CQE_SKIP_SUCCESS);
        int number = ring.preparedCount() - 1;
        inlineSends.add(connection, number);
        sends++;
        return number;
    }

    /// A send for which the kernel waits until there is room.
    void send(UringConnection connection, long address, int bytes) {
        long sqe = ring.next();
        long userData = userData(UserData.SEND, connection);
        Sqe.prepareSend(sqe, connection.slot(), address, bytes, SEND_FLAGS, userData);
        Sqe.addFlags(sqe, IoUring.IOSQE_FIXED_FILE);
        sends++;
    }

    void shutdown(UringConnection connection) {
        long sqe = ring.next();
        long userData = userData(UserData.SHUTDOWN, connection);
        Sqe.prepareShutdown(sqe, connection.slot(), Linux.SHUT_WR, userData);
        Sqe.addFlags(sqe, IoUring.IOSQE_FIXED_FILE);
    }

    /// A regular descriptor for the connection, which the caller closes, or `-errno`.
    int install(UringConnection connection) {
        long userData = userData(UserData.INSTALL, connection);
        Sqe.prepareFixedFdInstall(ring.next(), connection.slot(), userData);
        // It never waits, so its completion is there when the kernel has taken the entry, unless
        // the queue is so full that the kernel keeps it; then it is closed when it does come.
        for (int i = 0; i < SUBMITS_MAX && ring.preparedCount() != ring.consumedCount(); i++) {
            ring.submit();
        }
        int fd = ring.claim(userData, QUIET);
        return fd == Ring.NOT_COMPLETED ? -Errno.EBUSY : fd;
    }

    /// Cancels the connection's receive or send.
    void cancel(UringConnection connection, int operation) {
        cancel(ring, userData(operation, connection));
    }

    void close(UringConnection connection) {
        long sqe = ring.next();
        Sqe.prepareCloseDirect(sqe, connection.slot(), QUIET);
        Sqe.addFlags(sqe, IoUring.IOSQE_CQE_SKIP_SUCCESS);
    }

    /// Cancels what was submitted with `userData`, and says nothing when it did.
    static void cancel(Ring ring, long userData) {
        long sqe = ring.next();
        Sqe.prepareCancel(sqe, userData, QUIET);
        Sqe.addFlags(sqe, IoUring.IOSQE_CQE_SKIP_SUCCESS);
    }

    private static long userData(int operation, UringConnection connection) {
        return UserData.encode(operation, connection.generation(), connection.slot());
    }
}
