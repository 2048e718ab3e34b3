package dev.torc.examples;

import dev.torc.core.IdleTimeout;
import dev.torc.core.ServerConfig;
import dev.torc.core.Slice;
import dev.torc.core.TcpServer;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;

import java.time.Duration;

/// Sends back what it receives. While more is queued than the peer reads it receives no more, so
/// the peer has to wait, and the server holds a bounded number of bytes for it.
public final class EchoServer implements ConnectionHandler {
    private static final Duration IDLE = Duration.ofMinutes(5);

    private EchoServer() {}

    static TcpServer start(ServerConfig config) {
        EchoServer echo = new EchoServer(); // keeps nothing: one serves all connections
        return TcpServer.start(config, IdleTimeout.after(IDLE, _ -> echo));
    }

    @Override
    public void onReceive(Connection connection, Slice data) {
        boolean room = connection.sendCopy(data);
        if (!room) connection.pauseReceive();
    }

    @Override
    public void onWritable(Connection connection) {
        connection.resumeReceive();
    }

    public static void main(String[] arguments) throws InterruptedException {
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7007;
        TcpServer server = start(ServerConfig.defaults().withPort(port));
        System.out.println("nc 127.0.0.1 " + server.port());
        server.await();
    }
}
