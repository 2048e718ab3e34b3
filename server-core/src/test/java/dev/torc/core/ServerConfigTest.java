package dev.torc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;

class ServerConfigTest {
    private static final ServerConfig CONFIG = ServerConfig.defaults();

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
        ServerConfig odd = new ServerConfig(address, 3, "odd", true, limits);
        assertEquals(
                odd,
                CONFIG.withAddress(address)
                        .withShards(3)
                        .withTransport("odd")
                        .withPinShards(true)
                        .withLimits(limits));
        assertEquals(new ServerConfig(address, 4, "odd", true, limits), odd.withShards(4));
        assertEquals(new ServerConfig(address, 3, "x", true, limits), odd.withTransport("x"));
        assertEquals(new ServerConfig(address, 3, "odd", false, limits), odd.withPinShards(false));
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
}
