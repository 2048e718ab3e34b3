package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.uring.constants.Errno;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WaitsTest {
    private static final long MILLISECOND = 1_000_000;
    private static final int TRIES = 5;
    private static final long LONG = 10_000 * MILLISECOND;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    /// Two of three completions are there: the wait goes on for the shortest time, and no longer.
    @Test
    void aShortestWaitGathersCompletions() {
        try (Rig rig = new Rig()) {
            Waits waits = rig.ring.waits();
            long waited = 0;
            // A signal may end one of them early, and that cannot be told from its result.
            for (int i = 0; i < TRIES && waited < 20 * MILLISECOND; i++) {
                rig.next().prepareNop(1);
                rig.next().prepareNop(2);
                long start = System.nanoTime();
                assertEquals(2, waits.submitAndWait(3, 20 * MILLISECOND, LONG));
                waited = System.nanoTime() - start;
                assertEquals(2, rig.ring.drain(new RecordedCompletions()));
            }
            long longest = waited;
            assertTrue(longest >= 20 * MILLISECOND, () -> "waited=" + longest);
            assertTrue(longest < LONG, () -> "waited=" + longest);
        }
    }

    @Test
    void aWaitEndsAtOnceWhenEnoughIsThere() {
        try (Rig rig = new Rig()) {
            rig.next().prepareNop(1);
            long start = System.nanoTime();
            assertEquals(1, rig.ring.waits().submitAndWait(1, LONG, LONG));
            assertTrue(System.nanoTime() - start < LONG);
            assertEquals(1, rig.take().userData());
            rig.next().prepareTimeout(Rig.WAIT_NANOS, 0, 0, 9); // ends the waits in any case
            rig.next().prepareNop(2);
            assertEquals(2, rig.ring.waits().submitAndWait(1, 0, Long.MAX_VALUE));
            assertEquals(2, rig.take().userData());
            rig.next().prepareNop(3);
            assertEquals(1, rig.ring.submitAndWait(Long.MAX_VALUE));
            assertEquals(3, rig.take().userData());
        }
    }

    @Test
    void aWaitWithoutCompletionEndsWhenItsTimeIsUp() {
        try (Rig rig = new Rig()) {
            Waits waits = rig.ring.waits();
            long start = System.nanoTime();
            assertEquals(
                    -Errno.ETIME,
                    Rig.uninterrupted(() -> waits.submitAndWait(1, 1000, 5 * MILLISECOND)));
            assertTrue(System.nanoTime() - start >= 5 * MILLISECOND);
            // Its bounds are no other wait's.
            assertEquals(-Errno.ETIME, Rig.uninterrupted(() -> rig.ring.submitAndWait(1000)));
        }
    }

    @Test
    void aWaitGoesToAPointInTime() {
        try (Rig rig = new Rig()) {
            Waits waits = rig.ring.waits();
            long deadline = System.nanoTime() + 10 * MILLISECOND;
            assertEquals(
                    -Errno.ETIME, Rig.uninterrupted(() -> waits.submitAndWaitUntil(1, deadline)));
            assertTrue(System.nanoTime() >= deadline);
            assertEquals(-Errno.ETIME, Rig.uninterrupted(() -> waits.submitAndWaitUntil(1, 0)));
            rig.next().prepareNop(1);
            assertEquals(1, waits.submitAndWaitUntil(1, System.nanoTime() + LONG));
            assertEquals(1, rig.take().userData());
        }
    }

    @Test
    void aWaitNeedNotCountAsOneForIo() {
        try (Rig rig = new Rig()) {
            Waits waits = rig.ring.waits();
            int before = rig.ring.descriptor().enterFlags();
            waits.countAsIoWait(false);
            assertEquals(before | 1 << 7, rig.ring.descriptor().enterFlags());
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
            assertEquals(-Errno.ETIME, Rig.uninterrupted(() -> rig.ring.submitAndWait(1000)));
            waits.countAsIoWait(true);
            assertEquals(before, rig.ring.descriptor().enterFlags());
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    @Test
    void refusesBoundsThatCannotBe() {
        try (Rig rig = new Rig()) {
            Waits waits = rig.ring.waits();
            assertThrows(IllegalArgumentException.class, () -> rig.ring.submitAndWait(-1));
            assertThrows(IllegalArgumentException.class, () -> rig.ring.submitAndWait(-1, 1));
            assertThrows(IllegalArgumentException.class, () -> rig.ring.take(-1));
            assertThrows(IllegalArgumentException.class, () -> waits.submitAndWait(-1, 1, 1));
            assertThrows(IllegalArgumentException.class, () -> waits.submitAndWaitUntil(-1, 1));
            assertThrows(IllegalArgumentException.class, () -> waits.submitAndWait(1, -1, 1));
            assertThrows(IllegalArgumentException.class, () -> waits.submitAndWait(1, 1, -1));
            assertThrows(IllegalArgumentException.class, () -> waits.submitAndWaitUntil(1, -1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> waits.submitAndWait(1, Long.MAX_VALUE, 1));
            assertEquals(1, Waits.micros(1));
            assertEquals(1, Waits.micros(1000));
            assertEquals(2, Waits.micros(1001));
            assertEquals(-1, Waits.micros(0xffff_ffffL * 1000), "unsigned");
            assertFalse(rig.ring.hasCompletions());
        }
    }
}
