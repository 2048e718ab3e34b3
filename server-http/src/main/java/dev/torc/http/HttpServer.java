package dev.torc.http;

import dev.torc.core.RunningServer;
import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.ShardCounters;
import dev.torc.core.TransportChoice;
import dev.torc.core.spi.TransportProvider;
import dev.torc.http.h1.Http1Connections;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// A running HTTP server. Thread-safe.
public final class HttpServer implements RunningServer {
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

    /// Starts a server whose requests are observed; returns when it listens.
    ///
    /// @throws dev.torc.core.StartException when it cannot, with the cause and the remedy
    public static HttpServer start(
            ServerConfig config,
            HttpLimits limits,
            RequestObserver.PerShard observers,
            Handler handler) {
        return new HttpServer(
                Server.start(
                        config,
                        shard ->
                                new Http1Connections(
                                        shard, limits, observers.start(shard), handler)));
    }

    /// [#start(ServerConfig, HttpLimits, Handler)] on a transport of the caller's own.
    public static HttpServer start(
            ServerConfig config, HttpLimits limits, TransportProvider provider, Handler handler) {
        return new HttpServer(
                Server.start(
                        config, provider, shard -> new Http1Connections(shard, limits, handler)));
    }

    @Override
    public InetSocketAddress address() {
        return server.address();
    }

    public int shardCount() {
        return server.shardCount();
    }

    @Override
    public TransportChoice transport() {
        return server.transport();
    }

    /// What the transport found on this machine, a name and a value a line.
    public List<String> transportDetails() {
        return server.transportDetails();
    }

    @Override
    public List<ShardCounters> shardCounters(Duration patience) {
        return server.shardCounters(patience);
    }

    @Override
    public boolean stop(Duration deadline) {
        return server.stop(deadline);
    }

    @Override
    public void beginStop(Duration deadline) {
        server.beginStop(deadline);
    }

    @Override
    public void await() throws InterruptedException {
        server.await();
    }

    @Override
    public void close() {
        server.close();
    }
}
