package dev.torc.core.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.spi.TransportProvider.Needs;
import dev.torc.core.spi.TransportProvider.Verdict;

import org.junit.jupiter.api.Test;

import java.util.List;

class TransportProviderTest {
    @Test
    void aTransportNeedsADescriptorForEachConnectionUnlessItSaysOtherwise() {
        ServerConfig defaults = ServerConfig.defaults();
        ServerConfig config =
                defaults.withShards(3).withLimits(defaults.limits().withConnectionsMax(1000));
        TransportProvider provider = new TestProvider();
        assertEquals(new Needs(3000 + 64 + 12, 0), provider.needs(List.of(config)));
        ServerConfig small = config.withShards(1);
        assertEquals(new Needs(4000 + 64 + 16, 0), provider.needs(List.of(config, small)));
    }

    @Test
    void aVerdictIsOneLineWithItsRemedy() {
        Verdict refused = new Verdict(false, "refused", "allow it", false, List.of());
        assertEquals("refused; allow it", refused.message());
        assertEquals("works", new Verdict(true, "works", List.of()).message());
    }

    /// A transport of these tests, on which no server is started.
    private record TestProvider() implements TransportProvider {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public int rank() {
            return 1;
        }

        @Override
        public Verdict verdict() {
            return new Verdict(true, "a test", List.of());
        }

        @Override
        public Transport open(
                Shard shard, ServerConfig config, ConnectionHandler.Factory handlers) {
            throw new AssertionError("nothing is started here");
        }
    }
}
