package dev.torc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// All in virtual time.
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TimerWheelTest {
    private static final long TICK = 1L << 20;
    private static final long DAY = TimeUnit.DAYS.toNanos(1);
    private static final long YEAR = 365 * DAY;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void agreesWithASortedListWhateverHappens(long seed) {
        Twin twin = new Twin(seed);
        for (int step = 0; step < 5000; step++) twin.step();
        twin.runDry();
    }

    @Test
    void neverFiresEarly() {
        for (long delay :
                new long[] {1, TICK - 1, TICK, TICK + 1, 63 * TICK, 64 * TICK, 70 * TICK}) {
            Probe timer = new Probe();
            TimerWheel wheel = new TimerWheel(1000);
            wheel.schedule(timer, 1000 + delay);
            wheel.expire(1000 + delay - 1);
            assertEquals(0, timer.fired, "delay=" + delay);
            wheel.expire(1000 + delay + TICK);
            assertEquals(1, timer.fired, "delay=" + delay);
        }
    }

    @Test
    void firesOnceAndIsThenIdle() {
        TimerWheel wheel = new TimerWheel(0);
        Probe timer = new Probe();
        assertFalse(timer.scheduled());
        wheel.schedule(timer, 5 * TICK);
        assertTrue(timer.scheduled());
        assertEquals(1, wheel.count());
        wheel.expire(5 * TICK);
        wheel.expire(YEAR);
        assertEquals(1, timer.fired);
        assertFalse(timer.scheduled());
        assertEquals(0, wheel.count());
    }

    @Test
    void schedulingAgainMovesTheTimer() {
        TimerWheel wheel = new TimerWheel(0);
        Probe timer = new Probe();
        wheel.schedule(timer, 5 * TICK);
        wheel.schedule(timer, 500 * TICK);
        assertEquals(1, wheel.count());
        wheel.expire(499 * TICK);
        assertEquals(0, timer.fired);
        wheel.schedule(timer, 500 * TICK);
        wheel.expire(500 * TICK);
        assertEquals(1, timer.fired);
    }

    @Test
    void cancellingAnIdleTimerDoesNothing() {
        TimerWheel wheel = new TimerWheel(0);
        wheel.cancel(new Probe());
        assertEquals(0, wheel.count());
        assertEquals(Long.MAX_VALUE, wheel.waitNanos(0));
    }

    @Test
    void aTimerCanCancelAnotherThatIsDueInTheSameSlot() {
        for (int first = 0; first < 2; first++) {
            TimerWheel wheel = new TimerWheel(0);
            Probe[] timers = {new Probe(), new Probe()};
            timers[0].then = () -> wheel.cancel(timers[1]);
            timers[1].then = () -> wheel.cancel(timers[0]);
            wheel.schedule(timers[first], 64 * TICK);
            wheel.schedule(timers[1 - first], 64 * TICK);
            wheel.expire(YEAR);
            assertEquals(1, timers[0].fired + timers[1].fired);
            assertEquals(0, wheel.count());
        }
    }

    @Test
    void aTimerThatReschedulesItselfForNowFiresOnceAnExpire() {
        TimerWheel wheel = new TimerWheel(0);
        Probe timer = new Probe();
        timer.then = () -> wheel.schedule(timer, timer.firedAt);
        wheel.schedule(timer, TICK);
        long now = YEAR + TICK / 2;
        for (int round = 1; round <= 5; round++) {
            wheel.expire(now);
            assertEquals(round, timer.fired);
            now += TICK;
        }
    }

    @Test
    void aTimerThatReschedulesItselfForThePastDoesNotHoldUpItsExpire() {
        TimerWheel wheel = new TimerWheel(0);
        Probe timer = new Probe();
        timer.then =
                () -> {
                    if (timer.fired < 100) wheel.schedule(timer, timer.firedAt);
                };
        wheel.schedule(timer, TICK);
        wheel.expire(DAY / TICK * TICK); // the very start of a tick
        assertEquals(2, timer.fired);
        assertTrue(timer.scheduled());
    }

    /// At every level: a slot is spread over the levels below before anything in it fires.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void aTimerThatThrowsDelaysNoOther(int level) {
        long due = TICK << (6 * level);
        TimerWheel wheel = new TimerWheel(0);
        List<Probe> others = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Probe timer = new Probe();
            if (i == 5) {
                timer.then =
                        () -> {
                            throw new IllegalStateException("thrown by a timer");
                        };
            } else {
                others.add(timer);
            }
            wheel.schedule(timer, due);
            wheel.schedule(new Probe(), due + (i + 1) * 40L * TICK);
        }
        assertThrows(IllegalStateException.class, () -> wheel.expire(due));
        assertEquals(0, wheel.waitNanos(due));
        wheel.expire(due);
        for (Probe other : others) assertEquals(1, other.fired);
        assertEquals(10, wheel.count());
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25})
    void sleepingForWaitNanosFiresEverythingInFewSteps(long seed) {
        Random random = new Random(seed);
        long now = random.nextLong() >> 1;
        TimerWheel wheel = new TimerWheel(now);
        int timers = 300;
        for (int i = 0; i < timers; i++) {
            wheel.schedule(new Probe(), now + logUniform(random, 20 * YEAR));
        }
        int steps = 0;
        while (wheel.count() > 0) {
            long wait = wheel.waitNanos(now);
            String where = "seed=" + seed + ", step=" + steps + ", wait=" + wait;
            assertTrue(wait >= 0 && wait < Long.MAX_VALUE, where);
            int before = wheel.count();
            if (wait > 0) {
                wheel.expire(now + wait - 1);
                assertEquals(before, wheel.count(), where);
            }
            now += wait;
            wheel.expire(now);
            // Six levels, and once more for each time that a far one comes round: 20 years / 2.25.
            assertTrue(++steps <= timers * (6 + 10), where + ": it does not get on");
        }
        assertEquals(Long.MAX_VALUE, wheel.waitNanos(now));
    }

    @Test
    void schedulingCancellingAndExpiringAllocateNothing() {
        TimerWheel wheel = new TimerWheel(0);
        Probe[] timers = new Probe[256];
        for (int i = 0; i < timers.length; i++) timers[i] = new Probe();
        long[] now = {0};
        assertEquals(0, AllocatedBytes.of(() -> now[0] = churn(wheel, timers, now[0])));
    }

    private static long churn(TimerWheel wheel, Probe[] timers, long start) {
        long now = start;
        long state = 12345;
        for (int i = 0; i < 100_000; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            Probe timer = timers[(int) (state >>> 56)];
            if ((state & 7L << 50) == 0) {
                wheel.cancel(timer);
            } else {
                wheel.schedule(timer, now + (state >>> 30));
            }
            if (i % 10 == 0) {
                now += state >>> 34;
                wheel.expire(now);
            }
        }
        return now;
    }

    private static long logUniform(Random random, long max) {
        long bits = random.nextLong() >>> (1 + random.nextInt(62));
        return bits % max;
    }

    private static final class Probe extends TimerWheel.Timer {
        Runnable then = () -> {};
        int fired;
        long firedAt;

        @Override
        protected void onExpire(long nowNanos) {
            fired++;
            firedAt = nowNanos;
            then.run();
        }
    }

    /// The wheel beside the plainest thing that could do its work.
    private static final class Twin {
        private final long seed;
        private final Random random;
        private final TimerWheel wheel;
        private final List<Entry> entries = new ArrayList<>();
        private final Set<Entry> pending = new HashSet<>();
        private long now;
        private int steps;
        private boolean ending;

        Twin(long seed) {
            this.seed = seed;
            random = new Random(seed);
            now = random.nextLong() >> 1; // nanoTime may be negative
            wheel = new TimerWheel(now);
            for (int i = 0; i < 60; i++) entries.add(new Entry());
        }

        void step() {
            steps++;
            Entry entry = entries.get(random.nextInt(entries.size()));
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> entry.schedule();
                case 3 -> entry.cancel();
                case 4 -> expire(now + random.nextLong(3 * TICK));
                case 5 -> expire(now + logUniform(random, DAY));
                case 6 ->
                        expire(now + (random.nextInt(200) == 0 ? logUniform(random, 4 * YEAR) : 1));
                default -> sleep();
            }
            check(wheel.count() == pending.size(), "count=" + wheel.count());
            for (Entry each : entries) {
                check(each.scheduled() == pending.contains(each), "scheduled()");
            }
        }

        void sleep() {
            long wait = wheel.waitNanos(now);
            if (pending.isEmpty()) {
                check(wait == Long.MAX_VALUE, "wait=" + wait);
                return;
            }
            long next = pending.stream().mapToLong(each -> each.dueNanos).min().orElseThrow();
            check(wait >= 0 && wait <= Math.max(0, next + TICK - now), "wait=" + wait);
            if (wait <= YEAR) expire(now + wait);
        }

        void runDry() {
            ending = true;
            expire(now + 200 * YEAR);
            check(pending.isEmpty() && wheel.count() == 0, "left=" + pending.size());
        }

        void expire(long time) {
            now = time;
            wheel.expire(now);
            for (Entry each : pending) {
                check(now < each.dueNanos + TICK, "late by " + (now - each.dueNanos));
            }
        }

        void check(boolean holds, String what) {
            assertTrue(holds, () -> what + ": seed=" + seed + ", step=" + steps);
        }

        private final class Entry extends TimerWheel.Timer {
            long deadline;
            long dueNanos;
            int again;

            void schedule() {
                again = random.nextInt(3);
                scheduleAt(now + logUniform(random, 10 * YEAR) - random.nextLong(3 * TICK));
            }

            void scheduleAt(long deadlineNanos) {
                deadline = deadlineNanos;
                dueNanos = Math.max(deadlineNanos, now); // a past deadline is due now
                pending.add(this);
                wheel.schedule(this, deadlineNanos);
            }

            void cancel() {
                pending.remove(this);
                wheel.cancel(this);
            }

            @Override
            protected void onExpire(long nowNanos) {
                check(nowNanos == now, "time handed over");
                check(pending.remove(this), "fired though not scheduled");
                check(deadline <= now, "early by " + (deadline - now));
                check(!scheduled(), "scheduled while it fires");
                if (ending) return;
                if (again-- > 0) scheduleAt(now + logUniform(random, YEAR));
                if (random.nextInt(4) == 0) entries.get(random.nextInt(entries.size())).cancel();
                if (random.nextInt(8) == 0 && random.nextBoolean()) {
                    entries.get(random.nextInt(entries.size())).scheduleAt(now + TICK);
                }
            }
        }
    }
}
