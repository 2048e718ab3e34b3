package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Server;
import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The contract of a transport: how a connection begins, what it knows of its ends, and how each of
/// its directions ends by itself.
abstract class HalfCloseContract extends ShardContract {

    @Test
    void aConnectionIsAnnouncedBeforeItsFirstByte() {
        Queue<String> calls = new ConcurrentLinkedQueue<>();
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onOpen(Connection connection) {
                                        calls.add("open");
                                        sendPattern(connection, 0, 10);
                                    }

                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        calls.add("receive");
                                        connection.close();
                                    }

                                    @Override
                                    public void onClose(Connection from, CloseReason reason) {
                                        calls.add("close");
                                    }
                                });
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            client.expectPattern(0, 10);
            client.expectEnd();
        }
        awaitClosed(CloseReason.LOCAL, 1);
        assertEquals(List.of("open", "receive", "close"), List.copyOf(calls));
    }

    @Test
    void aConnectionClosedByItsFactoryIsNotAnnounced() {
        Queue<String> calls = new ConcurrentLinkedQueue<>();
        Server server =
                start(
                        limits(),
                        _ ->
                                connection -> {
                                    connection.close();
                                    return new TestHandler() {
                                        @Override
                                        public void onOpen(Connection from) {
                                            calls.add("open");
                                        }

                                        @Override
                                        public void onClose(Connection from, CloseReason reason) {
                                            calls.add("close");
                                        }
                                    };
                                });
        try (Client client = connect(server)) {
            client.expectEnd();
        }
        awaitOpen(server, 0);
        assertEquals(List.of("close"), List.copyOf(calls));
    }

    @Test
    void onOpenMayThrowAndLosesOnlyItsOwnConnection() {
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onOpen(Connection connection) {
                                        throw thrown("onOpen");
                                    }
                                });
        try (Client client = connect(server)) {
            assertEquals(0, client.readUntilEndOrReset());
        }
        awaitClosed(CloseReason.HANDLER_FAILED, 1);
    }

    @Test
    void bothEndsHaveTheAddressesThatTheClientSees() {
        Queue<InetSocketAddress> seen = new ConcurrentLinkedQueue<>();
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        // Again and again: the second answer is remembered.
                                        for (int i = 0; i < 2; i++) {
                                            seen.add(known(connection.remoteAddress()));
                                            seen.add(known(connection.localAddress()));
                                        }
                                        super.onReceive(connection, data);
                                    }
                                });
        for (int i = 0; i < 3; i++) {
            seen.clear();
            try (Client client = connect(server)) {
                client.write(new byte[1]);
                assertEquals(1, client.read(new byte[1], 1));
                InetSocketAddress remote =
                        known((InetSocketAddress) client.socket.getLocalSocketAddress());
                InetSocketAddress local = server.address();
                assertEquals(List.of(remote, local, remote, local), List.copyOf(seen));
            }
        }
    }

    private static InetSocketAddress known(
            @org.jspecify.annotations.Nullable InetSocketAddress address) {
        if (address == null) throw new AssertionError("an address is not known");
        return address;
    }

    /// The client reads everything up to the end, and only then sends.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10_000, 5_000_000})
    void endSendEndsOneDirectionAfterEverythingQueued(int bytes) {
        Queue<Long> received = new ConcurrentLinkedQueue<>();
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    private long place;

                                    @Override
                                    public void onOpen(Connection connection) {
                                        for (int at = 0; at < bytes; at += 1 << 20) {
                                            int piece = Math.min(1 << 20, bytes - at);
                                            sendPattern(connection, at, piece);
                                        }
                                        connection.endSend();
                                        connection.endSend();
                                        assertFalse(connection.isClosing());
                                        assertFalse(sendPattern(connection, 0, 10));
                                    }

                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        place = checkPattern(data, place);
                                    }

                                    @Override
                                    public void onEnd(Connection connection) {
                                        received.add(place);
                                    }

                                    @Override
                                    public void onWritable(Connection connection) {
                                        failures.add(new AssertionError("writable after its end"));
                                    }
                                });
        try (Client client = connect(server)) {
            client.expectPattern(0, bytes);
            client.expectEnd();
            client.writePattern(0, 300_000, 7000);
            client.endOutput();
            awaitClosed(CloseReason.PEER_CLOSED, 1);
        }
        assertEquals(List.of(300_000L), List.copyOf(received));
    }

    /// The handler keeps its direction open when the client ends first.
    @Test
    void aHandlerMayGoOnAfterThePeersEnd() {
        Server server =
                start(
                        limits().withSendQueueBytesMax(50_000),
                        () ->
                                new TestHandler() {
                                    private long sent;

                                    @Override
                                    public void onEnd(Connection connection) {
                                        pump(connection);
                                    }

                                    @Override
                                    public void onWritable(Connection connection) {
                                        pump(connection);
                                    }

                                    private void pump(Connection connection) {
                                        boolean room = true;
                                        while (room && sent < 3_000_000) {
                                            room = sendPattern(connection, sent, 10_000);
                                            sent += 10_000;
                                        }
                                        if (sent == 3_000_000) connection.endSend();
                                    }
                                });
        try (Client client = connect(server)) {
            client.endOutput();
            client.expectPattern(0, 3_000_000);
            client.expectEnd();
        }
        awaitClosed(CloseReason.PEER_CLOSED, 1);
    }

    @Test
    void closeAndAbortEndAHalfClosedConnection() {
        for (CloseReason reason : List.of(CloseReason.LOCAL, CloseReason.TIMEOUT)) {
            closed.clear();
            Server server =
                    start(
                            () ->
                                    new TestHandler() {
                                        @Override
                                        public void onReceive(Connection connection, Slice data) {
                                            sendPattern(connection, 0, 1000);
                                            connection.endSend();
                                            if (reason == CloseReason.LOCAL) {
                                                connection.close();
                                            } else {
                                                connection.abort(reason);
                                            }
                                            assertTrue(connection.isClosing());
                                        }
                                    });
            try (Client client = connect(server)) {
                client.write(new byte[1]);
                if (reason == CloseReason.LOCAL) client.expectPattern(0, 1000);
                client.readUntilEndOrReset();
            }
            awaitClosed(reason, 1);
        }
    }

    @Test
    void aHalfClosedConnectionLingersAndStops() {
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        sendPattern(connection, 0, 1000);
                                        connection.endSend();
                                        connection.closeLingering();
                                    }
                                });
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            client.expectPattern(0, 1000);
            client.expectEnd();
            client.write(new byte[1000]); // is read and discarded
        }
        awaitClosed(CloseReason.LOCAL, 1);
    }

    @Test
    void aPeerThatResetsEndsAHalfClosedConnection() {
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onOpen(Connection connection) {
                                        connection.endSend();
                                    }
                                });
        try (Client client = connect(server)) {
            client.expectEnd();
            client.reset();
        }
        awaitClosed(CloseReason.PEER_RESET, 1);
    }
}
