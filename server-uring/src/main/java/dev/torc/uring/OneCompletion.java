package dev.torc.uring;

import org.jspecify.annotations.Nullable;

/// Keeps the one completion that it is handed.
final class OneCompletion implements CompletionHandler {
    private long userData;
    private int result;
    private int flags;

    @Override
    public void onCompletion(long userData, int result, int flags) {
        this.userData = userData;
        this.result = result;
        this.flags = flags;
    }

    /// Submits what is prepared, and takes the next completion of `ring`; null when there is none
    /// within `waitNanos`.
    @Nullable Completion take(Ring ring, long waitNanos) {
        boolean waiting = !ring.hasCompletions();
        if (waiting || ring.pendingCount() > 0) {
            int entered = ring.submitAndWait(waiting ? waitNanos : 0);
            if (!Cancellation.isPassing(entered)) RingException.check("io_uring_enter", entered);
        }
        return ring.drain(this, 1) == 0 ? null : new Completion(userData, result, flags);
    }
}
