package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Server;
import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.testkit.Await;
import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// The contract of a transport: peers that reach its limits, and those that are gone before they
/// are served. What a full send queue does is in [SendContract]; too many connections and too few
/// receive buffers are in [TransportContract].
abstract class LimitContract extends AddressLimitContract {
    private static final int CONNECT_MILLIS = 500;

    /// Nobody accepts while the only slot is taken. Linux lets one more wait than it is told.
    @Test
    void whoFindsTheBacklogFullIsNotConnectedAndTheOthersAreServedInTurn() {
        int backlog = 3;
        Server server =
                start(limits().withConnectionsMax(1).withAcceptBacklog(backlog), TestHandler::new);
        Client first = connect(server);
        first.write(new byte[1]);
        assertEquals(1, first.read(new byte[1], 1));
        List<Client> waiting = new ArrayList<>();
        boolean full = false;
        while (!full && waiting.size() < 10) {
            Socket socket = network().socket();
            try {
                socket.connect(server.address(), CONNECT_MILLIS);
                waiting.add(new Client(socket));
            } catch (SocketTimeoutException late) {
                full = true;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        assertTrue(full, "more are connected than the backlog holds");
        assertTrue(waiting.size() == backlog || waiting.size() == backlog + 1, waiting::toString);
        first.close();
        for (Client client : waiting) {
            client.write(Client.pattern(0, 100));
            client.expectPattern(0, 100);
            client.close();
        }
        expectEcho(server);
        awaitOpen(server, 0);
        assertEquals(waiting.size() + 2, server.counters().getFirst().accepted());
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 1000, 4096})
    void whatIsMoreThanAReceiveBufferComesInParts(int bytes) {
        AtomicInteger largest = new AtomicInteger();
        Server server =
                start(
                        limits().withReceiveBuffers(16, bytes).withBulkBuffers(1, 64),
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        largest.accumulateAndGet(data.length(), Math::max);
                                        super.onReceive(connection, data);
                                    }
                                });
        int total = 50 * bytes;
        try (Client client = connect(server)) {
            Thread writer = thread(() -> client.writePattern(0, total, total));
            client.expectPattern(0, total);
            join(writer);
        }
        awaitOpen(server, 0);
        assertEquals(bytes, largest.get());
    }

    /// More of them than there are large buffers, so that some are starved of those.
    @Test
    void whoSendsALotIsReceivedFromInLargePieces() {
        AtomicInteger largest = new AtomicInteger();
        Server server =
                start(
                        limits().withReceiveBuffers(64, 256).withBulkBuffers(4, 8192),
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        largest.accumulateAndGet(data.length(), Math::max);
                                        super.onReceive(connection, data);
                                    }
                                });
        List<Client> clients = new ArrayList<>();
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Client client = connect(server);
            clients.add(client);
            writers.add(thread(() -> client.writePattern(0, MIB / 2, MIB / 8)));
        }
        List<Thread> readers =
                clients.stream()
                        .map(client -> thread(() -> client.expectPattern(0, MIB / 2)))
                        .toList();
        writers.forEach(this::join);
        readers.forEach(this::join);
        assertTrue(largest.get() > 256, largest::toString);
        assertTrue(largest.get() <= 8192, largest::toString);
        for (int i = 0; i < 20; i++) {
            for (Client client : clients) {
                client.write(Client.pattern(i, 10));
                client.expectPattern(i, 10);
            }
        }
        clients.forEach(Client::close);
        awaitOpen(server, 0);
        assertEquals(0, server.counters().getFirst().buffersOut());
    }

    @Test
    void aPeerThatNeverReadsIsCutOffWhenThePoolIsUsedUpAndOthersAreServed() {
        Server server =
                start(
                        limits().withPoolBytesMax(17L * MIB),
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        connection.sendCopy(data); // whatever it answers
                                    }
                                });
        for (int round = 1; round <= 3; round++) {
            int times = round;
            try (Client greedy = connect(server, 16_384)) {
                assertThrows(
                        UncheckedIOException.class, () -> greedy.writePattern(0, 256L * MIB, MIB));
            }
            Await.until("it is cut off", () -> reasons(CloseReason.OUT_OF_BUFFERS) == times);
            expectEcho(server);
        }
        awaitOpen(server, 0);
        assertEquals(0, server.slicesTaken());
    }

    private long reasons(CloseReason wanted) {
        return closed.stream().filter(reason -> reason == wanted).count();
    }

    /// Some say something first, some wait for an answer: most are gone before they are accepted.
    @ParameterizedTest
    @ValueSource(ints = {16, 65_536})
    void aFloodOfConnectsAndResetsLeavesNothingBehind(int connectionsMax) {
        long seed = Seed.next();
        long before = descriptors();
        Server server = start(limits().withConnectionsMax(connectionsMax), TestHandler::new);
        List<Thread> flood = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Random random = new Random(seed + i);
            flood.add(
                    thread(
                            () -> {
                                for (int n = 0; n < 5000; n++) connectAndReset(server, random);
                            }));
        }
        flood.forEach(this::join);
        expectEcho(server);
        awaitOpen(server, 0);
        Counters counters = server.counters().getFirst();
        Await.until("every close is told", () -> closed.size() == counters.accepted());
        assertTrue(counters.accepted() > 1000, () -> counters + ", torc.seed=" + seed);
        for (CloseReason reason : closed) {
            boolean byPeer = reason == CloseReason.PEER_RESET || reason == CloseReason.PEER_CLOSED;
            assertTrue(byPeer, () -> reason + ", torc.seed=" + seed);
        }
        assertEquals(0, counters.buffersOut());
        assertEquals(0, server.slicesTaken());
        stopServers();
        Await.until("descriptors are closed", () -> descriptors() <= before);
    }

    private void connectAndReset(Server server, Random random) {
        Client client = connect(server);
        int manner = random.nextInt(10);
        if (manner < 3) client.write(Client.pattern(0, 1 + random.nextInt(5000)));
        if (manner == 0) client.expectPattern(0, 1);
        client.reset();
    }
}
