package dev.torc.core;

/// Lets one through a second and counts the others: for log lines that a peer could otherwise
/// repeat without end. For any number of threads; a lock, since nothing is logged in a hurry.
public final class Throttle {
    private static final long INTERVAL_NANOS = 1_000_000_000;

    private long nextNanos;
    private boolean started;
    private long heldBack;

    public Throttle() {}

    /// Whether a second has passed since it last said yes.
    public synchronized boolean allows(long nowNanos) {
        if (started && nowNanos - nextNanos < 0) {
            heldBack++;
            return false;
        }
        started = true;
        nextNanos = nowNanos + INTERVAL_NANOS;
        return true;
    }

    /// For the end of a line that was let through: how many were held back since it was last asked.
    /// Empty if none was.
    public synchronized String heldBack() {
        long count = heldBack;
        heldBack = 0;
        return count == 0 ? "" : " (" + count + " more like it were not logged)";
    }
}
