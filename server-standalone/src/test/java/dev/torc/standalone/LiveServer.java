package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.ServerConfig;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.http.HttpLimits;
import dev.torc.http.HttpServer;
import dev.torc.http.file.FileHandler;
import dev.torc.testkit.Await;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// A server that programs of other makes are let loose on, with the [routes][LiveRoutes] for them.
/// Closing it fails when, with every client gone, it still holds something.
final class LiveServer implements AutoCloseable {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);

    private final LiveRoutes routes;
    private final HttpServer server;
    private boolean stopped;

    private LiveServer(LiveRoutes routes, HttpServer server) {
        this.routes = routes;
        this.server = server;
    }

    static LiveServer start(Network network, Path root) throws IOException {
        return start(network, root, HttpLimits.defaults());
    }

    /// One shard, so that what a client does to one connection it does to all of them. `root` is
    /// served below `/static/`.
    static LiveServer start(Network network, Path root, HttpLimits limits) throws IOException {
        LiveRoutes routes = new LiveRoutes();
        ServerConfig config = ServerConfig.defaults().withPort(0).withShards(1);
        HttpServer server =
                HttpServer.start(
                        config,
                        limits,
                        network.transport(),
                        routes.router(new FileHandler(root, "path")));
        return new LiveServer(routes, server);
    }

    int port() {
        return server.port();
    }

    /// Where a client finds `path`.
    String url(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    TestClient connect() throws IOException {
        return TestClient.connect(server);
    }

    /// Connections accepted so far.
    long accepted() {
        return server.counters().stream().mapToLong(Counters::accepted).sum();
    }

    /// Connections that are open.
    int open() {
        return server.counters().stream().mapToInt(Counters::open).sum();
    }

    /// Requests that have reached a handler, or found none, by this path without its query.
    long requests(String path) {
        return routes.requests(path);
    }

    /// Requests that no [Proxy] has seen.
    long unproxied() {
        return routes.unproxied();
    }

    private boolean holdsNothing() {
        int buffers = server.counters().stream().mapToInt(Counters::buffersOut).sum();
        return open() == 0 && buffers == 0 && server.slicesTaken() == 0;
    }

    /// Stops it although connections linger: where a client has left with much unsent, the server
    /// waits for it in vain, for seconds.
    void kill() {
        stopped = true;
        server.stop(Duration.ZERO);
    }

    @Override
    public void close() {
        if (stopped) return;
        try {
            Await.until("every connection and buffer is back", this::holdsNothing);
        } finally {
            assertTrue(server.stop(STOP_DEADLINE), "the server did not stop");
        }
    }
}
