package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_OP_TIMEOUT;
import static dev.torc.uring.constants.IoUring.IORING_OP_TIMEOUT_REMOVE;
import static dev.torc.uring.constants.IoUring.IORING_TIMEOUT_UPDATE;

import dev.torc.uring.abi.Timespec;

/// Operations that wait for something: time, readiness, a futex, a process.
abstract sealed class WaitSqe extends MessageSqe permits RingSqe {
    WaitSqe(Ring ring, Support support, Leases leases) {
        super(ring, support, leases);
    }

    /// Completes with `-ETIME` when `nanos` have passed, or with 0 after `completions` others when
    /// that is not 0. `flags` are `IORING_TIMEOUT_` bits. Since 5.4.
    public final Sqe prepareTimeout(long nanos, int completions, int flags, long userData) {
        long timespec = timespec(nanos);
        Sqe sqe = prepare(IORING_OP_TIMEOUT, -1, timespec, 1, completions, userData);
        return sqe.opFlags(flags);
    }

    /// Gives the timeout that was submitted with `updated` as its user data another time. `flags`
    /// are `IORING_TIMEOUT_ABS` and clocks. Since 5.11.
    public final Sqe prepareTimeoutUpdate(long nanos, long updated, int flags, long userData) {
        long timespec = timespec(nanos);
        Sqe sqe = prepare(IORING_OP_TIMEOUT_REMOVE, -1, target(updated), 0, timespec, userData);
        return sqe.opFlags(flags | IORING_TIMEOUT_UPDATE);
    }

    private long timespec(long nanos) {
        if (nanos < 0) throw new IllegalArgumentException("nanos must not be negative: " + nanos);
        long timespec = scratch();
        Timespec.put(timespec, nanos);
        return timespec;
    }
}
