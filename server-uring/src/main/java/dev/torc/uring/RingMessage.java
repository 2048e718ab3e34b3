package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_MSG_DATA;
import static dev.torc.uring.constants.IoUring.IORING_MSG_RING_FLAGS_PASS;
import static dev.torc.uring.constants.IoUring.IORING_OP_MSG_RING;
import static dev.torc.uring.constants.IoUring.IORING_REGISTER_SEND_MSG_RING;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.abi.Syscalls;

import java.lang.foreign.Arena;

/// Messages to rings from threads that have none: each is a completion in the ring that it goes to.
/// Any thread. Since 6.13.
public final class RingMessage {
    private static final String NAME = "IORING_REGISTER_SEND_MSG_RING";

    private RingMessage() {}

    /// Completes `userData` with `result` in the ring whose descriptor is `ringFd`.
    ///
    /// @throws UnsupportedException when the kernel is older than 6.13
    /// @throws RingException `EBADFD` when that is no ring, or it is disabled; `EOVERFLOW` when its
    ///   completion queue is full
    public static void send(int ringFd, int result, long userData) {
        send(Syscalls::new, ringFd, result, 0, 0, userData);
    }

    /// [#send(int, int, long)], with `flags` in the completion. What the ring makes of them is its
    /// program's: `IORING_CQE_F_` bits mean what they always do.
    ///
    /// @throws IllegalArgumentException for `IORING_CQE_F_32` and `IORING_CQE_F_SKIP`, as
    ///   [RingSqe#prepareMsgRingCqeFlags] does
    public static void send(int ringFd, int result, int flags, long userData) {
        Arguments.requireMessageFlags(flags);
        send(Syscalls::new, ringFd, result, IORING_MSG_RING_FLAGS_PASS, flags, userData);
    }

    static void send(
            Kernel.Source kernels,
            int ringFd,
            int result,
            int messageFlags,
            int flags,
            long userData) {
        Entry.requireOwn(userData);
        try (Arena scratch = Arena.ofConfined()) {
            Kernel calls = kernels.open(scratch);
            Support.ofRelease(calls).require(NAME, 6, 13);
            long sqe = scratch.allocate(SqeLayout.BYTES, Long.BYTES).address();
            Memory.fill(sqe, SqeLayout.BYTES, (byte) 0);
            Memory.putByte(sqe + SqeLayout.OPCODE, (byte) IORING_OP_MSG_RING);
            Memory.putInt(sqe + SqeLayout.FD, ringFd);
            Memory.putLong(sqe + SqeLayout.ADDR, IORING_MSG_DATA);
            Memory.putLong(sqe + SqeLayout.OFF, userData);
            Memory.putInt(sqe + SqeLayout.LEN, result);
            Memory.putInt(sqe + SqeLayout.OP_FLAGS, messageFlags);
            Memory.putInt(sqe + SqeLayout.FILE_INDEX, flags);
            RingException.check(NAME, calls.register(-1, IORING_REGISTER_SEND_MSG_RING, sqe, 1));
        }
    }
}
