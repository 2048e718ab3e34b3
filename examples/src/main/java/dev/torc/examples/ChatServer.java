package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.TcpServer;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A chat room over all shards. Each shard keeps its own connections and needs no lock for them;
/// what is said goes to every shard as a task.
public final class ChatServer implements ConnectionHandler.PerShard {
    private final Map<Shard, Set<Connection>> members = new ConcurrentHashMap<>();
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    private ChatServer() {}

    static TcpServer start(ServerConfig config) {
        return TcpServer.startPerShard(config, new ChatServer());
    }

    @Override
    public ConnectionHandler.Factory start(Shard shard) {
        Set<Connection> here = new HashSet<>();
        members.put(shard, here);
        return _ -> new ChatMember(this, here);
    }

    /// The names that are taken. Thread-safe.
    Set<String> names() {
        return names;
    }

    /// Says `line` to all members, then runs `told` on the shard that was the last to hear of it.
    void say(String line, Runnable told) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicInteger left = new AtomicInteger(members.size());
        members.forEach(
                (shard, here) ->
                        shard.execute(
                                () -> {
                                    for (Connection member : here) ChatMember.hear(member, bytes);
                                    if (left.decrementAndGet() == 0) told.run();
                                }));
    }

    public static void main(String[] arguments) throws InterruptedException {
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7008;
        TcpServer server = start(ServerConfig.defaults().withPort(port));
        System.out.println("nc 127.0.0.1 " + server.port());
        server.await();
    }
}
