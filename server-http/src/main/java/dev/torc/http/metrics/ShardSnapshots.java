package dev.torc.http.metrics;

import dev.torc.core.RunningServer;
import dev.torc.core.ShardCounters;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// What the shards of a server told last, asked again when that is old. However many meters are
/// read, and however often, the shards are asked ten times a second at most; one that is held by a
/// handler is waited for a moment, and then what it had told before stands. Thread-safe.
final class ShardSnapshots {
    private static final long AGE_NANOS_MAX = 100_000_000;
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private final RunningServer server;
    private final ReentrantLock asking = new ReentrantLock();
    private final @Nullable ShardCounters[] latest;
    private final boolean[] answering;
    private long askedNanos;

    ShardSnapshots(RunningServer server, int shards) {
        this.server = server;
        latest = new ShardCounters[shards];
        answering = new boolean[shards];
        askedNanos = System.nanoTime() - AGE_NANOS_MAX;
    }

    /// Null if the shard has not told anything yet.
    @Nullable ShardCounters of(int shard) {
        refresh();
        return latest[shard];
    }

    /// Whether the shard told something when it was asked last.
    boolean answers(int shard) {
        refresh();
        return answering[shard];
    }

    private void refresh() {
        asking.lock();
        try {
            if (System.nanoTime() - askedNanos < AGE_NANOS_MAX) return;
            List<ShardCounters> told = server.shardCounters(PATIENCE);
            Arrays.fill(answering, false);
            for (ShardCounters counters : told) {
                latest[counters.index()] = counters;
                answering[counters.index()] = true;
            }
            askedNanos = System.nanoTime();
        } finally {
            asking.unlock();
        }
    }
}
