package dev.torc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;

class ServerConfigTest {
    private static final ServerConfig CONFIG = ServerConfig.defaults();
    private static final Duration WATCHDOG = Duration.ofSeconds(7);

    @Test
    void defaultsToTheLoopbackInterface() {
        assertTrue(CONFIG.address().getAddress().isLoopbackAddress());
        assertEquals(8080, CONFIG.address().getPort());
        assertEquals(ServerConfig.AUTO, CONFIG.transport());
        assertFalse(CONFIG.pinShards());
        assertEquals(ServerConfig.shardsDefault(), CONFIG.shards());
        assertTrue(CONFIG.shards() >= 1);
    }

    @Test
    void eachWithChangesItsOwnAndNothingElse() {
        InetSocketAddress address = new InetSocketAddress("127.0.0.2", 99);
        Limits limits = Limits.defaults().withConnectionsMax(7);
        ServerConfig odd = new ServerConfig(address, 3, "odd", true, WATCHDOG, limits);
        assertEquals(
                odd,
                CONFIG.withAddress(address)
                        .withShards(3)
                        .withTransport("odd")
                        .withPinShards(true)
                        .withWatchdog(WATCHDOG)
                        .withLimits(limits));
        assertEquals(
                new ServerConfig(address, 4, "odd", true, WATCHDOG, limits), odd.withShards(4));
        assertEquals(
                new ServerConfig(address, 3, "x", true, WATCHDOG, limits), odd.withTransport("x"));
        assertEquals(
                new ServerConfig(address, 3, "odd", false, WATCHDOG, limits),
                odd.withPinShards(false));
        assertEquals(new InetSocketAddress("127.0.0.2", 1), odd.withPort(1).address());
        assertEquals(odd, odd.withPort(1).withPort(99));
    }

    @Test
    void refusesAHostThatItDoesNotKnow() {
        InetSocketAddress unknown = InetSocketAddress.createUnresolved("nowhere.invalid", 1);
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> CONFIG.withAddress(unknown));
        assertEquals("unknown host: nowhere.invalid", refusal.getMessage());
    }

    @Test
    void refusesANumberOfShardsThatMakesNoSense() {
        assertThrows(IllegalArgumentException.class, () -> CONFIG.withShards(0));
        assertThrows(IllegalArgumentException.class, () -> CONFIG.withShards(1025));
    }

    @Test
    void refusesAWatchdogThatMakesNoSense() {
        for (String refused : new String[] {"PT-1S", "PT0.0009S", "PT24H0.001S"}) {
            Duration time = Duration.parse(refused);
            assertThrows(IllegalArgumentException.class, () -> CONFIG.withWatchdog(time));
        }
        assertEquals(Duration.ZERO, CONFIG.withWatchdog(Duration.ZERO).watchdog());
        assertEquals(Duration.ofMillis(1), CONFIG.withWatchdog(Duration.ofMillis(1)).watchdog());
    }
}
