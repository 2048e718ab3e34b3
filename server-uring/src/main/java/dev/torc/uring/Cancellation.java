package dev.torc.uring;

import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Ends what a ring still has with the kernel when it is closed.
final class Cancellation {
    private static final int TURNS_MAX = 100;
    private static final long TURN_NANOS = 10_000_000;

    private static final Logger LOG = System.getLogger(Ring.class.getName());

    private static final CompletionHandler NOBODY = (_, _, _) -> {};

    private Cancellation() {}

    /// Cancels everything and waits until no operation holds memory any more, for a second at most.
    static void endAll(Ring ring) {
        int all = IoUring.IORING_ASYNC_CANCEL_ANY | IoUring.IORING_ASYNC_CANCEL_ALL;
        for (int turn = 0; turn < TURNS_MAX && ring.lendingCount() > 0; turn++) {
            // Again and again: an operation that a kernel thread was about to begin is missed.
            if (ring.pendingCount() < ring.entries()) ring.next().prepareCancel(0, all, 0);
            int result = ring.submitAndWait(TURN_NANOS);
            drainAll(ring);
            if (result < 0 && !isPassing(result)) return;
        }
    }

    /// Another ring may have sent anything as user data: what is not outstanding is passed over.
    private static void drainAll(Ring ring) {
        while (ring.hasCompletions()) {
            try {
                ring.drain(NOBODY);
            } catch (IllegalStateException unknown) {
                LOG.log(Level.ERROR, "a completion of an unknown operation", unknown);
            }
        }
    }

    static void report(int left) {
        if (left > 0) LOG.log(Level.ERROR, "{0} operations do not end; their memory is kept", left);
    }

    /// Whether to look at the completions and try again is what `-errno` of an enter asks for.
    static boolean isPassing(int result) {
        return result == -Errno.ETIME
                || result == -Errno.EINTR
                || result == -Errno.EBUSY
                || result == -Errno.EAGAIN;
    }
}
