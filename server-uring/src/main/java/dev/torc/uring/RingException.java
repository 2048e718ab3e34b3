package dev.torc.uring;

import dev.torc.uring.abi.Errno;

/// The kernel refused an operation on a ring: which one, and with which errno.
public final class RingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int errno;

    /// `result` is the kernel's answer: the negated errno.
    public RingException(String operation, int result) {
        super(operation + ": " + Errno.describe(result));
        errno = -result;
    }

    /// The error number, positive.
    public int errno() {
        return errno;
    }

    /// Returns `result` when it is not an error.
    static int check(String operation, long result) {
        if (result < 0) throw new RingException(operation, (int) result);
        return (int) result;
    }
}
