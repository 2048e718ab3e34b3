package dev.torc.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.Slice;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.testkit.LogWatch;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The io_uring transport where accepting fails: `EMFILE`, `ENFILE`, `ENOBUFS`, `ENOMEM`, and now
/// and then `ECONNABORTED`. The kernel here cannot be made to do that for real: direct descriptors
/// are no descriptors of the process.
class AcceptFailureTest {
    private static final int CLIENTS = 50;
    private static final long PAUSE_MILLIS = 20;

    private static final class Echo implements ConnectionHandler {
        @Override
        public void onReceive(Connection connection, Slice data) {
            connection.sendCopy(data);
        }
    }

    private static Server start(Simulation simulation) {
        ServerConfig config = ServerConfig.defaults().withPort(0).withShards(1);
        return Server.start(config, simulation.transport(), _ -> _ -> new Echo());
    }

    private static Simulation failing(long seed, int perMille) {
        return Simulation.virtual(seed, Faults.none().withFailedAccept(perMille));
    }

    /// While clients keep coming, none of whom can be accepted.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void triesAgainEvery20MillisecondsAndDoesNotSpin(long seed) {
        int seconds = 10;
        try (LogWatch log = new LogWatch(_ -> false);
                Simulation simulation = failing(seed, 1000)) {
            Server server = start(simulation);
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < 10 * seconds; i++) {
                Peer peer = simulation.connect(server.port());
                if (peer != null) peers.add(peer);
                simulation.run(Duration.ofMillis(100));
            }
            simulation.stop(server, Duration.ofSeconds(1));
            peers.forEach(Peer::close);
            simulation.run(Duration.ofSeconds(1));
            Counters counters = server.counters().getFirst();
            long tries = 1000L * seconds / PAUSE_MILLIS;
            assertEquals(0, counters.accepted(), counters::toString);
            assertTrue(counters.acceptPauses() > tries / 2, counters::toString);
            assertTrue(counters.acceptPauses() <= tries + 1, counters::toString);
            // For each try: its timer, its failure; for each client: its arrival.
            long waits = 3 * tries + 2L * peers.size() + 10;
            assertTrue(counters.waits() <= waits, counters::toString);
            log.check(simulation.replay());
        }
    }

    /// One of fifty tries succeeds: those who are accepted are served meanwhile, in the end all.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void servesEverybodyInTheEnd(long seed) {
        try (LogWatch log = new LogWatch(_ -> false);
                Simulation simulation = failing(seed, 980)) {
            Server server = start(simulation);
            List<Caller> callers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Caller caller = new Caller(simulation, server.port());
                callers.add(caller);
                caller.step();
            }
            simulation.run("all served", () -> callers.stream().allMatch(caller -> caller.served));
            simulation.stop(server, Duration.ofSeconds(1));
            simulation.run(Duration.ofSeconds(1));
            Counters counters = server.counters().getFirst();
            assertTrue(counters.accepted() >= CLIENTS, counters::toString);
            assertTrue(counters.acceptPauses() > 0, counters::toString);
            assertEquals(0, counters.open(), counters::toString);
            log.check(simulation.replay());
        }
    }

    /// Says a byte and hears it again; calls again when it is reset.
    private static final class Caller {
        private static final Duration PAUSE = Duration.ofMillis(5);

        private final Simulation simulation;
        private final int port;
        private final byte[] one = new byte[1];
        private @Nullable Peer peer;
        boolean served;

        Caller(Simulation simulation, int port) {
            this.simulation = simulation;
            this.port = port;
        }

        void step() {
            Peer now = peer;
            if (now == null) {
                now = simulation.connect(port);
                if (now != null) now.write(one, 0, 1);
                peer = now;
            } else {
                int read = now.read(one, 0, 1);
                served = read == 1;
                if (served) now.close();
                if (read < 0) peer = null;
            }
            if (!served) simulation.schedule(PAUSE, this::step);
        }
    }
}
