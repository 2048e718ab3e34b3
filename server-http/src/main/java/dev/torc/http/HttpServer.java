package dev.torc.http;

import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.TransportChoice;
import dev.torc.core.spi.Transport;
import dev.torc.http.h1.Http1Connections;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// A running HTTP server. Thread-safe.
public final class HttpServer implements AutoCloseable {
    private final Server server;

    private HttpServer(Server server) {
        this.server = server;
    }

    /// Starts a server with the default limits; returns when it listens.
    ///
    /// @throws dev.torc.core.StartException when it cannot, with the cause and the remedy
    public static HttpServer start(ServerConfig config, Handler handler) {
        return start(config, HttpLimits.defaults(), handler);
    }

    /// Starts a server; returns when it listens.
    ///
    /// @throws dev.torc.core.StartException when it cannot, with the cause and the remedy
    public static HttpServer start(ServerConfig config, HttpLimits limits, Handler handler) {
        return new HttpServer(
                Server.start(config, shard -> new Http1Connections(shard, limits, handler)));
    }

    public int port() {
        return server.port();
    }

    public InetSocketAddress address() {
        return server.address();
    }

    public int shardCount() {
        return server.shardCount();
    }

    /// The transport in use, and why it is.
    public TransportChoice transport() {
        return server.transport();
    }

    /// What the transport found on this machine, a name and a value a line.
    public List<String> transportDetails() {
        return server.transportDetails();
    }

    /// What each shard's transport has done so far, or had done when the server stopped.
    public List<Transport.Counters> counters() {
        return server.counters();
    }

    /// Accepts no more, finishes what is in flight, aborts what has not finished within `deadline`.
    /// Returns whether every shard has ended.
    public boolean stop(Duration deadline) {
        return server.stop(deadline);
    }

    /// Waits until the server has stopped.
    public void await() throws InterruptedException {
        server.await();
    }

    /// [#stop(Duration)] with a deadline of ten seconds.
    @Override
    public void close() {
        server.close();
    }
}
