package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.core.Slice;
import dev.torc.core.TcpServer;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;

import java.net.ProtocolException;
import java.util.List;

/// A store in memory that speaks enough of Redis's protocol for `redis-cli` and `redis-benchmark`.
/// Each connection has a parser; the commands of one receive are answered by one send.
///
/// All shards share one concurrent map: a key may be asked for on any connection, and one look-up
/// there costs less than a message to the shard that would own the key.
public final class RedisServer implements ConnectionHandler {
    private final RedisCommands commands;
    private final RespParser parser = new RespParser();

    private RedisServer(RedisCommands commands) {
        this.commands = commands;
    }

    static TcpServer start(ServerConfig config) {
        RedisCommands commands = new RedisCommands();
        return TcpServer.start(config, _ -> new RedisServer(commands));
    }

    @Override
    public void onReceive(Connection connection, Slice data) {
        RespReply reply = new RespReply();
        boolean last = false;
        try {
            parser.add(data);
            for (List<byte[]> words = parser.next(); words != null; words = parser.next()) {
                last = commands.answer(words, reply);
                if (last) break;
            }
        } catch (ProtocolException wrong) {
            reply.error("Protocol error: " + wrong.getMessage());
            last = true;
        }
        if (!connection.sendCopy(reply.bytes())) connection.pauseReceive();
        if (last) connection.closeLingering();
    }

    @Override
    public void onWritable(Connection connection) {
        connection.resumeReceive();
    }

    public static void main(String[] arguments) throws InterruptedException {
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7009;
        TcpServer server = start(ServerConfig.defaults().withPort(port));
        System.out.println("redis-benchmark -t ping,set,get -p " + server.port());
        server.await();
    }
}
