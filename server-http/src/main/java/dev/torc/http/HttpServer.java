package dev.torc.http;

import dev.torc.core.RunningServer;
import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.ShardCounters;
import dev.torc.core.StopReport;
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

    /// Stops in steps that lose no request behind a load balancer: `health` is not ready from now
    /// on; for the delay everything is still accepted and served; then the listeners close, and
    /// what is in flight is finished, its answers with `Connection: close`; what has not by the
    /// deadline is cut. Returns then, with what was. When the calling thread is interrupted during
    /// the delay, the delay ends.
    public StopReport stop(Health health, ShutdownConfig config) {
        health.unready("stopping");
        boolean interrupted = false;
        try {
            // Ends early for a server that somebody else stops.
            if (!config.delay().isZero()) server.await(config.delay());
        } catch (InterruptedException noMoreDelay) {
            interrupted = true;
        }
        server.stop(config.deadline());
        if (interrupted) Thread.currentThread().interrupt();
        return server.stopReport();
    }

    @Override
    public void beginStop(Duration deadline) {
        server.beginStop(deadline);
    }

    @Override
    public StopReport stopReport() {
        return server.stopReport();
    }

    @Override
    public void await() throws InterruptedException {
        server.await();
    }

    @Override
    public boolean await(Duration time) throws InterruptedException {
        return server.await(time);
    }

    @Override
    public void close() {
        server.close();
    }
}
