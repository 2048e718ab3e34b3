package dev.torc.testkit.sim;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// Time, chance and what is going to happen: the part of a simulation that everything in it shares.
///
/// Everything simulated is guarded by [#lock]. In *virtual* time only one thread ever runs: a shard
/// that waits in the kernel is parked, and the thread that drives the simulation (the test's) lets
/// one of them go on, or, when none can, moves time to the next event. So a seed always gives the
/// same run. In *real* time threads run as they like, which suits tests with blocking clients on
/// threads of their own.
final class World {
    private static final long PATIENCE_SECONDS = 10;
    private static final long STEPS_MAX = 2_000_000;
    private static final long FOREIGN_PATIENCE_NANOS = 5_000_000_000L;

    final ReentrantLock lock = new ReentrantLock();
    final long seed;
    final Faults faults;
    final SplittableRandom chance;

    private final boolean virtual;
    private final Thread driver = Thread.currentThread();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<SimRing> rings = new ArrayList<>();
    private long nowNanos;
    private long eventCount;
    private long stepCount;
    private long trace;
    private boolean foreign;
    private @Nullable AssertionError failure;

    World(long seed, Faults faults, boolean virtual) {
        this.seed = seed;
        this.faults = faults;
        this.virtual = virtual;
        chance = new SplittableRandom(seed);
        // Anywhere: a clock of the kind of System.nanoTime may be negative and may wrap.
        nowNanos = chance.nextInt(4) == 0 ? Long.MAX_VALUE - chance.nextInt() : chance.nextLong();
    }

