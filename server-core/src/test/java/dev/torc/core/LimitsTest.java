package dev.torc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
    private static final Limits LIMITS = Limits.defaults();

    @Test
    void eachWithChangesItsOwnAndNothingElse() {
        long pool = BufferPool.SLICE_BYTES_MAX;
        assertEquals(
                new Limits(1, 3, 2, 4, 64, 2, 70, 5, pool),
                LIMITS.withConnectionsMax(1)
                        .withConnectionsPerAddressMax(3)
                        .withAcceptBacklog(2)
                        .withReceiveBuffers(4, 64)
                        .withBulkBuffers(2, 70)
                        .withSendQueueBytesMax(5)
                        .withPoolBytesMax(pool));
        Limits odd = new Limits(1, 3, 2, 4, 64, 2, 70, 5, pool);
        assertEquals(new Limits(9, 3, 2, 4, 64, 2, 70, 5, pool), odd.withConnectionsMax(9));
        assertEquals(
                new Limits(1, 9, 2, 4, 64, 2, 70, 5, pool), odd.withConnectionsPerAddressMax(9));
        assertEquals(new Limits(1, 3, 9, 4, 64, 2, 70, 5, pool), odd.withAcceptBacklog(9));
        assertEquals(new Limits(1, 3, 2, 8, 99, 2, 70, 5, pool), odd.withReceiveBuffers(8, 99));
        assertEquals(new Limits(1, 3, 2, 4, 64, 8, 99, 5, pool), odd.withBulkBuffers(8, 99));
        assertEquals(new Limits(1, 3, 2, 4, 64, 2, 70, 9, pool), odd.withSendQueueBytesMax(9));
        assertEquals(
                new Limits(1, 3, 2, 4, 64, 2, 70, 5, pool + 9), odd.withPoolBytesMax(pool + 9));
    }

    @Test
    void refusesWhatIsOutOfRangeAndSaysWhich() {
        refuses("connectionsMax", () -> LIMITS.withConnectionsMax(0));
        refuses("connectionsMax", () -> LIMITS.withConnectionsMax((1 << 20) + 1));
        refuses("connectionsPerAddressMax", () -> LIMITS.withConnectionsPerAddressMax(0));
        refuses("connectionsPerAddressMax", () -> LIMITS.withConnectionsPerAddressMax(1 << 31));
        refuses("acceptBacklog", () -> LIMITS.withAcceptBacklog(0));
        refuses("acceptBacklog", () -> LIMITS.withAcceptBacklog((1 << 16) + 1));
        refuses("receiveBuffers", () -> LIMITS.withReceiveBuffers(0, 4096));
        refuses("receiveBuffers", () -> LIMITS.withReceiveBuffers(1 << 16, 4096));
        refuses("receiveBufferBytes", () -> LIMITS.withReceiveBuffers(4, 63));
        refuses("receiveBufferBytes", () -> LIMITS.withReceiveBuffers(4, (1 << 20) + 1));
        refuses("bulkBuffers", () -> LIMITS.withBulkBuffers(0, 4096));
        refuses("bulkBuffers", () -> LIMITS.withBulkBuffers(1 << 16, 4096));
        refuses("bulkBufferBytes", () -> LIMITS.withBulkBuffers(4, 63));
        refuses("bulkBufferBytes", () -> LIMITS.withBulkBuffers(4, (1 << 20) + 1));
        refuses("sendQueueBytesMax", () -> LIMITS.withSendQueueBytesMax(0));
        refuses("poolBytesMax", () -> LIMITS.withPoolBytesMax(BufferPool.SLICE_BYTES_MAX - 1));
        refuses("poolBytesMax", () -> LIMITS.withPoolBytesMax((1L << 40) + 1));
    }

    @Test
    void saysTheRangeAndTheValue() {
        IllegalArgumentException refusal =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> LIMITS.withConnectionsPerAddressMax(0));
        assertEquals(
                "connectionsPerAddressMax must be 1 to 1073741824: connectionsPerAddressMax=0",
                refusal.getMessage());
    }

    @Test
    void takesTheEndsOfEachRange() {
        LIMITS.withConnectionsMax(1).withConnectionsMax(1 << 20);
        LIMITS.withConnectionsPerAddressMax(1).withConnectionsPerAddressMax(1 << 30);
        LIMITS.withAcceptBacklog(1).withAcceptBacklog(1 << 16);
        LIMITS.withReceiveBuffers(1, 64).withReceiveBuffers(1 << 15, 1 << 20);
        LIMITS.withBulkBuffers(1, 64).withBulkBuffers(1 << 15, 1 << 20);
        LIMITS.withSendQueueBytesMax(1).withSendQueueBytesMax(Integer.MAX_VALUE);
        LIMITS.withPoolBytesMax(BufferPool.SLICE_BYTES_MAX).withPoolBytesMax(1L << 40);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 6, 7, 1000, 32_767})
    void countsOfBuffersArePowersOfTwo(int count) {
        refuses("receiveBuffers=" + count, () -> LIMITS.withReceiveBuffers(count, 4096));
        refuses("bulkBuffers=" + count, () -> LIMITS.withBulkBuffers(count, 4096));
    }

    private static void refuses(String name, Runnable change) {
        String message = assertThrows(IllegalArgumentException.class, change::run).getMessage();
        assertTrue(String.valueOf(message).contains(name), message);
    }
}
