package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what another thread, or the kernel, does in its own time.
final class Await {
    private static final long DEADLINE_NANOS = 10_000_000_000L;
    private static final long PAUSE_NANOS = 200_000;

    private Await() {}

    static void until(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > DEADLINE_NANOS) fail("still waiting for: " + what);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
