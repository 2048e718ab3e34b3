package dev.torc.uring;

import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

/// One completion as an object, for programs that take them one by one: [Ring#take()].
///
/// @param userData the operation's
/// @param result what it returned, `-errno` when it failed
/// @param flags `IORING_CQE_F_` bits
public record Completion(long userData, int result, int flags) {
    /// Whether the operation will have more completions.
    public boolean hasMore() {
        return (flags & IoUring.IORING_CQE_F_MORE) != 0;
    }

    /// The buffer that the kernel picked, or -1.
    public int bufferId() {
        boolean has = (flags & IoUring.IORING_CQE_F_BUFFER) != 0;
        return has ? flags >>> IoUring.IORING_CQE_BUFFER_SHIFT : -1;
    }

    /// The result, when it is a success.
    ///
    /// @throws RingException when it is an error of `operation`
    public int check(String operation) {
        return RingException.check(operation, result);
    }

    @Override
    public String toString() {
        String outcome = result < 0 ? Errno.describe(result) : Integer.toString(result);
        return "0x" + Long.toHexString(userData) + ": " + outcome + ", flags=" + flags;
    }
}
