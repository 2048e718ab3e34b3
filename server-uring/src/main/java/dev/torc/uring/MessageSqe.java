package dev.torc.uring;

import static dev.torc.uring.Arguments.requireBufferIndex;
import static dev.torc.uring.constants.IoUring.BLOCK_URING_CMD_DISCARD;
import static dev.torc.uring.constants.IoUring.IORING_OP_RECVMSG;
import static dev.torc.uring.constants.IoUring.IORING_OP_SENDMSG;
import static dev.torc.uring.constants.IoUring.IORING_OP_SENDMSG_ZC;
import static dev.torc.uring.constants.IoUring.IORING_OP_URING_CMD;
import static dev.torc.uring.constants.IoUring.IORING_RECVSEND_FIXED_BUF;
import static dev.torc.uring.constants.IoUring.IORING_RECV_MULTISHOT;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_CQE32;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_CQE_MIXED;
import static dev.torc.uring.constants.IoUring.SOCKET_URING_OP_GETSOCKOPT;
import static dev.torc.uring.constants.IoUring.SOCKET_URING_OP_SETSOCKOPT;
import static dev.torc.uring.constants.IoUring.SOCKET_URING_OP_SIOCINQ;
import static dev.torc.uring.constants.IoUring.SOCKET_URING_OP_SIOCOUTQ;
import static dev.torc.uring.constants.IoUring.SOCKET_URING_OP_TX_TIMESTAMP;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.MsgHdr;
import dev.torc.uring.abi.SqeLayout;

/// Operations on sockets that take a message header, and commands for sockets and block devices.
abstract sealed class MessageSqe extends TransferSqe permits WaitSqe {
    MessageSqe(Ring ring, Support support, Leases leases) {
        super(ring, support, leases);
    }

    // ---- messages

    /// Sends a message: `sendmsg(2)`. Since 5.3.
    public final Sqe prepareSendmsg(int fd, MessageHeader message, int flags, long userData) {
        return prepareSendmsg(IORING_OP_SENDMSG, fd, message, flags, userData);
    }

    /// Sends a message whose `struct msghdr` is at `offset` of `memory`: header, vectors and data
    /// are the program's to look after, as of [IoMemory#unmanaged]. The kernel has read header and
    /// vectors when it has consumed the entry. Since 5.3.
    public final Sqe prepareSendmsg(
            int fd, IoMemory memory, long offset, int flags, long userData) {
        long header = memory.address(offset, MsgHdr.BYTES);
        return prepare(IORING_OP_SENDMSG, fd, header, 1, 0, userData, memory).opFlags(flags);
    }

    /// Sends a message without copying its data: [two completions][TransferSqe]. Since 6.1.
    public final Sqe prepareSendmsgZc(int fd, MessageHeader message, int flags, long userData) {
        return prepareSendmsg(IORING_OP_SENDMSG_ZC, fd, message, flags, userData);
    }

    /// [#prepareSendmsgZc], of pieces within the buffer that is registered with the ring as
    /// `bufferIndex`. Since 6.15.
    public final Sqe prepareSendmsgZcFixed(
            int fd, MessageHeader message, int flags, int bufferIndex, long userData) {
        require(true, "IORING_RECVSEND_FIXED_BUF of a message", 6, 15);
        requireBufferIndex(bufferIndex);
        return prepareSendmsg(IORING_OP_SENDMSG_ZC, fd, message, flags, userData)
                .ioprio(IORING_RECVSEND_FIXED_BUF)
                .bufferIndex(bufferIndex);
    }

    private Sqe prepareSendmsg(
            int opcode, int fd, MessageHeader message, int flags, long userData) {
        long header = message.armSend();
        return prepare(opcode, fd, header, 1, 0, userData, message).opFlags(flags);
    }

    /// Receives a message: `recvmsg(2)`. Since 5.3.
    public final Sqe prepareRecvmsg(int fd, MessageHeader message, int flags, long userData) {
        long header = message.armReceive();
        return prepare(IORING_OP_RECVMSG, fd, header, 1, 0, userData, message).opFlags(flags);
    }

    /// Receives a message whose data goes into a buffer that the kernel takes from `buffers`; the
    /// header must have no vectors. Since 5.7; with a [BufferRing] since 5.19.
    public final Sqe prepareRecvmsg(
            int fd, MessageHeader message, BufferSelection buffers, int flags, long userData) {
        if (message.vectors() != null) {
            throw new IllegalArgumentException(
                    "the message must have no vectors where the kernel picks the buffer");
        }
        long header = message.armReceive();
        return prepare(IORING_OP_RECVMSG, fd, header, 1, 0, userData, message, buffers, null)
                .opFlags(flags)
                .select(buffers);
    }

    /// Receives messages until it fails or is cancelled, each into a buffer that the kernel takes
    /// from `buffers`, with `room` for what comes with the data: a [ReceivedMessage]. An empty
    /// message is the last. Since 6.0.
    public final Sqe prepareRecvmsgMultishot(
            int fd, BufferSelection buffers, MessageRoom room, int flags, long userData) {
        require(true, "IORING_RECV_MULTISHOT", 6, 0);
        // The kernel takes the lengths from the header when it takes the entry, and writes none.
        long header = scratch();
        MsgHdr.clear(header);
        MsgHdr.putName(header, 0, room.addressBytes());
        MsgHdr.putControl(header, 0, room.controlBytes());
        return prepare(IORING_OP_RECVMSG, fd, header, 1, 0, userData, buffers)
                .opFlags(flags)
                .ioprio(IORING_RECV_MULTISHOT)
                .select(buffers);
    }

