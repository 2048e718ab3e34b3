package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Await;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Where a handler that blocks waits, each time until the test lets it through. The test knows when
/// it has come there.
final class Gate {
    private final Semaphore come = new Semaphore(0);
    private final Semaphore open = new Semaphore(0);

    /// The handler waits.
    void pass() throws InterruptedException {
        come.release();
        take("the test lets it through", open);
    }

    /// The test waits for it to come.
    void await() throws InterruptedException {
        take("a handler comes to the gate", come);
    }

    /// Lets it through, once.
    void open() {
        open.release();
    }

    private static void take(String what, Semaphore one) throws InterruptedException {
        boolean taken = one.tryAcquire(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertTrue(taken, "waited in vain until " + what);
    }
}
