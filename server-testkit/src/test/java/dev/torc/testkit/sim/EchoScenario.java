package dev.torc.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.torc.core.Limits;
import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.testkit.LogWatch;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// One life of an echo server among clients that do what they like, all of it drawn from a seed:
/// the limits, the faults, the clients and the time of the stop.
final class EchoScenario {
    private static final List<InetAddress> HOSTS =
            Stream.of("127.0.0.1", "127.0.0.2", "127.0.0.3").map(InetAddress::ofLiteral).toList();

    private final long seed;
    private final SplittableRandom chance;
    private final List<Shard> shards = new ArrayList<>();
    private final List<EchoClient> clients = new ArrayList<>();
    private final List<EchoHandler> handlers = new ArrayList<>();
    private final Map<InetAddress, List<EchoHandler>> byHost = new HashMap<>();
    private long refused;

    EchoScenario(long seed) {
        this.seed = seed;
        chance = new SplittableRandom(seed ^ 0x5EED);
    }

    int connections() {
        return handlers.size();
    }

    /// Connections that were one too many of a client's.
    long refused() {
        return refused;
    }

    /// Runs it and returns the trace of the run.
    long run() {
        Faults faults = chance.nextInt(10) == 0 ? Faults.none() : Faults.drawn(chance);
        try (LogWatch log = new LogWatch(text -> text.contains("as the test wants"));
                Simulation simulation = Simulation.virtual(seed, faults)) {
            try {
                run(simulation, !faults.smallQueues());
            } finally {
                log.check(simulation.replay());
            }
            return simulation.trace();
        }
    }

    private void run(Simulation simulation, boolean addresses) {
        ServerConfig config =
                ServerConfig.defaults()
                        .withPort(0)
                        .withShards(1 + chance.nextInt(2))
                        .withLimits(limits());
        Server server =
                Server.start(
                        config,
                        simulation.transport(),
                        shard -> {
                            shards.add(shard);
                            return connection -> open(shard, connection, addresses);
                        });
        int count = 1 + chance.nextInt(40);
        for (int i = 0; i < count; i++) {
            InetAddress host = HOSTS.get(chance.nextInt(HOSTS.size()));
            EchoClient client = new EchoClient(simulation, server.port(), host, chance.split());
            clients.add(client);
            client.start();
        }
        if (chance.nextInt(3) == 0) {
            simulation.run(Duration.ofNanos(chance.nextLong(1 + 20_000_000L)));
        } else {
            simulation.run("every client's end", this::isOver);
            for (EchoClient client : clients) {
                assertFalse(client.isStuck(), () -> client + replay());
            }
        }
        if (chance.nextInt(4) == 0) simulation.jump(Duration.ofSeconds(chance.nextInt(100_000)));
        simulation.stop(server, Duration.ofMillis(chance.nextInt(3000)));
        clients.forEach(EchoClient::leave);
        simulation.run(Duration.ofSeconds(10));
        check(server);
    }

    private EchoHandler open(Shard shard, Connection connection, boolean addresses) {
        EchoHandler handler = new EchoHandler(chance.split(), addresses, connection);
        if (shard.addressLimit().isOn()) count(handler, connection);
        handlers.add(handler);
        return handler;
    }

    /// Nobody has more connections than they may; who has gone already is not known.
    private void count(EchoHandler handler, Connection connection) {
        InetSocketAddress remote = connection.remoteAddress();
        if (remote == null) return;
        List<EchoHandler> ofHost =
                byHost.computeIfAbsent(remote.getAddress(), _ -> new ArrayList<>());
        ofHost.removeIf(other -> !other.isOpen());
        ofHost.add(handler);
        int max = connection.shard().limits().connectionsPerAddressMax();
        if (ofHost.size() > max) throw new AssertionError("too many of one client" + replay());
    }

    /// Whether every client is done, or those that are not wait in vain.
    private boolean isOver() {
        return clients.stream().allMatch(client -> client.done() || client.isStuck());
    }

    private String replay() {
        return " [replay: -Dtorc.sim.seed=" + seed + "]";
    }

    private Limits limits() {
        int receiveBuffers = 1 << chance.nextInt(6);
        Limits limits = Limits.defaults();
        if (chance.nextInt(3) == 0) {
            limits = limits.withConnectionsPerAddressMax(1 + chance.nextInt(8));
        }
        return limits.withConnectionsMax(1 + chance.nextInt(30))
                .withAcceptBacklog(1 + chance.nextInt(chance.nextBoolean() ? 4 : 100))
                .withReceiveBuffers(receiveBuffers, 64 << chance.nextInt(5))
                .withBulkBuffers(1 << chance.nextInt(4), 64 << chance.nextInt(8))
                .withSendQueueBytesMax(1 + chance.nextInt(1 << chance.nextInt(16)));
    }

    private void check(Server server) {
        String replay = replay();
        for (EchoClient client : clients) client.check(replay);
        for (EchoHandler handler : handlers) handler.check(replay);
        for (Counters counters : server.counters()) {
            refused += counters.refused();
            assertEquals(0, counters.open(), () -> counters + replay);
            assertEquals(0, counters.buffersOut(), () -> counters + replay);
            assertEquals(0, counters.stale(), () -> counters + replay);
        }
        for (Shard shard : shards) {
            assertEquals(0, shard.buffers().takenCount(), () -> "slices out" + replay);
            assertEquals(0, shard.addressLimit().clientCount(), () -> "clients left" + replay);
        }
    }
}
