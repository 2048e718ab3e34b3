package dev.torc.uring;

import static dev.torc.uring.Arguments.requireBufferIndex;
import static dev.torc.uring.Arguments.requireNotNegative;
import static dev.torc.uring.Arguments.requirePositive;
import static dev.torc.uring.constants.IoUring.IORING_ACCEPT_DONTWAIT;
import static dev.torc.uring.constants.IoUring.IORING_ACCEPT_POLL_FIRST;
import static dev.torc.uring.constants.IoUring.IORING_OP_ACCEPT;
import static dev.torc.uring.constants.IoUring.IORING_OP_RECV;
import static dev.torc.uring.constants.IoUring.IORING_OP_RECVMSG;
import static dev.torc.uring.constants.IoUring.IORING_OP_SEND;
import static dev.torc.uring.constants.IoUring.IORING_OP_SENDMSG;
import static dev.torc.uring.constants.IoUring.IORING_OP_SENDMSG_ZC;
import static dev.torc.uring.constants.IoUring.IORING_OP_SEND_ZC;
import static dev.torc.uring.constants.IoUring.IORING_RECVSEND_BUNDLE;
import static dev.torc.uring.constants.IoUring.IORING_RECVSEND_FIXED_BUF;
import static dev.torc.uring.constants.IoUring.IORING_RECVSEND_POLL_FIRST;
import static dev.torc.uring.constants.IoUring.IORING_RECV_MULTISHOT;
import static dev.torc.uring.constants.IoUring.IORING_SEND_VECTORIZED;
import static dev.torc.uring.constants.IoUring.IORING_SEND_ZC_REPORT_USAGE;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SockAddr;
import dev.torc.uring.abi.SqeLayout;

import java.net.SocketAddress;

/// Operations that send and receive. `flags` are those of `send(2)` and `recv(2)`, `MSG_...`.
///
/// Sending without copying has two completions: one with the result, then, when that has
/// `IORING_CQE_F_MORE` (also some failures have), a notification (`IORING_CQE_F_NOTIF`). Until that
/// has been drained the memory is lent, and must not be changed.
abstract sealed class TransferSqe extends SocketSqe permits MessageSqe {

    TransferSqe(Ring ring, Support support, Leases leases) {
        super(ring, support, leases);
    }

    // ---- sending

    /// Sends `bytes` of `memory`: `send(2)`. Since 5.6.
    public final Sqe prepareSend(
            int fd, IoMemory memory, long offset, int bytes, int flags, long userData) {
        long addr = memory.address(offset, bytes);
        return prepare(IORING_OP_SEND, fd, addr, bytes, 0, userData, memory).opFlags(flags);
    }

    /// Sends the pieces of `vectors`, one behind the other. Since 6.17.
    public final Sqe prepareSend(int fd, IoVectors vectors, int flags, long userData) {
        require(true, "IORING_SEND_VECTORIZED", 6, 17);
        return prepareVectors(IORING_OP_SEND, fd, vectors, userData)
                .opFlags(flags)
                .ioprio(IORING_SEND_VECTORIZED);
    }

    /// Sends up to `bytes` (0: all) of one buffer, which the kernel takes from `buffers`: what the
    /// program has put there is sent in that order, however many sends are outstanding. Since 6.10.
    public final Sqe prepareSend(
            int fd, BufferSelection buffers, int bytes, int flags, long userData) {
        require(true, "IOSQE_BUFFER_SELECT of a send", 6, 10);
        requireNotNegative("bytes", bytes);
        Sqe sqe = prepare(IORING_OP_SEND, fd, 0, bytes, 0, userData, buffers);
        return sqe.opFlags(flags).select(buffers);
    }

    /// Sends up to `bytes` (0: all) of as many buffers of `buffers` as there are: the completion
    /// names the first, and the sum of bytes. Since 6.10.
    public final Sqe prepareSendBundle(
            int fd, BufferSelection buffers, int bytes, int flags, long userData) {
        require(true, "IORING_RECVSEND_BUNDLE", 6, 10);
        return prepareSend(fd, buffers, bytes, flags, userData).ioprio(IORING_RECVSEND_BUNDLE);
    }

    /// Sends `bytes` of `memory` to `destination`, which is copied, at the cost of a few bytes of
    /// garbage that a [MessageHeader] saves: `sendto(2)`. Since 6.1.
    ///
    /// @throws IllegalArgumentException when `destination` is unresolved, or its path too long
    public final Sqe prepareSendto(
            int fd,
            IoMemory memory,
            long offset,
            int bytes,
            int flags,
            SocketAddress destination,
            long userData) {
        require(true, "an address to send to", 6, 1);
        long name = scratch();
        int nameBytes = SockAddr.put(name, destination);
        return prepareSend(fd, memory, offset, bytes, flags, userData).addressed(name, nameBytes);
    }

    // ---- sending without copying