    // ---- commands

    /// Has a block device forget `bytes` from `position` on, multiples of its logical block
    /// (`-EINVAL`): `ioctl(BLKDISCARD)`, but nothing keeps reads and writes of these bytes out
    /// meanwhile. Not for files (`-EOPNOTSUPP`), of which [#prepareFallocate] punches pieces out.
    /// Since 6.12.
    public final Sqe prepareCmdDiscard(int fd, long position, long bytes, long userData) {
        require(true, "BLOCK_URING_CMD_DISCARD", 6, 12);
        return prepare(IORING_OP_URING_CMD, fd, position, 0, BLOCK_URING_CMD_DISCARD, userData)
                .addr3(bytes);
    }

    /// Completes with the number of bytes that can be received, as `ioctl(SIOCINQ)` tells; not for
    /// Unix sockets (`-EOPNOTSUPP`). Since 6.7.
    public final Sqe prepareCmdSockSiocinq(int fd, long userData) {
        require(true, "SOCKET_URING_OP_SIOCINQ", 6, 7);
        return prepare(IORING_OP_URING_CMD, fd, 0, 0, SOCKET_URING_OP_SIOCINQ, userData);
    }

    /// Completes with the number of bytes that the peer has not got yet, as `ioctl(SIOCOUTQ)`
    /// tells; not for Unix sockets (`-EOPNOTSUPP`). Since 6.7.
    public final Sqe prepareCmdSockSiocoutq(int fd, long userData) {
        require(true, "SOCKET_URING_OP_SIOCOUTQ", 6, 7);
        return prepare(IORING_OP_URING_CMD, fd, 0, 0, SOCKET_URING_OP_SIOCOUTQ, userData);
    }

    /// Reads an option, for which there are `bytes` in `value`; completes with its bytes:
    /// `getsockopt(2)`. The kernel has it for options of `SOL_SOCKET` only (`-EOPNOTSUPP`). One of
    /// those is `SO_PEERNAME`, the peer's address, also of a direct descriptor; there `bytes` must
    /// not be more than the address has (`-EINVAL`): 16 for IPv4, 28 for IPv6. Since 6.7.
    public final Sqe prepareCmdSockGetsockopt(
            int fd, int level, int option, IoMemory value, long offset, int bytes, long userData) {
        require(true, "SOCKET_URING_OP_GETSOCKOPT", 6, 7);
        int command = SOCKET_URING_OP_GETSOCKOPT;
        return prepareOption(command, fd, level, option, value, offset, bytes, userData);
    }

    /// Sets an option to the `bytes` in `value`: `setsockopt(2)`. The kernel may read them as late
    /// as the operation runs. Since 6.7.
    public final Sqe prepareCmdSockSetsockopt(
            int fd, int level, int option, IoMemory value, long offset, int bytes, long userData) {
        require(true, "SOCKET_URING_OP_SETSOCKOPT", 6, 7);
        int command = SOCKET_URING_OP_SETSOCKOPT;
        return prepareOption(command, fd, level, option, value, offset, bytes, userData);
    }

    private Sqe prepareOption(
            int command,
            int fd,
            int level,
            int option,
            IoMemory value,
            long offset,
            int bytes,
            long userData) {
        long optval = value.address(offset, bytes);
        Sqe sqe = prepare(IORING_OP_URING_CMD, fd, 0, 0, command, userData, value);
        long entry = address();
        Memory.putInt(entry + SqeLayout.LEVEL, level);
        Memory.putInt(entry + SqeLayout.OPTNAME, option);
        Memory.putInt(entry + SqeLayout.OPTLEN, bytes);
        Memory.putLong(entry + SqeLayout.OPTVAL, optval);
        return sqe;
    }

    /// Tells when what is sent leaves, for a socket with `SO_TIMESTAMPING` and at least
    /// `SOF_TIMESTAMPING_OPT_TSONLY`, until it fails or is cancelled. The result of a completion
    /// with more to come is the key of what was sent (`SOF_TIMESTAMPING_OPT_ID`), its flags have
    /// `IORING_CQE_F_TSTAMP_HW` and, from `IORING_TIMESTAMP_TYPE_SHIFT` on, a `SCM_TSTAMP_` type;
    /// it is a [big one][CompletionHandler#onBigCompletion], with seconds and nanoseconds. Since
    /// 6.17.
    ///
    /// @throws IllegalArgumentException when the ring has neither `CQE32` nor `CQE_MIXED`
    public final Sqe prepareCmdSockTxTimestamp(int fd, long userData) {
        require(true, "SOCKET_URING_OP_TX_TIMESTAMP", 6, 17);
        if ((ring().setupFlags() & (IORING_SETUP_CQE32 | IORING_SETUP_CQE_MIXED)) == 0) {
            throw new IllegalArgumentException(
                    "timestamps need a ring with IORING_SETUP_CQE32 or IORING_SETUP_CQE_MIXED");
        }
        return prepare(IORING_OP_URING_CMD, fd, 0, 0, SOCKET_URING_OP_TX_TIMESTAMP, userData);
    }
}
