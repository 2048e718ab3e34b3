package dev.torc.uring;

import dev.torc.uring.constants.Errno;

/// The running kernel does not have what was asked for. Thrown before anything is submitted; the
/// ring is as it was.
public final class UnsupportedException extends RingException {
    private static final long serialVersionUID = 1;

    private final int neededMajor;
    private final int neededMinor;

    UnsupportedException(String operation, KernelRelease needed) {
        super(
                operation,
                "not supported by this kernel, it needs Linux " + needed,
                Errno.EOPNOTSUPP);
        neededMajor = needed.major();
        neededMinor = needed.minor();
    }

    /// The first release of Linux that has it.
    public KernelRelease needed() {
        return new KernelRelease(neededMajor, neededMinor);
    }
}
