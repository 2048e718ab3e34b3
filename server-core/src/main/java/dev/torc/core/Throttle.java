package dev.torc.core;

/// Lets one through a second: for log lines that a peer could otherwise repeat without end.
/// Confined to one thread.
public final class Throttle {
    private static final long INTERVAL_NANOS = 1_000_000_000;

    private long nextNanos;
    private boolean started;

    public Throttle() {}

    /// Whether a second has passed since it last said yes.
    public boolean allows(long nowNanos) {
        if (started && nowNanos - nextNanos < 0) return false;
        started = true;
        nextNanos = nowNanos + INTERVAL_NANOS;
        return true;
    }
}
