package dev.torc.testkit;

import dev.torc.core.RunningServer;
import dev.torc.core.spi.Transport.Counters;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A server, and the check that it has let go of everything before it is stopped.
final class ServerUnderTest implements AutoCloseable {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);
    private static final long LOOK_NANOS = 200_000;

    private final RunningServer server;
    private final Duration patience;

    /// What the shards hold, all together.
    private record Held(int connections, int buffers, long slices, List<Counters> counters) {
        static Held by(RunningServer server) {
            List<Counters> counters = server.counters();
            return new Held(
                    counters.stream().mapToInt(Counters::open).sum(),
                    counters.stream().mapToInt(Counters::buffersOut).sum(),
                    server.slicesTaken(),
                    counters);
        }

        boolean isNothing() {
            return connections == 0 && buffers == 0 && slices == 0;
        }
    }

    /// `patience`: how long everything may take to come back.
    ServerUnderTest(RunningServer server, Duration patience) {
        this.server = server;
        this.patience = patience;
    }

    RunningServer server() {
        return server;
    }

    /// Stops the server; fails when, with every client gone, it still holds something.
    void finish() {
        try {
            expectNothingHeld();
        } catch (AssertionError leak) {
            close();
            throw leak;
        }
        if (!server.stop(STOP_DEADLINE)) {
            throw new AssertionError("the server did not stop within " + STOP_DEADLINE);
        }
    }

    /// Stops the server, unless it has been.
    @Override
    public void close() {
        server.stop(Duration.ZERO);
    }

    private void expectNothingHeld() {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        Held held = held();
        while (!held.isNothing() && System.nanoTime() - deadlineNanos < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
            held = held();
        }
        if (held.isNothing()) return;
        throw new AssertionError(
                "with every TestClient closed the server still holds, after "
                        + patience.toMillis()
                        + " ms, "
                        + held
                        + ". A connection: close the test's own clients, answer every request."
                        + " A slice: release what is taken.");
    }

    /// A shard whose handler never returns cannot tell. Not on the common pool: on two CPUs that
    /// has a single thread, which may be the test's.
    private Held held() {
        Executor ownThread = task -> Thread.ofPlatform().daemon().start(task);
        try {
            return CompletableFuture.supplyAsync(() -> Held.by(server), ownThread)
                    .orTimeout(patience.toMillis() + 1000, TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException hung) {
            throw new AssertionError("a shard does not answer: does a handler block it?", hung);
        }
    }
}
