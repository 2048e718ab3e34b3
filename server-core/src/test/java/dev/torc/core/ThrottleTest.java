package dev.torc.core;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
}