    /// Sends `bytes` of `memory` without copying them: [two completions][TransferSqe]. `zcFlags`
    /// are `IORING_RECVSEND_POLL_FIRST` and `IORING_SEND_ZC_REPORT_USAGE` (6.2): with that the
    /// notification's result is 0, or has `IORING_NOTIF_USAGE_ZC_COPIED` when the kernel has copied
    /// all the same, as it does on loopback. Since 6.0.
    public final Sqe prepareSendZc(
            int fd,
            IoMemory memory,
            long offset,
            int bytes,
            int flags,
            int zcFlags,
            long userData) {
        requireZcFlags(zcFlags);
        long addr = memory.address(offset, bytes);
        return prepare(IORING_OP_SEND_ZC, fd, addr, bytes, 0, userData, memory)
                .opFlags(flags)
                .ioprio(zcFlags);
    }

    /// [#prepareSendZc(int, IoMemory, long, int, int, int, long)] to `destination`, which is
    /// copied.
    ///
    /// @throws IllegalArgumentException when `destination` is unresolved, or its path too long
    public final Sqe prepareSendtoZc(
            int fd,
            IoMemory memory,
            long offset,
            int bytes,
            int flags,
            SocketAddress destination,
            int zcFlags,
            long userData) {
        long name = scratch();
        int nameBytes = SockAddr.put(name, destination);
        return prepareSendZc(fd, memory, offset, bytes, flags, zcFlags, userData)
                .addressed(name, nameBytes);
    }

    /// [#prepareSendZc(int, IoMemory, long, int, int, int, long)], of pieces. Since 6.17.
    public final Sqe prepareSendZc(
            int fd, IoVectors vectors, int flags, int zcFlags, long userData) {
        require(true, "IORING_SEND_VECTORIZED", 6, 17);
        requireZcFlags(zcFlags);
        return prepareVectors(IORING_OP_SEND_ZC, fd, vectors, userData)
                .opFlags(flags)
                .ioprio(zcFlags | IORING_SEND_VECTORIZED);
    }

    /// [#prepareSendZc(int, IoMemory, long, int, int, int, long)], of memory within the buffer that
    /// is registered with the ring as `bufferIndex` (`-EFAULT` when it is not within). Since 6.0.
    public final Sqe prepareSendZcFixed(
            int fd,
            IoMemory memory,
            long offset,
            int bytes,
            int flags,
            int zcFlags,
            int bufferIndex,
            long userData) {
        requireBufferIndex(bufferIndex);
        return prepareSendZc(fd, memory, offset, bytes, flags, zcFlags, userData)
                .ioprio(zcFlags | IORING_RECVSEND_FIXED_BUF)
                .bufferIndex(bufferIndex);
    }

    // ---- receiving

    /// Receives up to `bytes` into `memory`: `recv(2)`. Completes with 0 when the peer sends no
    /// more. Since 5.6.
    public final Sqe prepareRecv(
            int fd, IoMemory memory, long offset, int bytes, int flags, long userData) {
        long addr = memory.address(offset, bytes);
        return prepare(IORING_OP_RECV, fd, addr, bytes, 0, userData, memory).opFlags(flags);
    }

    /// Receives up to `bytes` (0: what fits) into a buffer that the kernel takes from `buffers`
    /// when there is data. Since 5.7; with a [BufferRing] since 5.19.
    public final Sqe prepareRecv(
            int fd, BufferSelection buffers, int bytes, int flags, long userData) {
        requireNotNegative("bytes", bytes);
        Sqe sqe = prepare(IORING_OP_RECV, fd, 0, bytes, 0, userData, buffers);
        return sqe.opFlags(flags).select(buffers);
    }

    /// Receives into as many buffers of `buffers` as there is data for: the completion names the
    /// first, and the sum of bytes; the others follow it in the order in which they were given to
    /// the kernel. Unless it is 0, only buffers are used that are full with up to `bytes`, but one
    /// at least. Since 6.10.
    public final Sqe prepareRecvBundle(
            int fd, BufferSelection buffers, int bytes, int flags, long userData) {
        require(true, "IORING_RECVSEND_BUNDLE", 6, 10);
        return prepareRecv(fd, buffers, bytes, flags, userData).ioprio(IORING_RECVSEND_BUNDLE);
    }

    /// Receives until it fails or is cancelled, each time into a buffer that the kernel takes from
    /// `buffers`. `flags` must not have `MSG_WAITALL` (`-EINVAL`). Since 6.0.
    public final Sqe prepareRecvMultishot(
            int fd, BufferSelection buffers, int flags, long userData) {
        require(true, "IORING_RECV_MULTISHOT", 6, 0);
        Sqe sqe = prepare(IORING_OP_RECV, fd, 0, 0, 0, userData, buffers);
        return sqe.opFlags(flags).ioprio(IORING_RECV_MULTISHOT).select(buffers);
    }

