package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.torc.core.Limits;
import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.http.h1.Http1Connections;
import dev.torc.testkit.LogWatch;
import dev.torc.testkit.sim.Faults;
import dev.torc.testkit.sim.Simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// One life of an HTTP server among clients of all kinds, all of it drawn from a seed: the limits,
/// the faults, the clients and the time of the stop.
final class HttpScenario {
    private final long seed;
    private final SplittableRandom chance;
    private final List<ScenarioClient> clients = new ArrayList<>();

    HttpScenario(long seed) {
        this.seed = seed;
        chance = new SplittableRandom(seed ^ 0x477B);
    }

    int clients() {
        return clients.size();
    }

    /// Requests whose answers their clients have checked to the last byte.
    int answered() {
        return clients.stream().mapToInt(ScenarioClient::answered).sum();
    }

    /// Runs it and returns the trace of the run.
    long run() {
        Faults faults = chance.nextInt(10) == 0 ? Faults.none() : Faults.drawn(chance);
        try (LogWatch log = new LogWatch(text -> text.contains("as the test wants"));
                Simulation simulation = Simulation.virtual(seed, faults)) {
            try {
                run(simulation, faults.failedAccept() > 0);
            } finally {
                log.check(simulation.replay());
            }
            return simulation.trace();
        }
    }

    private void run(Simulation simulation, boolean mayLose) {
        HttpLimits limits = httpLimits();
        ServerConfig config =
                ServerConfig.defaults()
                        .withPort(0)
                        .withShards(1 + chance.nextInt(2))
                        .withLimits(limits());
        ScenarioRoutes routes = new ScenarioRoutes(chance.split());
        Server server =
                Server.start(
                        config,
                        simulation.transport(),
                        shard -> new Http1Connections(shard, limits, routes.on(shard)));
        int count = 1 + chance.nextInt(20);
        for (int i = 0; i < count; i++) {
            ScenarioClient client =
                    new ScenarioClient(
                            simulation,
                            server.port(),
                            limits,
                            mayLose,
                            chance.split(),
                            routes::doElsewhere);
            clients.add(client);
            client.start();
        }
        if (chance.nextInt(3) == 0) {
            simulation.run(Duration.ofNanos(chance.nextLong(1L << (20 + chance.nextInt(15)))));
            maybeJump(simulation);
        }
        if (chance.nextInt(5) > 0) {
            simulation.run("every client's end", this::isOver);
            for (ScenarioClient client : clients) {
                assertFalse(client.isStuck(), () -> client + replay());
            }
        }
        maybeJump(simulation);
        clients.forEach(ScenarioClient::tolerate);
        simulation.stop(server, Duration.ofMillis(chance.nextInt(3000)));
        clients.forEach(ScenarioClient::leave);
        simulation.run(Duration.ofSeconds(10));
        check(server, routes);
    }

    private void maybeJump(Simulation simulation) {
        if (chance.nextInt(4) > 0) return;
        clients.forEach(ScenarioClient::tolerate);
        simulation.jump(Duration.ofMillis(chance.nextLong(1L << chance.nextInt(27))));
    }

    /// Whether every client is done, or those that are not wait in vain.
    private boolean isOver() {
        return clients.stream().allMatch(client -> client.done() || client.isStuck());
    }

    private String replay() {
        return " [replay: -Dtorc.sim.seed=" + seed + "]";
    }

    private Limits limits() {
        return Limits.defaults()
                .withConnectionsMax(1 + chance.nextInt(20))
                .withAcceptBacklog(1 + chance.nextInt(chance.nextBoolean() ? 4 : 100))
                .withReceiveBuffers(1 << chance.nextInt(6), 64 << chance.nextInt(5))
                .withSendQueueBytesMax(1 + chance.nextInt(1 << chance.nextInt(18)));
    }

    private HttpLimits httpLimits() {
        int lineBytes = 200 + chance.nextInt(1000);
        return HttpLimits.defaults()
                .withRequestLineBytesMax(lineBytes)
                .withHeadBytesMax(lineBytes + 300 + chance.nextInt(1000))
                .withHeaderCountMax(6 + chance.nextInt(100))
                .withBodyBytesMax(1L << chance.nextInt(18))
                .withChunkExtensionBytesMax(20 + chance.nextInt(100))
                .withTrailerBytesMax(20 + chance.nextInt(100))
                .withPipelinedBytesMax(chance.nextInt(10_000))
                .withTimeouts(
                        new HttpTimeouts(
                                timeout(),
                                timeout(),
                                timeout(),
                                timeout(),
                                timeout(),
                                writeTimeout()));
    }

    /// Longer than a client that does its best ever needs.
    private Duration timeout() {
        return Duration.ofMillis(4000 + chance.nextInt(1 << chance.nextInt(15)));
    }

    private Duration writeTimeout() {
        return timeout().multipliedBy(1 + chance.nextInt(4));
    }

    private void check(Server server, ScenarioRoutes routes) {
        String replay = replay();
        for (ScenarioClient client : clients) client.check(replay);
        for (Counters counters : server.counters()) {
            assertEquals(0, counters.open(), () -> counters + replay);
            assertEquals(0, counters.buffersOut(), () -> counters + replay);
            assertEquals(0, counters.stale(), () -> counters + replay);
        }
        assertEquals(0, server.slicesTaken(), () -> "slices out" + replay);
        routes.check(replay);
    }
}
