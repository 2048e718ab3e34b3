package dev.torc.testkit.contract;

import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Transport;
import dev.torc.core.spi.TransportProvider;
import dev.torc.testkit.Network;

import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// A network whose servers live in a time that only the test moves.
final class ManualTime implements Network, TransportProvider {
    private final Network network;
    private final AtomicLong nanos = new AtomicLong(1L << 40);

    ManualTime(Network network) {
        this.network = network;
    }

    void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
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
    public Transport open(Shard shard, ServerConfig config, ConnectionHandler.Factory handlers) {
        return network.transport().open(shard, config, handlers);
    }
}
