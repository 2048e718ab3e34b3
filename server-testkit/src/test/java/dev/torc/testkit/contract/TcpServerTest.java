package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.StartException;
import dev.torc.core.TcpServer;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.testkit.Await;
import dev.torc.testkit.Network;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

class TcpServerTest extends TransportFixture {
    private static final Network NETWORK = Network.loopback("uring");

    @Override
    protected Network network() {
        return NETWORK;
    }

    @Test
    void oneHandlerThatKeepsNothingServesEveryConnection() {
        ConnectionHandler echo = new TestHandler();
        try (TcpServer server = TcpServer.start(config(2), _ -> echo)) {
            for (int i = 0; i < 20; i++) expectEcho(server);
            assertEquals(20, accepted(server));
        }
    }

    @Test
    void eachConnectionHasTheHandlerThatItsFactoryMade() {
        AtomicInteger made = new AtomicInteger();
        ConnectionHandler.Factory numbered =
                _ -> {
                    byte[] number = {(byte) made.incrementAndGet()};
                    return new TestHandler() {
                        @Override
                        public void onOpen(Connection connection) {
                            connection.sendCopy(number);
                        }
                    };
                };
        try (TcpServer server = TcpServer.start(config(1), numbered)) {
            for (int i = 1; i <= 5; i++) {
                try (Client client = connect(server)) {
                    byte[] number = new byte[1];
                    assertEquals(1, client.read(number, 1));
                    assertEquals(i, number[0]);
                }
            }
        }
    }

    @Test
    void eachShardHasItsOwnFactoryMadeOnItsThread() {
        Set<Integer> started = ConcurrentHashMap.newKeySet();
        ConnectionHandler.PerShard handlers =
                shard -> {
                    if (shard.isCurrent()) started.add(shard.index());
                    return connection -> new OfShard(shard, connection);
                };
        try (TcpServer server = TcpServer.startPerShard(config(3), handlers)) {
            assertEquals(Set.of(0, 1, 2), started);
            assertEquals(3, server.shardCount());
            for (int i = 0; i < 30; i++) expectEcho(server);
        }
        assertEquals(List.of(), List.copyOf(failures));
    }

    @Test
    void saysWhereItListensAndOnWhat() {
        ServerConfig config = config(1);
        try (TcpServer server = TcpServer.start(config, _ -> new TestHandler())) {
            assertTrue(server.port() > 0);
            assertEquals(config.withPort(server.port()).address(), server.address());
            assertEquals("uring", server.transport().name());
            assertFalse(server.transportDetails().isEmpty());
            StartException inUse =
                    assertThrows(
                            StartException.class,
                            () ->
                                    TcpServer.start(
                                            config.withPort(server.port()),
                                            _ -> new TestHandler()));
            String message = String.valueOf(inUse.getMessage());
            assertTrue(message.contains(String.valueOf(server.port())), message);
        }
    }

    @Test
    void tellsWhyEachConnectionHasEnded() {
        Queue<CloseReason> reasons = new ConcurrentLinkedQueue<>();
        try (TcpServer server = TcpServer.start(config(1), _ -> new Obedient(reasons))) {
            expectReason(server, reasons, 'c', CloseReason.LOCAL);
            expectReason(server, reasons, 'l', CloseReason.LOCAL);
            expectReason(server, reasons, 'a', CloseReason.TIMEOUT);
            expectReason(server, reasons, 't', CloseReason.HANDLER_FAILED);
            expectReason(server, reasons, 'm', CloseReason.OUT_OF_BUFFERS);
            try (Client client = connect(server)) {
                client.endOutput();
                client.expectEnd();
                awaitReason(reasons, CloseReason.PEER_CLOSED);
            }
            Client client = connect(server);
            client.reset();
            awaitReason(reasons, CloseReason.PEER_RESET);
        }
    }

    @Test
    void stoppingLetsHandlersFinishAndAbortsThoseThatDoNot() {
        Queue<CloseReason> reasons = new ConcurrentLinkedQueue<>();
        TcpServer server = TcpServer.start(config(2), _ -> new Obedient(reasons));
        List<Client> clients = new ArrayList<>();
        for (char command : "kkkk".toCharArray()) {
            Client client = connect(server);
            client.write(new byte[] {(byte) command});
            assertEquals(1, client.read(new byte[1], 1));
            clients.add(client);
        }
        clients.add(connect(server));
        Await.until("all accepted", () -> accepted(server) == 5);
        assertTrue(server.stop(Duration.ofMillis(50)));
        for (Client client : clients) client.readUntilEndOrReset();
        assertEquals(1, reasons.stream().filter(CloseReason.LOCAL::equals).count());
        assertEquals(4, reasons.stream().filter(CloseReason.STOPPED::equals).count());
        clients.forEach(Client::close);
    }

    @Test
    void awaitReturnsWhenItHasStopped() {
        TcpServer server = TcpServer.start(config(2), _ -> new TestHandler());
        Thread waiting =
                thread(
                        () -> {
                            try {
                                server.await();
                            } catch (InterruptedException interrupted) {
                                throw new AssertionError(interrupted);
                            }
                        });
        expectEcho(server);
        assertTrue(waiting.isAlive());
        server.close();
        join(waiting);
        assertEquals(1, accepted(server));
    }

    // ---- what the tests share

    private ServerConfig config(int shards) {
        return config(limits().withPoolBytesMax(20L * MIB)).withShards(shards);
    }

    private static Client connect(TcpServer server) {
        return new Client(NETWORK.socket(), server.address(), 0);
    }

    private static void expectEcho(TcpServer server) {
        try (Client client = connect(server)) {
            client.write(Client.pattern(0, 1000));
            client.expectPattern(0, 1000);
        }
    }

    private static long accepted(TcpServer server) {
        return server.counters().stream().mapToLong(Counters::accepted).sum();
    }

    private static void expectReason(
            TcpServer server, Queue<CloseReason> reasons, char command, CloseReason reason) {
        try (Client client = connect(server)) {
            client.write(new byte[] {(byte) command});
            client.readUntilEndOrReset();
            client.close();
            awaitReason(reasons, reason);
        }
    }

    private static void awaitReason(Queue<CloseReason> reasons, CloseReason reason) {
        Await.until("a close", () -> !reasons.isEmpty());
        assertEquals(reason, reasons.remove());
    }

    /// An echo that knows its shard.
    private final class OfShard extends TestHandler {
        OfShard(Shard shard, Connection connection) {
            if (!connection.shard().equals(shard) || !shard.isCurrent()) {
                failures.add(new AssertionError("a connection of another shard"));
            }
        }
    }

    /// Ends its connection as it is told to.
    private static final class Obedient extends TestHandler {
        private final Queue<CloseReason> reasons;
        private boolean keepsOn;

        Obedient(Queue<CloseReason> reasons) {
            this.reasons = reasons;
        }

        @Override
        public void onReceive(Connection connection, Slice data) {
            switch (data.getByte(0)) {
                case 'c' -> connection.close();
                case 'l' -> connection.closeLingering();
                case 'a' -> connection.abort(CloseReason.TIMEOUT);
                case 'm' -> {
                    while (!connection.isClosing()) connection.sendCopy(new byte[MIB]);
                }
                case 'k' -> {
                    keepsOn = true;
                    connection.sendCopy(data);
                }
                default -> throw new IllegalStateException("thrown by the test");
            }
        }

        @Override
        public void onStopping(Connection connection) {
            if (!keepsOn) connection.close();
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            reasons.add(reason);
        }
    }
}
