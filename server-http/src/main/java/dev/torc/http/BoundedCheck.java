package dev.torc.http;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// A [HealthCheck] that runs once at a time, for a bounded time as far as others wait for it, and
/// whose result serves everyone who asks within a second. Thread-safe; whoever asks never blocks.
final class BoundedCheck {
    private static final long KEPT_NANOS = 1_000_000_000;

    private final String name;
    private final HealthCheck check;
    private final ThreadFactory threads;
    private final long timeoutMillis;
    private final AtomicReference<@Nullable Run> latest = new AtomicReference<>();

    BoundedCheck(String name, Duration timeout, HealthCheck check) {
        // Of the platform: a check that never ends must not hold one of the few threads that
        // virtual ones share.
        this(name, timeout, check, Thread.ofPlatform().daemon().factory());
    }

    BoundedCheck(String name, Duration timeout, HealthCheck check, ThreadFactory threads) {
        this.name = name;
        this.check = check;
        this.threads = threads;
        timeoutMillis = timeout.toMillis();
    }

    String name() {
        return name;
    }

    CompletableFuture<CheckResult> result() {
        while (true) {
            Run last = latest.get();
            if (last != null && last.serves()) return last.result();
            Run next = new Run();
            if (latest.compareAndSet(last, next)) {
                next.start();
                return next.result();
            }
        }
    }

    /// One run of the check, on a thread of its own.
    private final class Run {
        private final CompletableFuture<CheckResult> told = new CompletableFuture<>();
        private final long startNanos = System.nanoTime();
        private final Thread thread = threads.newThread(this::run);
        private volatile boolean ended;
        private volatile long endNanos;

        /// Where there can be no thread (pids.max, ulimit -u), it has failed, and is tried again as
        /// any other.
        void start() {
            String late = "no answer within " + timeoutMillis + " ms";
            CheckResult timedOut = new CheckResult(name, late, timeoutMillis);
            try {
                told.completeOnTimeout(timedOut, timeoutMillis, TimeUnit.MILLISECONDS);
                thread.setName("torc-check-" + name);
                thread.start();
            } catch (Throwable failure) {
                end(CheckResult.failed(name, failure, millis()));
            }
        }

        private void run() {
            CheckResult result;
            try {
                // When its time is over before this thread came to run, it is over.
                var _ = told.whenComplete((_, _) -> thread.interrupt());
                check.check();
                result = new CheckResult(name, null, millis());
            } catch (Throwable failure) {
                result = CheckResult.failed(name, failure, millis());
            }
            end(result);
        }

        private void end(CheckResult result) {
            endNanos = System.nanoTime();
            ended = true;
            told.complete(result);
        }

        /// Whether it need not be, or must not yet be, run again.
        boolean serves() {
            return !ended || System.nanoTime() - endNanos < KEPT_NANOS;
        }

        /// Of one that goes on although its time is over, how long it has.
        CompletableFuture<CheckResult> result() {
            if (!told.isDone() || ended) return told;
            String stuck = "has been running for " + millis() + " ms";
            return CompletableFuture.completedFuture(new CheckResult(name, stuck, millis()));
        }

        private long millis() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        }
    }
}
