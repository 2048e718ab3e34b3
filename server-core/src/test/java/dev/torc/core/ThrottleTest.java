package dev.torc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

class ThrottleTest {
    private static final long SECOND = 1_000_000_000;

    /// Also where `nanoTime` wraps.
    @ParameterizedTest
    @ValueSource(longs = {0, -5_000_000_000L, Long.MAX_VALUE - 1_500_000_000, Long.MIN_VALUE})
    void letsOneThroughASecond(long start) {
        Throttle throttle = new Throttle();
        assertTrue(throttle.allows(start));
        assertFalse(throttle.allows(start));
        assertFalse(throttle.allows(start + SECOND - 1));
        assertTrue(throttle.allows(start + SECOND));
        assertFalse(throttle.allows(start + SECOND + 1));
        assertTrue(throttle.allows(start + 5 * SECOND));
        assertFalse(throttle.allows(start + 6 * SECOND - 1));
    }

    @Test
    void countsWhatItHeldBack() {
        Throttle throttle = new Throttle();
        assertTrue(throttle.allows(0));
        assertEquals("", throttle.heldBack());
        for (int i = 0; i < 7; i++) assertFalse(throttle.allows(i));
        assertTrue(throttle.allows(SECOND));
        assertEquals(" (7 more like it were not logged)", throttle.heldBack());
        assertTrue(throttle.allows(2 * SECOND));
        assertEquals("", throttle.heldBack());
    }

    @Test
    void letsOneOfManyThreadsThroughAndCountsAllOthers() throws InterruptedException {
        int callers = 4;
        int calls = 20_000;
        Throttle throttle = new Throttle();
        AtomicInteger through = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            Runnable caller =
                    () -> {
                        for (int call = 0; call < calls; call++) {
                            if (throttle.allows(call / 5000 * SECOND)) through.incrementAndGet();
                        }
                    };
            threads.add(Thread.ofVirtual().start(caller));
        }
        for (Thread thread : threads) thread.join();
        // One for each of four seconds, however the callers drift apart.
        assertEquals(4, through.get());
        int heldBack = callers * calls - 4;
        assertEquals(" (" + heldBack + " more like it were not logged)", throttle.heldBack());
    }
}
