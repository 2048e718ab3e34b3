package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Limits;
import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.http.h1.Http1Connections;
import dev.torc.testkit.Await;
import dev.torc.testkit.ManualTime;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// A server of one shard as [HttpServer] starts it, with access to that shard. Closing it fails
/// when, with every client gone, a slot or a buffer has not come back.
public final class TestServer implements AutoCloseable {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);

    private final Network network;
    private final Server server;
    private final Shard shard;
    private boolean stopped;

    private TestServer(Network network, Server server, Shard shard) {
        this.network = network;
        this.server = server;
        this.shard = shard;
    }

    public static TestServer start(Network network, Handler handler) {
        return start(network, HttpLimits.defaults(), handler);
    }

    public static TestServer start(Network network, HttpLimits limits, Handler handler) {
        return start(network, Limits.defaults(), limits, handler);
    }

    public static TestServer start(
            Network network, Limits limits, HttpLimits http, Handler handler) {
        return start(network, limits, shard -> new Http1Connections(shard, http, handler));
    }

    /// A server that speaks whatever `handlers` do.
    public static TestServer start(
            Network network, Limits limits, ConnectionHandler.PerShard handlers) {
        List<Shard> shards = new CopyOnWriteArrayList<>();
        Server server =
                Server.start(
                        config(network).withLimits(limits),
                        network.transport(),
                        shard -> {
                            shards.add(shard);
                            return handlers.start(shard);
                        });
        return new TestServer(network, server, shards.getFirst());
    }

    /// One shard on any free port.
    public static ServerConfig config(Network network) {
        return ServerConfig.defaults()
                .withPort(0)
                .withShards(1)
                .withTransport(network.transport().name());
    }

    public TestClient connect() throws IOException {
        return TestClient.connect(network.socket(), server.address());
    }

    /// A client whose kernel takes little until it reads.
    public TestClient connectNarrow() throws IOException {
        Socket socket = network.socket();
        socket.setReceiveBufferSize(4096);
        return TestClient.connect(socket, server.address());
    }

    public int port() {
        return server.port();
    }

    public Shard shard() {
        return shard;
    }

    public Counters counters() {
        return server.counters().getFirst();
    }

    /// What `question` finds on the shard's thread.
    public <T> T ask(Function<Shard, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        shard.execute(() -> answer.complete(question.apply(shard)));
        return answer.orTimeout(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /// Slices that the shard's pool has lent.
    public long slicesTaken() {
        return server.slicesTaken();
    }

    /// Whether no connection is open and every buffer is back.
    public boolean holdsNothing() {
        Counters now = counters();
        return now.open() == 0 && now.buffersOut() == 0 && slicesTaken() == 0;
    }

    public void awaitNothingHeld() {
        try {
            Await.until("every slot and buffer is back", this::holdsNothing);
        } catch (AssertionError late) {
            String held = counters() + ", slices=" + slicesTaken();
            throw new AssertionError(late.getMessage() + ": " + held, late);
        }
    }

    public void awaitOpen(int connections) {
        Await.until(connections + " open", () -> counters().open() == connections);
    }

    /// Sends `text`, and waits until the server has it, and all that was delivered before.
    public void deliver(TestClient client, String text) throws IOException {
        long bytes = counters().receivedBytes() + text.length();
        client.send(text);
        Await.until(bytes + " received", () -> counters().receivedBytes() >= bytes);
    }

    /// Moves `time`, that of this server, and lets it have noticed.
    public void advance(ManualTime time, Duration by) {
        time.advance(server, by);
    }

    public boolean stop(Duration deadline) {
        stopped = true;
        return server.stop(deadline);
    }

    /// Stops without looking at what is held, for a test whose handlers never answer.
    public void kill() {
        stop(Duration.ZERO);
    }

    @Override
    public void close() {
        try {
            if (!stopped) awaitNothingHeld();
        } finally {
            assertTrue(server.stop(STOP_DEADLINE), "the server did not stop");
        }
    }
}
