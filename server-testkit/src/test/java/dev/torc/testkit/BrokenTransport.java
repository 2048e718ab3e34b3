package dev.torc.testkit;

import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Transport;
import dev.torc.core.spi.TransportProvider;

import java.util.List;

/// A transport that cannot work here or, if it is `exhausted`, not now.
record BrokenTransport(String name, boolean exhausted) implements TransportProvider {
    @Override
    public int rank() {
        return 0;
    }

    @Override
    public Verdict verdict() {
        return new Verdict(
                false, "the kernel of " + name + " is missing", "get one", exhausted, List.of());
    }

    @Override
    public Transport open(Shard shard, ServerConfig config, ConnectionHandler.Factory handlers) {
        throw new AssertionError("it was opened");
    }
}