    private record Event(long timeNanos, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(timeNanos - other.timeNanos, 0);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /// What is done with the lock held.
    interface Call<T extends @Nullable Object, E extends Exception> {
        T run() throws E;
    }

    <T extends @Nullable Object, E extends Exception> T locked(Call<T, E> call) throws E {
        lock.lock();
        try {
            return call.run();
        } finally {
            lock.unlock();
        }
    }

    /// The same for the driver, who first waits until every shard is parked.
    <T extends @Nullable Object, E extends Exception> T driven(Call<T, E> call) throws E {
        return locked(
                () -> {
                    quiesce();
                    return call.run();
                });
    }

    // ---- time and chance

    long nowNanos() {
        return virtual ? locked(() -> nowNanos) : System.nanoTime();
    }

    boolean isVirtual() {
        return virtual;
    }

    /// Whether something that happens `perMille` of the times happens now.
    boolean happens(int perMille) {
        return perMille > 0 && chance.nextInt(1000) < perMille;
    }

    /// A delay as the network has it: mostly short.
    long delayNanos() {
        long max = faults.delayNanosMax();
        if (max == 0) return 0;
        return chance.nextLong(1 + (chance.nextInt(8) == 0 ? max : 1 + max / 64));
    }

    /// Lets `action` happen, with the lock held, `delayNanos` from now.
    void schedule(long delayNanos, Runnable action) {
        long order = faults.reordered() ? chance.nextInt() : 0;
        eventCount++;
        long now = virtual ? nowNanos : System.nanoTime();
        events.add(new Event(now + delayNanos, (order << 32) + eventCount, action));
        changed.signalAll();
    }

    /// Adds to what tells this run from another.
    void trace(long value) {
        trace = (trace ^ value) * 0x9E3779B97F4A7C15L;
        trace ^= trace >>> 29;
    }

    long trace() {
        return trace;
    }

    // ---- failures

    /// Notes that a rule was broken; the driving thread throws it.
    void fail(String what) {
        if (failure == null) failure = new AssertionError(what + replay());
        changed.signalAll();
    }

    void check() {
        if (failure != null) throw failure;
    }

    String replay() {
        return " [replay: -Dtorc.sim.seed=" + seed + "]";
    }

    // ---- shards

    void add(SimRing ring) {
        rings.add(ring);
    }

    void remove(SimRing ring) {
        rings.remove(ring);
        changed.signalAll();
    }

    List<SimRing> rings() {
        return rings;
    }

    /// Something has changed that a thread may be waiting for.
    void signal() {
        changed.signalAll();
    }

    /// Notes when another thread than the driver's or a shard's takes part, in its own time.
    void noteThread() {
        Thread thread = Thread.currentThread();
        boolean known = thread.equals(driver);
        for (SimRing ring : rings) known |= thread.equals(ring.thread);
        foreign |= !known;
    }

    /// The shard of `ring` waits in the kernel until there is something for it.
    void park(SimRing ring, long deadlineNanos) {
        // What is broken stands still, and leaves the rest of its memory alone.
        while (failure != null) ring.granted.awaitUninterruptibly();
        if (virtual) {
            if (deadlineNanos != Long.MAX_VALUE) schedule(deadlineNanos - nowNanos, ring::timeUp);
            ring.parked = true;
            changed.signalAll();
            while (ring.parked) ring.granted.awaitUninterruptibly();
            return;
        }
        while (!ring.hasWork() && (deadlineNanos == Long.MAX_VALUE || left(deadlineNanos) > 0)) {
            runDue();
            if (!ring.hasWork()) sleep(deadlineNanos);
        }
    }

    // ---- driving

    /// Lets things happen until `done`, at the latest at `deadlineNanos` (`Long.MAX_VALUE`: without
    /// end). Whether it is done. Called with the lock held, by the driver or, in real time, by any
    /// thread.
    boolean await(BooleanSupplier done, long deadlineNanos) {
        boolean bounded = deadlineNanos != Long.MAX_VALUE;
        while (true) {
            if (virtual) {
                settle();
            } else {
                runDue();
            }
            check();
            if (done.getAsBoolean()) return true;
            if (bounded && left(deadlineNanos) <= 0) return false;
            if (!virtual) {
                sleep(deadlineNanos);
            } else if (!advance(deadlineNanos) && !awaitForeign()) {
                return false;
            }
        }
    }

    /// Moves virtual time forward without anything happening on the way, as when a machine was
    /// suspended.
    void jump(long nanos) {
        settle();
        nowNanos += nanos;
    }

    /// Waits until every shard is parked.
    void quiesce() {
        for (int i = 0; virtual && failure == null && i < rings.size(); ) {
            if (rings.get(i).parked) {
                i++;
            } else {
                awaitChange();
                i = 0;
            }
        }
    }

    /// Lets the shards run, one at a time, until each of them waits for something to happen.
    private void settle() {
        while (true) {
            quiesce();
            if (failure != null) return;
            List<SimRing> ready = rings.stream().filter(SimRing::hasWork).toList();
            if (ready.isEmpty()) return;
            SimRing next = ready.get(chance.nextInt(ready.size()));
            next.parked = false;
            next.granted.signal();
        }
    }

    /// The next event happens, or time reaches the deadline. False when nothing will ever happen.
    private boolean advance(long deadlineNanos) {
        Event next = events.peek();
        boolean bounded = deadlineNanos != Long.MAX_VALUE;
        if (next == null && !bounded) return false;
        if (next == null || (bounded && next.timeNanos - deadlineNanos > 0)) {
            nowNanos = deadlineNanos;
            return true;
        }
        events.remove();
        if (next.timeNanos - nowNanos > 0) nowNanos = next.timeNanos;
        next.action.run();
        if (++stepCount > STEPS_MAX) throw new AssertionError("it never ends" + replay());
        return true;
    }

    private void runDue() {
        Event next = events.peek();
        while (next != null && next.timeNanos - System.nanoTime() <= 0) {
            events.remove();
            next.action.run();
            next = events.peek();
        }
    }

    private long left(long deadlineNanos) {
        return deadlineNanos - (virtual ? nowNanos : System.nanoTime());
    }

    /// Sleeps in real time until something changes, the next event is due or time is up.
    @SuppressWarnings("WaitNotInLoop") // every caller looks again
    private void sleep(long deadlineNanos) {
        Event next = events.peek();
        long nanos = deadlineNanos == Long.MAX_VALUE ? Long.MAX_VALUE : left(deadlineNanos);
        if (next != null) nanos = Math.min(nanos, left(next.timeNanos));
        try {
            if (nanos > 0) changed.awaitNanos(nanos);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while simulating", interrupted);
        }
    }

    /// Nothing will happen by itself; but a thread outside of the simulation may be about to wake a
    /// shard, if one has done so before.
    private boolean awaitForeign() {
        if (!foreign) return false;
        long deadlineNanos = System.nanoTime() + FOREIGN_PATIENCE_NANOS;
        while (rings.stream().noneMatch(SimRing::hasWork)) {
            try {
                long left = deadlineNanos - System.nanoTime();
                if (left <= 0) return false;
                changed.awaitNanos(left);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("WaitNotInLoop") // every caller looks again
    private void awaitChange() {
        try {
            if (!changed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("a shard does not come back to the kernel" + replay());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while simulating", interrupted);
        }
    }
}
