package dev.torc.testkit.sim;

import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Transport;
import dev.torc.core.spi.TransportProvider;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.transport.UringTransportProvider;

import java.util.List;

/// Opens the real io_uring transport on the simulated kernel, in simulated time.
final class SimulatedTransportProvider implements TransportProvider {
    private final World world;
    private final Kernel.Source kernels;

    SimulatedTransportProvider(World world, Kernel.Source kernels) {
        this.world = world;
        this.kernels = kernels;
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public Verdict verdict() {
        return new Verdict(true, "simulated io_uring", List.of("seed: " + world.seed));
    }

    @Override
    public long nanoTime() {
        return world.nowNanos();
    }

    @Override
    public Transport open(Shard shard, ServerConfig config, ConnectionHandler.Factory handlers) {
        return UringTransportProvider.open(shard, config, handlers, kernels);
    }
}
