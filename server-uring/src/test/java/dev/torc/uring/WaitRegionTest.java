package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WaitRegionTest {
    private static final long MILLISECOND = 1_000_000;
    private static final long LONG = 10_000 * MILLISECOND;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    private static Ring disabled() {
        RingSetup setup = RingSetup.ofOneThread(8).withFlags(IoUring.IORING_SETUP_R_DISABLED);
        return Ring.open(setup);
    }

    @Test
    void eachWaitHasItsOwnBounds() {
        try (Rig rig = new Rig(disabled())) {
            WaitRegion region = new WaitRegion(rig.ring, 65);
            rig.ring.enable();
            assertEquals(65, region.count());
            region.set(0, 0, 2 * MILLISECOND);
            region.set(64, 0, 20 * MILLISECOND); // on the region's second page
            region.set(3, 10 * MILLISECOND, LONG);
            assertTrue(wait(region, 0, 1, -Errno.ETIME) >= 2 * MILLISECOND);
            assertTrue(wait(region, 64, 1, -Errno.ETIME) >= 20 * MILLISECOND);
            long gathered = gather(rig, region, 3);
            assertTrue(gathered >= 10 * MILLISECOND, () -> "gathered=" + gathered);
            assertTrue(gathered < LONG, () -> "gathered=" + gathered);
            rig.next().prepareTimeout(Rig.WAIT_NANOS, 0, 0, 9); // ends the waits in any case
            rig.next().prepareNop(6);
            assertEquals(2, region.submitAndWait(1, 7)); // without bounds
            assertEquals(6, rig.take().userData());
            region.set(0, 0, Long.MAX_VALUE);
            rig.next().prepareNop(6);
            assertEquals(1, region.submitAndWait(1, 0));
        }
    }

    /// How long a wait for two lasts when one is there; not one that a signal has ended early,
    /// which cannot be told from its result.
    private static long gather(Rig rig, WaitRegion region, int index) {
        long longest = 0;
        for (int i = 0; i < 5 && longest < 10 * MILLISECOND; i++) {
            rig.next().prepareNop(5);
            longest = wait(region, index, 2, 1);
            assertEquals(5, rig.take().userData());
        }
        return longest;
    }

    private static long wait(WaitRegion region, int index, int completions, int expected) {
        long start = System.nanoTime();
        assertEquals(expected, Rig.uninterrupted(() -> region.submitAndWait(completions, index)));
        return System.nanoTime() - start;
    }

    @Test
    void aWaitThatIsNotThereIsRefusedAndLeavesTheRingUsable() {
        Rig rig = new Rig(disabled());
        WaitRegion region = new WaitRegion(rig.ring, 2);
        try (rig) {
            rig.ring.enable();
            assertThrows(IndexOutOfBoundsException.class, () -> region.submitAndWait(1, 2));
            assertThrows(IndexOutOfBoundsException.class, () -> region.set(-1, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> region.set(0, -1, 1));
            assertThrows(IllegalArgumentException.class, () -> region.set(0, 1, -1));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
        assertThrows(IllegalStateException.class, () -> region.set(0, 0, 1));
        assertThrows(IllegalStateException.class, () -> region.submitAndWait(1, 0));
    }

    @Test
    void onlyARingThatIsDisabledTakesARegionAndOnlyOne() {
        try (Rig rig = new Rig()) {
            RingException enabled =
                    assertThrows(RingException.class, () -> new WaitRegion(rig.ring, 1));
            assertEquals(
                    "IORING_REGISTER_MEM_REGION: EINVAL (invalid argument)", enabled.getMessage());
            assertThrows(IllegalArgumentException.class, () -> new WaitRegion(rig.ring, 0));
            assertThrows(IllegalArgumentException.class, () -> new WaitRegion(rig.ring, 65_537));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
        try (Rig rig = new Rig(disabled())) {
            WaitRegion first = new WaitRegion(rig.ring, 1);
            RingException second =
                    assertThrows(RingException.class, () -> new WaitRegion(rig.ring, 1));
            assertEquals(Errno.EBUSY, second.errno());
            rig.ring.enable();
            first.set(0, 0, 1000);
            assertEquals(-Errno.ETIME, Rig.uninterrupted(() -> first.submitAndWait(1, 0)));
        }
    }
}
