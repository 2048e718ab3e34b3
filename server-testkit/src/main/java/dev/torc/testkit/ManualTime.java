package dev.torc.testkit;

import dev.torc.core.Server;
import dev.torc.core.spi.Transport.Counters;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// A network whose servers live in a time that only the test moves, for what waits: timeouts are
/// neither waited for, nor missed on a machine that is slow or stands still for a while. All else
/// is another network's own.
public final class ManualTime extends DerivedNetwork {
    private final AtomicLong nanos = new AtomicLong(1L << 40);

    /// The time of servers on `network`.
    public ManualTime(Network network) {
        super(network);
    }

    /// Moves time when `server` has dealt with all that has reached it, and returns when it has
    /// noticed, on each of its shards. What it does then may still be under way.
    public void advance(Server server, Duration by) {
        server.counters(); // a round trip
        nanos.addAndGet(by.toNanos());
        List<Counters> before = server.counters();
        Await.until("each shard has taken two turns", () -> hasTurned(server, before));
    }

    private static boolean hasTurned(Server server, List<Counters> before) {
        List<Counters> now = server.counters();
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i).waits() - before.get(i).waits() < 2) return false;
        }
        return true;
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }
}
