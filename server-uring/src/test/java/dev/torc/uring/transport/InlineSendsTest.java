package dev.torc.uring.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The numbers; what settling does to a connection is in [UringTransportTest].
class InlineSendsTest {
    private final InlineSends sends = new InlineSends();

    // It sends nothing, so it needs no transport.
    @SuppressWarnings("NullAway")
    private final UringConnection connection = new UringConnection(null, 0, 0);

    @ParameterizedTest
    @ValueSource(ints = {0, 7, -1, -2, -300, Integer.MAX_VALUE, Integer.MAX_VALUE - 299})
    void settlesWhatWasConsumedAndNoMore(int first) {
        for (int count : new int[] {1, 2, 255, 256, 257, 600, 3000}) {
            for (int i = 0; i < count; i++) sends.add(connection, first + i);
            int last = first + count - 1;
            sends.settle(first);
            assertFalse(sends.isEmpty());
            sends.settle(last);
            assertFalse(sends.isEmpty(), "count=" + count);
            sends.settle(last + 1);
            assertTrue(sends.isEmpty(), "count=" + count);
        }
    }

    @Test
    void growsWhereverItsFirstIs() {
        int number = -5000;
        int settled = number;
        for (int round = 0; round < 12; round++) {
            for (int i = 0; i < 100 + 90 * round; i++) sends.add(connection, number++);
            while (settled < number - 30) {
                sends.settle(++settled);
                assertFalse(sends.isEmpty());
            }
        }
        sends.settle(number - 1);
        assertFalse(sends.isEmpty());
        sends.settle(number);
        assertTrue(sends.isEmpty());
    }
}
