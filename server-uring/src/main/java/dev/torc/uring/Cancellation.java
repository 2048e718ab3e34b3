package dev.torc.uring;

import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Ends what a ring still has with the kernel when it is closed.
final class Cancellation {
    private static final long LIMIT_NANOS = 1_000_000_000;
    private static final long TURN_NANOS = 10_000_000;

    private static final Logger LOG = System.getLogger(Ring.class.getName());

    private static final CompletionHandler NOBODY = (_, _, _) -> {};

    private Cancellation() {}

    /// Cancels everything and waits until no operation holds memory any more, for a second at most.
    static void endAll(Ring ring) {
        long start = System.nanoTime();
        while (ring.lendingCount() > 0 && System.nanoTime() - start < LIMIT_NANOS) {
            // Again and again: an operation that a kernel thread was about to begin is missed.
            int cancels = prepareCancels(ring);
            // They complete at once: what is waited for comes after them.
            int result = ring.submitAndWait(cancels + 1, TURN_NANOS);
            drainAll(ring);
            if (result < 0 && !isPassing(result)) return;
        }
    }

    private static int prepareCancels(Ring ring) {
        // A polled ring refuses to cancel, and does not poll while that has to be drained.
        boolean polled = (ring.setupFlags() & IoUring.IORING_SETUP_IOPOLL) != 0;
        if (polled || ring.pendingCount() == ring.entries()) return 0;
        if (!ring.support().isFrom(5, 19)) return prepareCancelOfEach(ring);
        int all = IoUring.IORING_ASYNC_CANCEL_ANY | IoUring.IORING_ASYNC_CANCEL_ALL;
        ring.next().prepareCancel(0, all, 0);
        return 1;
    }

    /// For kernels that cannot cancel all together: as many as there is room for.
    private static int prepareCancelOfEach(Ring ring) {
        Leases leases = ring.sqe().leases();
        int count = 0;
        long token = leases.after(Leases.NONE);
        while (token != Leases.NONE && ring.pendingCount() < ring.entries()) {
            ring.next().prepare(IoUring.IORING_OP_ASYNC_CANCEL, -1, token, 0, 0, 0);
            count++;
            token = leases.after(token);
        }
        return count;
    }

    /// Another ring may have sent anything as user data: what is not outstanding is passed over.
    /// And it may go on to send: only as many are drained as are there now.
    private static void drainAll(Ring ring) {
        for (int left = ring.readyCount(); left > 0 && ring.hasCompletions(); left--) {
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
