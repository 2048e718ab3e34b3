package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_OP_ASYNC_CANCEL;
import static dev.torc.uring.constants.IoUring.IORING_OP_FIXED_FD_INSTALL;
import static dev.torc.uring.constants.IoUring.IORING_OP_NOP;

import dev.torc.uring.constants.IoUring;

/// Operations on rings and what they have: themselves, others, descriptors, buffers.
abstract sealed class RingSqe extends WaitSqe permits Sqe {
    RingSqe(Ring ring, Support support, Leases leases) {
        super(ring, support, leases);
    }

    /// Does nothing, and completes with 0. Since 5.1.
    public final Sqe prepareNop(long userData) {
        return prepare(IORING_OP_NOP, 0, 0, 0, 0, userData);
    }

    /// Cancels the operation that was submitted with `cancelled` as its user data; completes with
    /// 0, `-ENOENT` when there is none, `-EALREADY` when it cannot be stopped any more. `flags` are
    /// `IORING_ASYNC_CANCEL_` bits. Since 5.5.
    public final Sqe prepareCancel(long cancelled, int flags, long userData) {
        return prepare(IORING_OP_ASYNC_CANCEL, -1, target(cancelled), 0, 0, userData)
                .opFlags(flags);
    }

    /// Gives the direct descriptor `slot` a regular one, which the completion carries; it is closed
    /// on exec unless `flags` has `IORING_FIXED_FD_NO_CLOEXEC`. Since 6.8.
    public final Sqe prepareFixedFdInstall(int slot, int flags, long userData) {
        return prepare(IORING_OP_FIXED_FD_INSTALL, slot, 0, 0, 0, userData)
                .opFlags(flags)
                .mark(IoUring.IOSQE_FIXED_FILE);
    }
}
