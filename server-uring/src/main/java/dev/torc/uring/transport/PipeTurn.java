package dev.torc.uring.transport;

/// One transfer's place in the line for a pipe of [PipePool]. On the shard's thread.
final class PipeTurn {
    private final Runnable goOn;
    private boolean waiting;
    private boolean promised;

    /// `goOn` is run when a pipe is kept for it; it takes the pipe later, not within the call.
    PipeTurn(Runnable goOn) {
        this.goOn = goOn;
    }

    /// Whether it stands in the line.
    boolean isWaiting() {
        return waiting;
    }

    // ---- the pool's side

    void queued() {
        waiting = true;
    }

    void left() {
        waiting = false;
    }

    /// A pipe is kept for it.
    void promise() {
        waiting = false;
        promised = true;
        goOn.run();
    }

    /// Whether one was kept; it is not any more.
    boolean takePromise() {
        boolean had = promised;
        promised = false;
        return had;
    }
}
