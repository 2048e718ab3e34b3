package dev.torc.testkit;

import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Transport;
import dev.torc.core.spi.TransportProvider;

import java.net.Socket;
import java.util.List;

/// A network that is another one, with its name, but for what a subclass does differently.
public class DerivedNetwork implements Network, TransportProvider {
    private final Network origin;

    protected DerivedNetwork(Network origin) {
        this.origin = origin;
    }

    // ---- Network

    @Override
    public TransportProvider transport() {
        return this;
    }

    @Override
    public Socket socket() {
        return origin.socket();
    }

    @Override
    public boolean isReal() {
        return origin.isReal();
    }

    @Override
    public String toString() {
        return origin.toString();
    }

    // ---- TransportProvider

    @Override
    public String name() {
        return origin.transport().name();
    }

    @Override
    public int rank() {
        return origin.transport().rank();
    }

    @Override
    public Verdict verdict() {
        return origin.transport().verdict();
    }

    @Override
    public Needs needs(List<ServerConfig> servers) {
        return origin.transport().needs(servers);
    }

    @Override
    public Transport open(Shard shard, ServerConfig config, ConnectionHandler.Factory handlers) {
        return origin.transport().open(shard, config, handlers);
    }

    @Override
    public long nanoTime() {
        return origin.transport().nanoTime();
    }
}
