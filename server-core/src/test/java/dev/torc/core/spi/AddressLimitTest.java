package dev.torc.core.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Limits;
import dev.torc.core.ServerConfig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

class AddressLimitTest {
    private static AddressLimit limit(int max) {
        return limit(max, 1, 1000);
    }

    private static AddressLimit limit(int max, int shards, int connectionsMax) {
        Limits limits =
                Limits.defaults()
                        .withConnectionsMax(connectionsMax)
                        .withConnectionsPerAddressMax(max);
        return AddressLimit.of(ServerConfig.defaults().withShards(shards).withLimits(limits));
    }

    @Test
    void isOffUnlessAClientCouldReachIt() {
        assertFalse(AddressLimit.of(ServerConfig.defaults().withShards(1024)).isOn());
        assertFalse(limit(8, 1, 8).isOn());
        assertFalse(limit(16, 2, 8).isOn());
        assertTrue(limit(15, 2, 8).isOn());
        assertTrue(limit(8, 2, 8).isOn());
        assertTrue(limit(7, 1, 8).isOn());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 200})
    void aClientHasAsManyAsItMayAndNoMore(int max) {
        AddressLimit limit = limit(max);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < max; i++) assertTrue(limit.claim(7));
            for (int i = 0; i < 5; i++) assertFalse(limit.claim(7));
            assertTrue(limit.claim(8), "another client is not disturbed");
            limit.release(7);
            assertTrue(limit.claim(7));
            assertFalse(limit.claim(7));
            for (int i = 0; i < max; i++) limit.release(7);
            limit.release(8);
            assertEquals(0, limit.clientCount());
        }
    }

    @Test
    void whoHasNoAddressIsNotCounted() {
        AddressLimit limit = limit(1);
        for (int i = 0; i < 10; i++) assertTrue(limit.claim(AddressKey.NONE));
        assertEquals(0, limit.clientCount());
        limit.release(AddressKey.NONE);
    }

    /// The oracle counts in a plain map.
    @Test
    void agreesWithAPlainCountWhateverTheOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        AddressLimit limit = limit(3);
        Map<Long, Integer> counts = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            long key = random.nextInt(20);
            int open = counts.getOrDefault(key, 0);
            if (random.nextInt(5) < 3) {
                assertEquals(open < 3, limit.claim(key), "seed " + seed);
                if (open < 3) counts.put(key, open + 1);
            } else if (open > 0) {
                limit.release(key);
                counts.put(key, open - 1);
            }
        }
        long clients = counts.values().stream().filter(open -> open > 0).count();
        assertEquals(clients, limit.clientCount(), "seed " + seed);
    }

    /// Each wants one more than there are.
    @Test
    void shardsTogetherNeverExceedIt() throws InterruptedException {
        int max = 5;
        AddressLimit limit = limit(max);
        AtomicInteger open = new AtomicInteger();
        AtomicInteger openMax = new AtomicInteger();
        Runnable greedy =
                () -> {
                    for (int n = 0; n < 20_000; n++) {
                        int own = 0;
                        while (limit.claim(7)) {
                            own++;
                            openMax.accumulateAndGet(open.incrementAndGet(), Math::max);
                        }
                        for (; own > 0; own--) {
                            open.decrementAndGet();
                            limit.release(7);
                        }
                    }
                };
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) threads.add(Thread.ofPlatform().start(greedy));
        for (Thread thread : threads) assertTrue(thread.join(Duration.ofSeconds(30)));
        assertEquals(max, openMax.get());
        assertEquals(0, limit.clientCount());
    }
}
