package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.Slice;
import dev.torc.core.StartException;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.testkit.Await;
import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// What every transport does, whatever it is made of. Uses Torc's core and nothing below it.
@Timeout(60)
public abstract class TransportContract extends LimitContract {
    protected TransportContract() {}

    // ---- many connections

    @Test
    void manyShortConnectionsLeaveNothingBehind() {
        Server server = start(() -> new SendAndClose(1, 100));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(
                    thread(
                            () -> {
                                for (int n = 0; n < 5000; n++) {
                                    try (Client client = connect(server)) {
                                        client.write(new byte[1]);
                                        client.expectPattern(0, 100);
                                        if (n % 2 == 0) client.expectEnd();
                                    }
                                }
                            }));
        }
        threads.forEach(this::join);
        awaitOpen(server, 0);
        assertEquals(20_000, server.counters().getFirst().accepted());
    }

    @Test
    void neverHasMoreConnectionsThanItMayAndServesAllTheSame() {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger openMax = new AtomicInteger();
        Server server =
                start(
                        limits().withConnectionsMax(8),
                        _ ->
                                _ -> {
                                    openMax.accumulateAndGet(open.incrementAndGet(), Math::max);
                                    return new TestHandler() {
                                        @Override
                                        public void onClose(Connection from, CloseReason reason) {
                                            open.decrementAndGet();
                                        }
                                    };
                                });
        List<Client> first = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            first.add(connect(server));
            first.getLast().write(new byte[1]);
            assertEquals(1, first.getLast().read(new byte[1], 1));
        }
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < 42; i++) {
            others.add(
                    thread(
                            () -> {
                                try (Client client = connect(server)) {
                                    client.writePattern(0, 30_000, 10_000);
                                    client.endOutput();
                                    client.expectPattern(0, 30_000);
                                    client.expectEnd();
                                }
                            }));
        }
        for (int i = 0; i < 20; i++) {
            first.getFirst().write(new byte[1]);
            assertEquals(1, first.getFirst().read(new byte[1], 1));
        }
        Counters full = server.counters().getFirst();
        assertEquals(8, full.accepted());
        assertEquals(8, full.open());
        assertTrue(full.acceptPauses() > 0, full::toString);
        first.forEach(Client::close);
        others.forEach(this::join);
        awaitOpen(server, 0);
        assertEquals(8, openMax.get());
        assertEquals(50, server.counters().getFirst().accepted());
    }

    @Test
    void fewReceiveBuffersServeManyUploads() {
        int clients = 200;
        AtomicInteger complete = new AtomicInteger();
        Server server =
                start(
                        limits().withReceiveBuffers(4, 4096),
                        () ->
                                new TestHandler() {
                                    private long place;

                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        place = checkPattern(data, place);
                                    }

                                    @Override
                                    public void onEnd(Connection connection) {
                                        if (place == MIB) complete.incrementAndGet();
                                        connection.close();
                                    }
                                });
        List<Thread> threads = new ArrayList<>();
        byte[] upload = Client.pattern(0, MIB);
        for (int i = 0; i < clients; i++) {
            threads.add(
                    thread(
                            () -> {
                                try (Client client = connect(server)) {
                                    client.write(upload);
                                    client.endOutput();
                                    client.expectEnd();
                                }
                            }));
        }
        threads.forEach(this::join);
        awaitOpen(server, 0);
        assertEquals(clients, complete.get());
        checkAfterFewReceiveBuffers(server.counters().getFirst());
    }

    /// For what only a transport that shares receive buffers can say.
    void checkAfterFewReceiveBuffers(Counters counters) {
        assertTrue(counters.receives() > 0);
    }

    @Test
    void twoShardsShareAPort() {
        Server server = start(config(limits()).withShards(2), _ -> _ -> new TestHandler());
        assertEquals(2, server.shardCount());
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            clients.add(connect(server));
            clients.getLast().write(Client.pattern(0, 100));
        }
        for (Client client : clients) client.expectPattern(0, 100);
        for (Counters counters : server.counters()) {
            assertTrue(counters.accepted() > 0, counters::toString);
        }
        clients.forEach(Client::close);
        awaitOpen(server, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aPortInUseFailsTheStartAndIsNamed(int shards) {
        int port = start(config(limits()).withShards(shards), _ -> _ -> new TestHandler()).port();
        for (int second = 1; second <= 2; second++) {
            ServerConfig config = config(limits()).withPort(port).withShards(second);
            StartException refusal =
                    assertThrows(
                            StartException.class, () -> start(config, _ -> _ -> new TestHandler()));
            String message = String.valueOf(refusal.getMessage());
            assertTrue(message.contains(":" + port) && message.contains("in use"), message);
        }
    }

    @Test
    void aTransportThatDoesNotExistFailsTheStartAndNamesThoseThatDo() {
        StartException refusal =
                assertThrows(
                        StartException.class,
                        () ->
                                Server.start(
                                        config(limits()).withTransport("none"),
                                        _ -> _ -> new TestHandler()));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains("'none'") && message.contains("auto"), message);
    }

    // ---- stopping

    @Test
    void stopClosesTheIdleAtOnceAndLetsOthersFinish() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    private boolean busy;

                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        busy |= data.getByte(0) == 'b';
                                        boolean last = data.getByte(data.length() - 1) == 'l';
                                        super.onReceive(connection, data);
                                        if (last) connection.close();
                                    }

                                    @Override
                                    public void onStopping(Connection connection) {
                                        if (busy) {
                                            told.countDown();
                                        } else {
                                            connection.close();
                                        }
                                    }
                                });
        try (Client idle = connect(server);
                Client busy = connect(server)) {
            idle.write(new byte[1]);
            assertEquals(1, idle.read(new byte[1], 1));
            busy.write(new byte[] {'b'});
            assertEquals(1, busy.read(new byte[1], 1));
            CompletableFuture<Boolean> stopped =
                    CompletableFuture.supplyAsync(() -> server.stop(Duration.ofSeconds(30)));
            idle.expectEnd();
            awaitLatch(told);
            assertThrows(java.io.UncheckedIOException.class, () -> connect(server).close());
            assertFalse(stopped.isDone());
            busy.write(new byte[] {'l'});
            assertEquals(1, busy.read(new byte[1], 1));
            busy.expectEnd();
            assertTrue(stopped.get(10, TimeUnit.SECONDS));
        }
        assertEquals(2, server.counters().getFirst().accepted());
        server.await();
    }

    @Test
    void stopAbortsWhatIsStuckAtTheDeadline() {
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        for (int i = 0; i < 64; i++) {
                                            sendPattern(connection, i << 18, 1 << 18);
                                        }
                                    }

                                    @Override
                                    public void onStopping(Connection connection) {}
                                });
        long deadline = 200_000_000;
        try (Client silent = connect(server);
                Client stalled = connect(server, 16_384)) {
            stalled.write(new byte[1]);
            awaitOpen(server, 2);
            long start = System.nanoTime();
            assertTrue(server.stop(Duration.ofNanos(deadline)));
            assertTrue(System.nanoTime() - start >= deadline, "stopped before the deadline");
            assertEquals(0, silent.readUntilEndOrReset());
            assertTrue(stalled.readUntilEndOrReset() < 64L << 18);
        }
        awaitClosed(CloseReason.STOPPED, 2);
    }

    @Test
    void stoppingTwiceOrAfterTheEndIsHarmless() {
        Server server = start(TestHandler::new);
        expectEcho(server);
        assertTrue(server.stop(Duration.ofSeconds(5)));
        assertTrue(server.stop(Duration.ZERO));
        server.close();
        assertEquals(1, server.counters().getFirst().accepted());
    }

    // ---- soak

    @Test
    void survivesWhateverClientsDo() {
        long seed = Seed.next();
        long end = System.nanoTime() + 3_000_000_000L;
        Server server =
                start(
                        limits().withReceiveBuffers(16, 2048).withSendQueueBytesMax(50_000),
                        TestHandler::new);
        AtomicInteger connections = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            long clientSeed = seed + i;
            threads.add(
                    thread(
                            () -> {
                                Random random = new Random(clientSeed);
                                while (System.nanoTime() < end) {
                                    connections.incrementAndGet();
                                    try {
                                        misbehave(server, random);
                                    } catch (RuntimeException | AssertionError failure) {
                                        throw new AssertionError("torc.seed=" + seed, failure);
                                    }
                                }
                            }));
        }
        threads.forEach(this::join);
        awaitOpen(server, 0);
        Await.until("every close", () -> closed.size() == connections.get());
        assertEquals(connections.get(), server.counters().getFirst().accepted());
        for (CloseReason reason : closed) {
            assertTrue(
                    reason == CloseReason.PEER_CLOSED || reason == CloseReason.PEER_RESET,
                    () -> reason + ", torc.seed=" + seed);
        }
    }

    void misbehave(Server server, Random random) {
        try (Client client = connect(server, random.nextInt(3) == 0 ? 4096 : 0)) {
            int rounds = random.nextInt(20);
            long place = 0;
            for (int round = 0; round < rounds; round++) {
                int bytes = 1 + random.nextInt(1 << random.nextInt(18));
                int piece = 1 + random.nextInt(20_000);
                long from = place;
                switch (random.nextInt(12)) {
                    case 0 -> {
                        Thread writer = thread(() -> writeQuietly(client, bytes));
                        client.reset();
                        join(writer);
                        return;
                    }
                    case 1 -> {
                        Thread writer =
                                thread(
                                        () -> {
                                            client.writePattern(from, bytes, piece);
                                            client.endOutput();
                                        });
                        client.expectPattern(from, bytes);
                        client.expectEnd();
                        join(writer);
                        return;
                    }
                    case 2 -> { // read only after everything is on its way
                        int few = Math.min(bytes, 4000);
                        client.writePattern(from, few, piece);
                        client.expectPattern(from, few);
                        place += few;
                    }
                    default -> {
                        Thread writer = thread(() -> client.writePattern(from, bytes, piece));
                        client.expectPattern(from, bytes);
                        join(writer);
                        place += bytes;
                    }
                }
            }
        }
    }
}
