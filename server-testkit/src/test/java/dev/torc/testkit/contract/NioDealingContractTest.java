package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Server;
import dev.torc.core.nio.NioTransportProvider;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.testkit.Await;
import dev.torc.testkit.Network;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The nio transport where shards cannot share a port: the first one accepts for all.
class NioDealingContractTest extends TransportContract {
    private static final int SHARDS = 3;

    private static final Network NETWORK = Network.loopback(new NioTransportProvider(false));

    @Override
    protected Network network() {
        return NETWORK;
    }

    @Test
    void dealsConnectionsOutInTurn() {
        Server server = start(config(limits()).withShards(SHARDS), _ -> _ -> new TestHandler());
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 10 * SHARDS; i++) {
            clients.add(connect(server));
            clients.getLast().write(Client.pattern(i, 100));
        }
        for (int i = 0; i < clients.size(); i++) clients.get(i).expectPattern(i, 100);
        for (Counters counters : server.counters()) assertEquals(10, counters.accepted());
        clients.forEach(Client::close);
        awaitOpen(server, 0);
    }

    /// Full shards are passed over; when all are, connections wait until any shard has room again.
    @Test
    void fillsEveryShardAndGoesOnWhenAnyHasRoom() {
        Server server =
                start(
                        config(limits().withConnectionsMax(2)).withShards(SHARDS),
                        _ -> _ -> new TestHandler());
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 2 * SHARDS; i++) clients.add(connect(server));
        awaitOpen(server, 2 * SHARDS);
        for (int i = 0; i < 50; i++) {
            Client waiting = connect(server);
            waiting.write(Client.pattern(i, 100));
            long pauses = i + 1L; // one for each time that all have become full
            Await.until("it waits", () -> firstOf(server).acceptPauses() >= pauses);
            clients.remove(i % clients.size()).close();
            waiting.expectPattern(i, 100);
            clients.add(waiting);
        }
        for (Counters counters : server.counters()) {
            assertEquals(2, counters.open(), counters::toString);
        }
        clients.forEach(Client::close);
        awaitOpen(server, 0);
    }

    private static Counters firstOf(Server server) {
        return server.counters().getFirst();
    }

    /// Shards stop one after the other while connections are being dealt to them.
    @Test
    void stoppingDuringAFloodLosesNoDescriptor() {
        for (int round = 0; round < 20; round++) {
            Server server =
                    start(
                            config(limits()).withShards(SHARDS),
                            _ -> _ -> new Recorded(new Refusing()));
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) threads.add(thread(() -> connectUntilRefused(server)));
            Await.until(
                    "a few",
                    () -> server.counters().stream().mapToLong(Counters::accepted).sum() > 50);
            assertTrue(server.stop(Duration.ofSeconds(5)));
            threads.forEach(this::join);
            long accepted = server.counters().stream().mapToLong(Counters::accepted).sum();
            assertEquals(accepted, closed.size());
            closed.clear();
        }
    }

    private static final class Refusing extends TestHandler {
        @Override
        public void onOpen(Connection connection) {
            connection.close();
        }
    }

    private void connectUntilRefused(Server server) {
        boolean refused = false;
        while (!refused) {
            try (Client client = connect(server)) {
                // Linux may drop a connection whose listener closes during the handshake without a
                // word; its client is told when it sends.
                client.write(new byte[1]);
                client.readUntilEndOrReset();
            } catch (java.io.UncheckedIOException _) {
                refused = true;
            }
        }
    }
}
