package dev.torc.testkit;

import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Transport;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.core.spi.TransportProvider;

import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// A network whose servers live in a time that only the test moves, for what waits: timeouts are
/// neither waited for, nor missed on a machine that is slow or stands still for a while. All else
/// is another network's own.
public final class ManualTime implements Network, TransportProvider {
    private final Network network;
    private final AtomicLong nanos = new AtomicLong(1L << 40);

    /// The time of servers on `network`.
    public ManualTime(Network network) {
        this.network = network;
    }

    /// Moves time when `server` has dealt with all that has reached it, and returns when it has
    /// noticed, on each of its shards. What it does then may still be under way.
    public void advance(Server server, Duration by) {
        server.counters(); // a round trip
        nanos.addAndGet(by.toNanos());
        List<Counters> before = server.counters();
        Await.until("each shard has taken two turns", () -> hasTurned(server, before));
    }

    private static boolean hasTurned(Server server, List<Counters> before) {
        List<Counters> now = server.counters();
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i).waits() - before.get(i).waits() < 2) return false;
        }
        return true;
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public TransportProvider transport() {
        return this;
    }

    @Override
    public Socket socket() {
        return network.socket();
    }

    @Override
    public boolean isReal() {
        return network.isReal();
    }

    @Override
    public String name() {
        return network.transport().name();
    }

    @Override
    public int rank() {
        return network.transport().rank();
    }

    @Override
    public Verdict verdict() {
        return network.transport().verdict();
    }

    @Override
    public Needs needs(List<ServerConfig> servers) {
        return network.transport().needs(servers);
    }

    @Override
    public Transport open(Shard shard, ServerConfig config, ConnectionHandler.Factory handlers) {
        return network.transport().open(shard, config, handlers);
    }

    @Override
    public String toString() {
        return network.toString();
    }
}
