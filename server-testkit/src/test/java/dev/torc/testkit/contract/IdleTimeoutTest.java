package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.IdleTimeout;
import dev.torc.core.Server;
import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.testkit.Await;
import dev.torc.testkit.ManualTime;
import dev.torc.testkit.Network;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

class IdleTimeoutTest extends TransportFixture {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Duration ALMOST = TIMEOUT.minusMillis(5);
    private static final Duration REST = Duration.ofMillis(10);
    private static final int SLICE_BYTES = 16 * MIB;

    private final ManualTime time = new ManualTime(Network.loopback("uring"));
    private final CompletableFuture<Connection> opened = new CompletableFuture<>();

    @Override
    protected Network network() {
        return time;
    }

    @Test
    void closesAConnectionOnWhichNothingMoves() {
        Server server = start(new Silent());
        try (Client client = connect(server)) {
            opened.join();
            time.advance(server, ALMOST);
            assertEquals(List.of(), List.copyOf(closed));
            time.advance(server, REST);
            client.expectEnd();
        }
        awaitClosed(CloseReason.TIMEOUT, 1);
    }

    @Test
    void receivingPutsItOff() {
        Server server = start(new Silent());
        try (Client client = connect(server)) {
            Connection connection = opened.join();
            for (int i = 0; i < 5; i++) {
                time.advance(server, ALMOST);
                client.write(new byte[1]);
                awaitProgress(server, connection);
            }
            time.advance(server, ALMOST);
            assertEquals(List.of(), List.copyOf(closed));
            time.advance(server, REST);
            client.expectEnd();
        }
        awaitClosed(CloseReason.TIMEOUT, 1);
    }

    @Test
    void aConnectionThatIsOnlySentToIsNotIdle() {
        Server server = start(new Silent());
        try (Client client = connect(server)) {
            Connection connection = opened.join();
            for (int i = 0; i < 5; i++) {
                time.advance(server, ALMOST);
                connection.shard().execute(() -> TestHandler.sendPattern(connection, 0, 10));
                client.expectPattern(0, 10);
                awaitProgress(server, connection);
            }
            time.advance(server, TIMEOUT.plus(REST));
            client.expectEnd();
        }
        awaitClosed(CloseReason.TIMEOUT, 1);
    }

    /// Not even while one slice alone takes longer than the timeout.
    @Test
    void aSlowReaderIsNotIdle() {
        Server server = start(new Silent());
        try (Client client = connect(server, 16_384)) {
            Connection connection = opened.join();
            connection.shard().execute(() -> sendMuch(connection));
            long read = 0;
            for (int i = 0; i < 4; i++) {
                time.advance(server, ALMOST);
                while (!progressedNow(server, connection)) {
                    client.expectPattern(read, 65_536);
                    read += 65_536;
                }
                assertTrue(read < SLICE_BYTES, "the first slice is through: read=" + read);
            }
            client.expectPattern(read, 2L * SLICE_BYTES - read);
            connection.shard().execute(connection::close);
            client.expectEnd();
        }
        awaitClosed(CloseReason.LOCAL, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPeerThatHasStoppedReadingIsIdle(boolean closing) {
        Server server = start(new Silent());
        try (Client client = connect(server, 16_384)) {
            Connection connection = opened.join();
            connection
                    .shard()
                    .execute(
                            () -> {
                                sendMuch(connection);
                                if (closing) connection.close();
                            });
            Await.until(
                    "the timeout",
                    () -> {
                        time.advance(
                                server, TIMEOUT.plus(REST)); // again, if it was still filling up
                        return !closed.isEmpty();
                    });
            assertTrue(client.readUntilEndOrReset() < 2L * SLICE_BYTES);
        }
        awaitClosed(CloseReason.TIMEOUT, 1);
    }

    @Test
    void oneTimerForEachConnectionAndNoneAfterIt() {
        Server server = start(new Silent());
        try (Client client = connect(server)) {
            Connection connection = opened.join();
            awaitOn(server, "a timer", () -> connection.shard().timers().count() == 1);
            client.write(new byte[1]);
            client.endOutput();
            awaitClosed(CloseReason.PEER_CLOSED, 1);
            awaitOn(server, "no timer", () -> connection.shard().timers().count() == 0);
        }
    }

    @Test
    void theHandlerHearsOfEverything() {
        Queue<String> calls = new ConcurrentLinkedQueue<>();
        Server server = start(new Talkative(calls));
        Client client = connect(server);
        client.write(new byte[1]);
        client.expectPattern(0, 10);
        Await.until("writable", () -> calls.contains("writable"));
        client.endOutput();
        Await.until("end", () -> calls.contains("end"));
        server.stop(Duration.ofSeconds(5));
        client.close();
        assertEquals(
                List.of("open", "receive", "writable", "end", "stopping", "close"),
                List.copyOf(calls));
    }

    @Test
    void refusesATimeoutThatCannotBeMeant() {
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofDays(366))) {
            String message =
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> IdleTimeout.after(wrong, _ -> new TestHandler()))
                            .getMessage();
            assertTrue(String.valueOf(message).contains("timeout=" + wrong), message);
        }
    }

    // ---- what the tests share

    private Server start(ConnectionHandler handler) {
        return start(
                limits().withSendQueueBytesMax(1),
                _ -> IdleTimeout.after(TIMEOUT, _ -> new Recorded(handler)));
    }

    private boolean progressedNow(Server server, Connection connection) {
        server.counters(); // a round trip through the shard: its writes are visible
        return connection.progressNanos() == time.nanoTime();
    }

    private void awaitProgress(Server server, Connection connection) {
        Await.until("progress", () -> progressedNow(server, connection));
    }

    private static void sendMuch(Connection connection) {
        TestHandler.sendPattern(connection, 0, SLICE_BYTES);
        TestHandler.sendPattern(connection, SLICE_BYTES, SLICE_BYTES);
    }

    /// Receives and says nothing.
    private final class Silent implements ConnectionHandler {
        @Override
        public void onOpen(Connection connection) {
            opened.complete(connection);
        }

        @Override
        public void onReceive(Connection connection, Slice data) {}
    }

    /// Notes what it is told.
    private record Talkative(Queue<String> calls) implements ConnectionHandler {
        @Override
        public void onOpen(Connection connection) {
            calls.add("open");
        }

        @Override
        public void onReceive(Connection connection, Slice data) {
            calls.add("receive");
            TestHandler.sendPattern(connection, 0, 10);
        }

        @Override
        public void onEnd(Connection connection) {
            calls.add("end");
        }

        @Override
        public void onWritable(Connection connection) {
            calls.add("writable");
        }

        @Override
        public void onStopping(Connection connection) {
            calls.add("stopping");
            connection.close();
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            calls.add("close");
        }
    }
}
