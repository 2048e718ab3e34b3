package dev.torc.uring;

import org.jspecify.annotations.Nullable;

/// Keeps the one completion that it is handed.
final class OneCompletion implements CompletionHandler {
    private static final String ENTER = "io_uring_enter";

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
    /// within `waitNanos` (`Long.MAX_VALUE`: for ever).
    @Nullable Completion take(Ring ring, long waitNanos) {
        long start = System.nanoTime();
        long left = waitNanos;
        do {
            boolean waiting = !ring.hasCompletions();
            if (waiting || ring.pendingCount() > 0) {
                int entered = ring.submitAndWait(waiting ? left : 0);
                if (!Cancellation.isPassing(entered)) RingException.check(ENTER, entered);
            }
            if (ring.drain(this, 1) == 1) return new Completion(userData, result, flags);
            // A signal ends a wait before its time, and so does a process that is frozen.
            if (waitNanos != Long.MAX_VALUE) left = waitNanos - (System.nanoTime() - start);
        } while (left > 0);
        return null;
    }
}