    /// [#prepareRecvMultishot(int, BufferSelection, int, long)], of at most `bytes` each time.
    /// Since 6.17.
    public final Sqe prepareRecvMultishot(
            int fd, BufferSelection buffers, int bytes, int flags, long userData) {
        require(true, "a multishot receive with a length", 6, 17);
        return prepareRecv(fd, buffers, bytes, flags, userData).ioprio(IORING_RECV_MULTISHOT);
    }

    /// [#prepareRecvMultishot(int, BufferSelection, int, long)], of at most `bytes` (0: what fits)
    /// each time, that ends with the completion that makes it `totalBytes` or more: so it brings no
    /// more than the program can take for now, and need not be cancelled. Since 6.17.
    public final Sqe prepareRecvMultishot(
            int fd, BufferSelection buffers, int bytes, int totalBytes, int flags, long userData) {
        requirePositive("totalBytes", totalBytes);
        return prepareRecvMultishot(fd, buffers, bytes, flags, userData).fileIndex(totalBytes);
    }

    /// [#prepareRecvMultishot(int, BufferSelection, int, long)] in bundles: each completion is one
    /// of [#prepareRecvBundle]. Since 6.10.
    public final Sqe prepareRecvMultishotBundle(
            int fd, BufferSelection buffers, int flags, long userData) {
        require(true, "IORING_RECVSEND_BUNDLE", 6, 10);
        return prepareRecvMultishot(fd, buffers, flags, userData)
                .ioprio(IORING_RECV_MULTISHOT | IORING_RECVSEND_BUNDLE);
    }

    // ---- flags

    /// Adds flags to the operation on a socket that was just prepared:
    ///
    /// - an accept: `IORING_ACCEPT_DONTWAIT` (fails with `-EAGAIN` when nobody is waiting) and
    ///   `IORING_ACCEPT_POLL_FIRST` (does not try before somebody is). Since 6.10.
    /// - a send or receive: `IORING_RECVSEND_POLL_FIRST` (does not try before the socket is ready).
    ///   Since 5.19.
    /// - one without copying: `IORING_SEND_ZC_REPORT_USAGE` as well. Since 6.2.
    ///
    /// When this throws, the operation remains prepared as it was.
    ///
    /// @throws IllegalArgumentException when the operation has no such flag
    /// @throws UnsupportedException when this kernel does not have it
    public final Sqe addSocketFlags(int flags) {
        requirePrepared();
        int opcode = Memory.getByte(address() + SqeLayout.OPCODE);
        if ((flags & ~flagsOf(opcode)) != 0) {
            throw new IllegalArgumentException(
                    "the operation has no such flags: flags=0x" + Integer.toHexString(flags));
        }
        if (opcode == IORING_OP_ACCEPT) {
            require(flags != 0, "IORING_ACCEPT_POLL_FIRST and DONTWAIT", 6, 10);
        } else {
            requireSince(flags);
        }
        long ioprio = address() + SqeLayout.IOPRIO;
        return ioprio(Memory.getShort(ioprio) | flags);
    }

    private static int flagsOf(int opcode) {
        return switch (opcode) {
            case IORING_OP_ACCEPT -> IORING_ACCEPT_DONTWAIT | IORING_ACCEPT_POLL_FIRST;
            case IORING_OP_SEND, IORING_OP_RECV, IORING_OP_SENDMSG, IORING_OP_RECVMSG ->
                    IORING_RECVSEND_POLL_FIRST;
            case IORING_OP_SEND_ZC, IORING_OP_SENDMSG_ZC ->
                    IORING_RECVSEND_POLL_FIRST | IORING_SEND_ZC_REPORT_USAGE;
            default -> 0;
        };
    }

    private void requireSince(int flags) {
        boolean first = (flags & IORING_RECVSEND_POLL_FIRST) != 0;
        require(first, "IORING_RECVSEND_POLL_FIRST", 5, 19);
        boolean usage = (flags & IORING_SEND_ZC_REPORT_USAGE) != 0;
        require(usage, "IORING_SEND_ZC_REPORT_USAGE", 6, 2);
    }

    private void requireZcFlags(int zcFlags) {
        if ((zcFlags & ~flagsOf(IORING_OP_SEND_ZC)) != 0) {
            throw new IllegalArgumentException(
                    "zcFlags may be POLL_FIRST and REPORT_USAGE: zcFlags=0x"
                            + Integer.toHexString(zcFlags));
        }
        requireSince(zcFlags);
    }

    private Sqe prepareVectors(int opcode, int fd, IoVectors vectors, long userData) {
        return prepare(opcode, fd, vectors.address(), vectors.count(), 0, userData, vectors);
    }

    /// Sets where the send just prepared goes to.
    final Sqe addressed(long name, int nameBytes) {
        Memory.putLong(address() + SqeLayout.OFF, name);
        Memory.putShort(address() + SqeLayout.ADDR_LEN, (short) nameBytes);
        return self();
    }
}
