package dev.torc.testkit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what another thread, or the kernel, does in its own time, and fails when it has not
/// within a generous time.
public final class Await {
    /// How long anything in a test may take before the test fails.
    public static final long PATIENCE_SECONDS = 20;

    private static final long LOOK_NANOS = 200_000;

    private Await() {}

    /// Returns when `condition` holds. `what` completes "waited in vain until ...".
    public static void until(String what, BooleanSupplier condition) {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new AssertionError("waited in vain until " + what);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
