package dev.torc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.torc.core.ServerConfig;
import dev.torc.core.Slice;
import dev.torc.core.TcpServer;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

class SimExtensionTest {
    private static final Set<Long> SEEDS = new HashSet<>();

    private static Events run(Class<?> type) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(type))
                .execute()
                .testEvents();
    }

    private static final class Echo implements ConnectionHandler {
        @Override
        public void onReceive(Connection connection, Slice data) {
            connection.sendCopy(data);
        }
    }

    private static TcpServer serve(Simulation simulation) {
        ServerConfig config = ServerConfig.defaults().withPort(0).withShards(1);
        return TcpServer.startPerShard(config, simulation.transport(), _ -> _ -> new Echo());
    }

    static class Echoes {
        @SimTest(value = 40, seeds = 5)
        void everything(Simulation simulation) throws IOException {
            SEEDS.add(simulation.seed());
            TcpServer server = serve(simulation);
            try (Socket client = simulation.socket()) {
                client.connect(server.address());
                client.getOutputStream().write(new byte[1000]);
                assertEquals(1000, client.getInputStream().readNBytes(1000).length);
            }
            simulation.stop(server, Duration.ofSeconds(1));
        }
    }

    static class Forgets {
        @SimTest
        void toStop(Simulation simulation) {
            assertTrue(serve(simulation).port() > 0);
        }
    }

    @Test
    void runsATestOnceForEachSeed() {
        run(Echoes.class).assertStatistics(events -> events.started(5).succeeded(5));
        assertEquals(Set.of(40L, 41L, 42L, 43L, 44L), SEEDS);
    }

    @Test
    void findsWhatATestLeavesBehind() {
        Events events = run(Forgets.class);
        events.assertStatistics(all -> all.started(1).failed(1));
        String message =
                events.failed().stream()
                        .map(event -> String.valueOf(event.getPayload()))
                        .findFirst()
                        .orElseThrow();
        assertTrue(message.contains("torc.sim.seed=0"), message);
    }
}
