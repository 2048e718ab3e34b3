package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Server;
import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.testkit.Await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The contract of a transport: closing, by either side and at any time.
abstract class CloseContract extends SharedContract {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10})
    void closeDeliversEverythingAndThenTheEnd(int slices) {
        for (int bytes : new int[] {1, 1000, 60_000, 400_000}) {
            Server server = start(() -> new SendAndClose(slices, bytes));
            try (Client client = connect(server)) {
                client.write(new byte[1]);
                client.expectPattern(0, (long) slices * bytes);
                client.expectEnd();
            }
        }
        awaitClosed(CloseReason.LOCAL, 4);
    }

    @Test
    void closingDuringAStallStillDeliversEverything() {
        AtomicInteger queued = new AtomicInteger();
        Server server =
                start(
                        () ->
                                new SendAndClose(64, 1 << 18) {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        super.onReceive(connection, data);
                                        queued.incrementAndGet();
                                    }
                                });
        try (Client client = connect(server, 16_384)) {
            client.write(new byte[1]);
            Await.until("the close", () -> queued.get() == 1);
            assertEquals(0, closed.size());
            client.expectPattern(0, 16L * MIB);
            client.expectEnd();
        }
        awaitClosed(CloseReason.LOCAL, 1);
    }

    /// Bytes that a server has not read when it closes make the kernel answer with a reset, which
    /// destroys what the client has not read yet.
    @Test
    void aLingeringCloseLetsTheClientReadTheResponse() {
        AtomicInteger closes = new AtomicInteger();
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        sendPattern(connection, 0, 100_000);
                                        sendPattern(connection, 100_000, 100_000);
                                        connection.closeLingering();
                                        assertTrue(connection.isClosing());
                                        closes.incrementAndGet();
                                    }
                                });
        for (int i = 1; i <= 20; i++) {
            int round = i;
            try (Client client = connect(server)) {
                client.write(new byte[50_000]);
                Await.until("the close", () -> closes.get() == round);
                client.write(new byte[300_000]);
                client.expectPattern(0, 200_000);
                client.expectEnd();
                client.write(new byte[1000]);
            }
        }
        awaitClosed(CloseReason.LOCAL, 20);
    }

    /// A client looks at the response when it can send no more, and some not at all if sending
    /// fails.
    @Test
    void aLingeringCloseHoldsUpAClientThatGoesOnSending() throws InterruptedException {
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        sendPattern(connection, 0, 100);
                                        connection.closeLingering();
                                    }
                                });
        for (int i = 0; i < 10; i++) {
            AtomicLong written = new AtomicLong();
            Client client = connect(server);
            Thread writer = Thread.ofPlatform().daemon().start(() -> writeOn(client, written));
            Await.until("it sends", () -> written.get() >= MIB || !writer.isAlive());
            client.expectPattern(0, 100);
            client.expectEnd();
            assertTrue(writer.isAlive(), "sending failed before the response was read");
            client.close();
            writer.join();
        }
        awaitClosed(CloseReason.LOCAL, 10);
    }

    private static void writeOn(Client client, AtomicLong written) {
        byte[] piece = new byte[1 << 14];
        try {
            while (true) {
                client.write(piece);
                written.addAndGet(piece.length);
            }
        } catch (java.io.UncheckedIOException ended) {
            // by the client itself, or by the server
        }
    }

    @Test
    void aLingeringCloseDoesNotListenForEver() {
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        connection.closeLingering();
                                    }
                                });
        try (Client client = connect(server)) {
            assertThrows(
                    java.io.UncheckedIOException.class,
                    () -> client.writePattern(0, 256L * MIB, MIB),
                    "a client that goes on sending is cut off");
        }
        awaitClosed(CloseReason.LOCAL, 1);
    }

    @Test
    void abortEndsTheConnectionForItsReason() {
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        connection.abort(CloseReason.TIMEOUT);
                                        assertTrue(connection.isClosing());
                                        assertFalse(sendPattern(connection, 0, 10));
                                        connection.abort(CloseReason.FAILED);
                                        connection.close();
                                    }
                                });
        try (Client client = connect(server)) {
            client.write(new byte[10_000]);
            assertEquals(0, client.readUntilEndOrReset());
        }
        awaitClosed(CloseReason.TIMEOUT, 1);
    }

    @Test
    void abortDuringAStallDropsWhatIsQueued() {
        CompletableFuture<Connection> stalled = new CompletableFuture<>();
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        for (int i = 0; i < 256; i++) {
                                            sendPattern(connection, i << 16, 1 << 16);
                                        }
                                        stalled.complete(connection);
                                    }
                                });
        try (Client client = connect(server, 16_384)) {
            client.write(new byte[1]);
            Connection connection = stalled.join();
            awaitOn(server, "a stall", () -> connection.queuedBytes() < 256L << 16);
            connection.shard().execute(() -> connection.abort(CloseReason.TIMEOUT));
            awaitClosed(CloseReason.TIMEOUT, 1);
            assertTrue(client.readUntilEndOrReset() < 256L << 16);
        }
    }

    /// Nothing is armed that could wake the shard.
    @Test
    void abortAfterASendEndsAConnectionThatReceivesNoMore() {
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onEnd(Connection connection) {
                                        sendPattern(connection, 0, 10);
                                        connection.abort(CloseReason.TIMEOUT);
                                    }
                                });
        try (Client client = connect(server)) {
            client.endOutput();
            client.readUntilEndOrReset();
        }
        awaitClosed(CloseReason.TIMEOUT, 1);
    }

    @Test
    void survivesClientsThatResetAtAnyPoint() {
        long seed = 17;
        Random random = new Random(seed);
        Server server = start(TestHandler::new);
        for (int i = 0; i < 300; i++) {
            Client client = connect(server);
            int bytes = random.nextInt(4) * random.nextInt(100_000);
            Thread writer = thread(() -> writeQuietly(client, bytes));
            if (random.nextBoolean() && bytes > 0) {
                client.expectPattern(0, random.nextInt(bytes));
            }
            if (random.nextBoolean()) join(writer);
            client.reset();
            join(writer);
        }
        Await.until("every close", () -> closed.size() == 300);
        expectEcho(server);
    }

    // ---- a connection refused or prepared by its factory

    @Test
    void aFactoryMayCloseTheConnectionAtOnce() {
        closesInItsFactory(CloseReason.LOCAL, 0, Connection::close);
    }

    @Test
    void aFactoryMayAbortTheConnectionAtOnce() {
        closesInItsFactory(
                CloseReason.TIMEOUT, 0, connection -> connection.abort(CloseReason.TIMEOUT));
    }

    @Test
    void aFactoryMaySendAFarewell() {
        closesInItsFactory(
                CloseReason.LOCAL,
                20_000,
                connection -> {
                    TestHandler.sendPattern(connection, 0, 10_000);
                    TestHandler.sendPattern(connection, 10_000, 10_000);
                    connection.close();
                });
    }

    @Test
    void aFactoryMaySendAFarewellAndLinger() {
        closesInItsFactory(
                CloseReason.LOCAL,
                20_000,
                connection -> {
                    TestHandler.sendPattern(connection, 0, 20_000);
                    connection.closeLingering();
                });
    }

    void closesInItsFactory(
            CloseReason reason, int farewell, java.util.function.Consumer<Connection> refuse) {
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger received = new AtomicInteger();
        Server server =
                start(
                        limits().withConnectionsMax(2),
                        _ ->
                                connection -> {
                                    boolean refused = opened.incrementAndGet() % 2 == 0;
                                    if (refused) refuse.accept(connection);
                                    return new TestHandler() {
                                        @Override
                                        public void onReceive(Connection from, Slice data) {
                                            assertFalse(refused);
                                            received.addAndGet(data.length());
                                            super.onReceive(from, data);
                                        }

                                        @Override
                                        public void onClose(Connection from, CloseReason why) {
                                            if (refused) closed.add(why);
                                        }
                                    };
                                });
        for (int i = 1; i <= 20; i++) {
            try (Client welcome = connect(server);
                    Client refused = connect(server)) {
                refused.expectPattern(0, farewell);
                assertEquals(0, refused.readUntilEndOrReset());
                welcome.writePattern(0, 1000, 1000);
                welcome.expectPattern(0, 1000);
            }
            awaitClosed(reason, i);
            awaitOpen(server, 0);
        }
        assertEquals(20_000, received.get());
        assertEquals(40, opened.get());
    }

    @Test
    void aFactoryMayPauseReceiving() {
        CompletableFuture<Connection> opened = new CompletableFuture<>();
        AtomicInteger early = new AtomicInteger();
        Server server =
                start(
                        limits(),
                        _ ->
                                connection -> {
                                    if (opened.isDone()) return new TestHandler();
                                    connection.pauseReceive();
                                    opened.complete(connection);
                                    return new TestHandler() {
                                        @Override
                                        public void onReceive(Connection from, Slice data) {
                                            early.incrementAndGet();
                                            super.onReceive(from, data);
                                        }
                                    };
                                });
        try (Client paused = connect(server)) {
            paused.write(Client.pattern(0, 100));
            Connection connection = opened.join();
            for (int i = 0; i < 20; i++) expectEcho(server);
            assertEquals(0, early.get());
            connection.shard().execute(connection::resumeReceive);
            paused.expectPattern(0, 100);
        }
    }
}
