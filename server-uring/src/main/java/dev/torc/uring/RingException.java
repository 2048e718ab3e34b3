package dev.torc.uring;

import dev.torc.uring.constants.Errno;

/// The kernel refused something about a ring: what, and with which errno.
public sealed class RingException extends RuntimeException permits UnsupportedException {
    private static final long serialVersionUID = 2;

    private final String operation;
    private final int errno;

    /// `result` is the kernel's answer: the negated errno.
    public RingException(String operation, int result) {
        this(operation, Errno.describe(result), result);
    }

    RingException(String operation, String reason, int result) {
        super(operation + ": " + reason);
        this.operation = operation;
        errno = Math.abs(result);
    }

    /// What was refused, by its name in C: `io_uring_setup`, `IORING_REGISTER_FILES2`.
    public String operation() {
        return operation;
    }

    /// The error number, positive.
    public int errno() {
        return errno;
    }

    /// The error's name: `EINVAL`.
    public String errnoName() {
        return Errno.name(errno);
    }

    /// Returns `result` when it is not an error.
    ///
    /// @throws RingException when it is one
    public static int check(String operation, long result) {
        if (result < 0) throw new RingException(operation, (int) result);
        return (int) result;
    }
}
