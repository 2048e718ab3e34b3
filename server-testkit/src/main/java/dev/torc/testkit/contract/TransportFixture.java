package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.Limits;
import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.core.spi.TransportProvider;
import dev.torc.testkit.Await;
import dev.torc.testkit.Network;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// What the tests of a transport share: servers that are stopped after each test and have let go of
/// everything by then, and handlers that record.
abstract class TransportFixture {
    static final int MIB = 1 << 20;

    final List<Server> servers = new ArrayList<>();
    final Queue<CloseReason> closed = new ConcurrentLinkedQueue<>();
    final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    /// Where the transport under test and its clients meet.
    protected abstract Network network();

    @BeforeEach
    void probe() {
        TransportProvider.Verdict verdict = network().transport().verdict();
        assumeTrue(verdict.works(), verdict.reason());
    }

    /// Nothing is left over, whatever the test did.
    @AfterEach
    void stopServers() {
        for (Server server : servers) {
            assertTrue(server.stop(Duration.ofSeconds(5)), "a shard does not end");
            for (Counters counters : server.counters()) {
                assertEquals(0, counters.open(), counters::toString);
                assertEquals(0, counters.buffersOut(), counters::toString);
                assertEquals(0, counters.stale(), counters::toString);
            }
        }
        assertEquals(List.of(), List.copyOf(failures));
    }

    // ---- what the tests share

    Limits limits() {
        return Limits.defaults();
    }

    ServerConfig config(Limits limits) {
        return ServerConfig.defaults()
                .withPort(0)
                .withShards(1)
                .withTransport(network().transport().name())
                .withLimits(limits);
    }

    Server start(Supplier<? extends ConnectionHandler> handlers) {
        return start(limits(), handlers);
    }

    /// Starts a server that notes how each connection closes.
    Server start(Limits limits, Supplier<? extends ConnectionHandler> handlers) {
        return start(limits, _ -> _ -> new Recorded(handlers.get()));
    }

    Server start(Limits limits, ConnectionHandler.PerShard handlers) {
        return start(config(limits), handlers);
    }

    Server start(ServerConfig config, ConnectionHandler.PerShard handlers) {
        Server server = Server.start(config, network().transport(), handlers);
        servers.add(server);
        return server;
    }

    Client connect(Server server) {
        return connect(server, 0);
    }

    /// `receiveBytes`: the client's receive buffer, 0 for its kernel's choice.
    Client connect(Server server, int receiveBytes) {
        return new Client(network().socket(), server.address(), receiveBytes);
    }

    void expectEcho(Server server) {
        try (Client client = connect(server)) {
            client.write(Client.pattern(0, 1000));
            client.expectPattern(0, 1000);
        }
    }

    void awaitOpen(Server server, int connections) {
        Await.until(
                "open=" + connections,
                () -> server.counters().stream().mapToInt(Counters::open).sum() == connections);
    }

    /// `count` connections have closed so far, all for `reason`.
    void awaitClosed(CloseReason reason, int count) {
        Await.until(count + " closed", () -> closed.size() >= count);
        assertEquals(java.util.Collections.nCopies(count, reason), List.copyOf(closed));
    }

    /// Waits for a condition on what belongs to the (only) shard's thread.
    void awaitOn(Server server, String what, java.util.function.BooleanSupplier condition) {
        Await.until(
                what,
                () -> {
                    server.counters(); // a round trip through the shard: its writes are visible
                    return condition.getAsBoolean();
                });
    }

    long checkPattern(Slice data, long place) {
        for (int i = 0; i < data.length(); i++) {
            if (data.getByte(i) == Client.pattern(place + i)) continue;
            failures.add(new AssertionError("wrong byte received at " + (place + i)));
            break;
        }
        return place + data.length();
    }

    /// A virtual thread; what it throws fails the test.
    Thread thread(Runnable work) {
        return Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                work.run();
                            } catch (Throwable failure) {
                                failures.add(failure);
                            }
                        });
    }

    void join(Thread thread) {
        try {
            assertTrue(thread.join(Duration.ofSeconds(30)), "a client thread hangs");
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    static void awaitLatch(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS), "left=" + latch.getCount());
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /// As much as the server lets it.
    static void writeQuietly(Client client, int bytes) {
        try {
            client.writePattern(0, bytes, 4000);
        } catch (java.io.UncheckedIOException _) {
            assertTrue(bytes > 0);
        }
    }

    /// Answers the first byte with so many slices of the pattern, and closes.
    static class SendAndClose extends TestHandler {
        private final int slices;
        private final int bytes;

        SendAndClose(int slices, int bytes) {
            this.slices = slices;
            this.bytes = bytes;
        }

        @Override
        public void onReceive(Connection connection, Slice data) {
            for (int i = 0; i < slices; i++) sendPattern(connection, (long) i * bytes, bytes);
            connection.close();
            assertTrue(connection.isClosing());
            assertFalse(sendPattern(connection, 0, 10));
        }
    }

    /// A handler and a note of its end; checks that nothing comes after it.
    final class Recorded implements ConnectionHandler {
        private final ConnectionHandler handler;
        private @Nullable CloseReason end;

        Recorded(ConnectionHandler handler) {
            this.handler = handler;
        }

        @Override
        public void onOpen(Connection connection) {
            check(connection, "onOpen");
            handler.onOpen(connection);
        }

        @Override
        public void onReceive(Connection connection, Slice data) {
            check(connection, "onReceive");
            if (data.length() == 0) failures.add(new AssertionError("nothing was received"));
            handler.onReceive(connection, data);
        }

        @Override
        public void onEnd(Connection connection) {
            check(connection, "onEnd");
            handler.onEnd(connection);
        }

        @Override
        public void onWritable(Connection connection) {
            check(connection, "onWritable");
            handler.onWritable(connection);
        }

        @Override
        public void onStopping(Connection connection) {
            check(connection, "onStopping");
            handler.onStopping(connection);
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            check(connection, "onClose");
            end = reason;
            if (connection.queuedBytes() != 0) failures.add(new AssertionError("still queued"));
            handler.onClose(connection, reason);
            closed.add(reason);
        }

        private void check(Connection connection, String call) {
            if (end != null) failures.add(new AssertionError(call + " after " + end));
            if (!connection.shard().isCurrent()) failures.add(new AssertionError("wrong thread"));
        }
    }
}
