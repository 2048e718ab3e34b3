package dev.torc.core;

import dev.torc.core.spi.TransportProvider;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Tells the log of callbacks that hold their shard for too long, since nobody else on it is served
/// meanwhile: what is attended to, how long, and the stack; and once more when it is over.
///
/// A thread of its own for each server, which looks four times within the limit. A process that was
/// stopped as a whole is not a shard's fault: the watchdog sees that it was late itself.
final class Watchdog {
    private static final Logger LOG = System.getLogger(Watchdog.class.getName());
    private static final int LOOKS = 4;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final List<Watch> watches;
    private final TransportProvider provider;
    private final CompletableFuture<?> ended;
    private final long limitNanos;
    private final long intervalNanos;

    private Watchdog(List<Shard> shards, TransportProvider provider, Duration limit) {
        watches = shards.stream().map(Watch::new).toList();
        this.provider = provider;
        ended = CompletableFuture.allOf(endsOf(shards));
        limitNanos = limit.toNanos();
        intervalNanos = limitNanos / LOOKS;
    }

    /// Looks after `shards`, until all of them have ended.
    static void start(List<Shard> shards, TransportProvider provider, Duration limit) {
        Watchdog watchdog = new Watchdog(shards, provider, limit);
        Thread.ofPlatform().name("torc-watchdog").daemon().start(watchdog::run);
    }

    private static CompletableFuture<?>[] endsOf(List<Shard> shards) {
        return shards.stream().map(Shard::ended).toArray(CompletableFuture<?>[]::new);
    }

    private void run() {
        long looked = System.nanoTime();
        while (!endWithin(intervalNanos)) {
            long now = System.nanoTime();
            boolean inTime = now - looked < 2 * intervalNanos;
            looked = now;
            for (Watch watch : watches) watch.look(inTime);
        }
    }

    private boolean endWithin(long nanos) {
        try {
            ended.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException goesOn) {
            return false;
        } catch (InterruptedException interrupted) {
            return true;
        } catch (ExecutionException impossible) {
            throw new AssertionError("a shard's end carries no failure", impossible);
        }
    }

    /// What was seen of one shard.
    private final class Watch {
        private final Shard shard;
        private final Throttle throttle = new Throttle();
        private long seenNanos = Shard.NOT_BUSY;
        private long reportedNanos = Shard.NOT_BUSY;
        private String name = "";

        Watch(Shard shard) {
            this.shard = shard;
        }

        void look(boolean inTime) {
            long now = provider.nanoTime();
            long since = shard.busySinceNanos();
            boolean seenBefore = since == seenNanos;
            seenNanos = since;
            if (reportedNanos != Shard.NOT_BUSY && since != reportedNanos) {
                over(now - reportedNanos);
                reportedNanos = Shard.NOT_BUSY;
            }
            boolean held = since != Shard.NOT_BUSY && now - since >= limitNanos;
            if (held && seenBefore && inTime && since != reportedNanos) report(since, now);
        }

        private void report(long since, long now) {
            Object attended = shard.attended();
            Throwable stack = new Throwable("what shard " + shard.index() + " is doing");
            stack.setStackTrace(shard.stack());
            if (shard.busySinceNanos() != since) return; // over just now
            if (!throttle.allows(now)) return;
            reportedNanos = since;
            name = nameOf(attended);
            LOG.log(
                    Level.WARNING,
                    "shard "
                            + shard.index()
                            + " has been held for "
                            + (now - since) / NANOS_PER_MILLI
                            + " ms by "
                            + name
                            + ", and serves nobody else meanwhile: what takes time belongs into a"
                            + " blocking handler"
                            + throttle.heldBack(),
                    stack);
        }

        private void over(long nanos) {
            LOG.log(
                    Level.WARNING,
                    "shard "
                            + shard.index()
                            + " goes on: "
                            + name
                            + " has held it for about "
                            + nanos / NANOS_PER_MILLI
                            + " ms");
        }

        private static String nameOf(@Nullable Object attended) {
            return attended == null ? "what its stack says" : attended.toString();
        }
    }
}
