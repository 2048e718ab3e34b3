package dev.torc.core;

import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.TransportProvider;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// A running server for a protocol of the application's own. Thread-safe.
///
/// ```
/// TcpServer.start(config, _ -> new EchoServer());
/// TcpServer.start(config, IdleTimeout.after(Duration.ofMinutes(1), _ -> new EchoServer()));
/// TcpServer.startPerShard(config, shard -> new Room(shard)::join);
/// ```
public final class TcpServer implements RunningServer {
    private final Server server;

    private TcpServer(Server server) {
        this.server = server;
    }

    /// Starts a server whose shards share one factory, which therefore keeps nothing, or only what
    /// is thread-safe. Returns when the server listens.
    ///
    /// @throws StartException when it cannot, with the cause and the remedy
    public static TcpServer start(ServerConfig config, ConnectionHandler.Factory handlers) {
        return startPerShard(config, _ -> handlers);
    }

    /// Starts a server with a factory for each shard, for what the connections of a shard share
    /// without locks. Returns when the server listens.
    ///
    /// @throws StartException when it cannot, with the cause and the remedy
    public static TcpServer startPerShard(
            ServerConfig config, ConnectionHandler.PerShard handlers) {
        return new TcpServer(Server.start(config, handlers));
    }

    /// [#startPerShard(ServerConfig, ConnectionHandler.PerShard)] on a transport of the caller's
    /// own.
    public static TcpServer startPerShard(
            ServerConfig config, TransportProvider provider, ConnectionHandler.PerShard handlers) {
        return new TcpServer(Server.start(config, provider, handlers));
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
