package dev.torc.uring.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.ServerConfig;
import dev.torc.core.spi.TransportProvider;
import dev.torc.core.spi.TransportProvider.Needs;
import dev.torc.core.spi.TransportProvider.Verdict;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CompletableFuture;

class UringTransportProviderTest {
    private final TransportProvider provider = new UringTransportProvider();

    @Test
    void isInstalled() {
        assertTrue(
                TransportProvider.installed().stream()
                        .anyMatch(each -> each instanceof UringTransportProvider));
    }

    /// Connections count for each ring's table alone. The memory is what Linux 6.18 was seen to
    /// count for a ring with one group of buffers (24 in 8 MiB, 3 in 1 MiB), and a page for
    /// another.
    @Test
    void saysWhatItsRingsNeed() {
        ServerConfig config = ServerConfig.defaults();
        for (int shards : new int[] {1, 2, 24}) {
            assertEquals(
                    new Needs(65_536, shards * 344L * 1024),
                    provider.needs(List.of(config.withShards(shards))));
        }
        ServerConfig small = config.withLimits(config.limits().withConnectionsMax(1));
        ServerConfig one = small.withShards(1);
        assertEquals(64 + 4, provider.needs(List.of(one)).descriptors());
        assertEquals(64 + 8, provider.needs(List.of(one, one)).descriptors());
        assertEquals(
                new Needs(65_536, 4 * 344L * 1024),
                provider.needs(List.of(config.withShards(3), one)));
    }

    /// Also where the first to ask is a virtual thread, or one that is being interrupted.
    @Test
    void decidesOnce() throws InterruptedException {
        CompletableFuture<Verdict> asked = new CompletableFuture<>();
        Thread virtual =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    Thread.currentThread().interrupt();
                                    asked.complete(provider.verdict());
                                });
        virtual.join();
        assertSame(asked.join(), new UringTransportProvider().verdict());
        assertFalse(provider.verdict().reason().isEmpty());
    }
}
