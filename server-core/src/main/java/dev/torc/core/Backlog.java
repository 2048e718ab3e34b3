package dev.torc.core;

import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/// Work that connections have put off: one after the other, for a bounded time of each turn. So
/// what a few of them have to do in all delays what just arrives for the others by that time, and
/// not by as long as it takes. On the shard's thread; allocates only to grow.
final class Backlog {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final LongSupplier clock;
    private final long turnNanos;

    /// `turnNanos` is what they may take of a turn.
    Backlog(LongSupplier clock, long turnNanos) {
        this.clock = clock;
        this.turnNanos = turnNanos;
    }

    void add(Runnable task) {
        tasks.add(task);
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /// Runs those that were here before, one at least, until the time is over. A task that has more
    /// to do puts itself off again, behind the others.
    void run() {
        if (tasks.isEmpty()) return;
        long start = clock.getAsLong();
        int left = tasks.size();
        do {
            tasks.remove().run();
            left--;
        } while (left > 0 && clock.getAsLong() - start < turnNanos);
    }
}
