package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.testkit.Await;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// What [HealthTest] cannot bring about: a limit of threads that is reached.
class BoundedCheckTest {
    private static final Duration AMPLE = Duration.ofSeconds(Await.PATIENCE_SECONDS);

    private final AtomicInteger refusals = new AtomicInteger();
    private final BoundedCheck check =
            new BoundedCheck("database", AMPLE, () -> {}, this::refusedOnce);

    /// The first thread does not start, as where `pids.max` is reached (cgroups(7)).
    private Thread refusedOnce(Runnable task) {
        if (refusals.getAndIncrement() > 0) return Thread.ofPlatform().daemon().unstarted(task);
        return new Thread(task) {
            @Override
            public void start() {
                // The JVM's own is an OutOfMemoryError, with which JUnit would end, too.
                throw new InternalError("unable to create native thread");
            }
        };
    }

    @Test
    void aThreadThatDoesNotStartIsAFailureUntilOneDoes() throws Exception {
        CheckResult refused = check.result().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertEquals("unable to create native thread", refused.reason());
        Await.until("one has started", () -> check.result().getNow(refused).isUp());
    }
}
