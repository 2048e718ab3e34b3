package dev.torc.uring;

import org.junit.jupiter.api.function.Executable;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/// Runs something on a thread of its own, which ends with it: for what a thread cannot take back.
final class OwnThread {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private OwnThread() {}

    /// What `test` throws is thrown here, and so is that it takes too long.
    static void run(Executable test) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    try {
                                        test.execute();
                                    } catch (Throwable failure) {
                                        thrown.set(failure);
                                    }
                                });
        if (!thread.join(LIMIT)) throw new AssertionError("it does not end");
        Throwable failure = thrown.get();
        if (failure instanceof RuntimeException exception) throw exception;
        if (failure instanceof Error error) throw error;
        if (failure != null) throw new AssertionError(failure);
    }
}
