package dev.torc.testkit.sim;

import dev.torc.core.RunningServer;
import dev.torc.core.spi.TransportProvider;
import dev.torc.testkit.Network;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// A machine with a kernel, a network and a time of its own, on which Torc's real io_uring
/// transport runs, with everything above it. What happens, and when, follows from the seed.
///
/// In virtual time one thread drives the simulation: the one that made it, by using its sockets and
/// by the methods here. Nothing happens in between, and nothing takes any time that is not
/// simulated.
public final class Simulation implements Network, AutoCloseable {
    private final World world;
    private final Machine machine;
    private final Arena memory = Arena.ofShared();
    private final TransportProvider transport;

    private Simulation(World world) {
        this.world = world;
        machine = new Machine(world);
        transport =
                new SimulatedTransportProvider(world, _ -> new SimKernel(world, machine, memory));
    }

    /// Virtual time: the same seed and faults give the same run.
    public static Simulation virtual(long seed, Faults faults) {
        return new Simulation(new World(seed, faults, true));
    }

    /// Real time, for tests whose clients block on threads of their own.
    public static Simulation realTime(long seed, Faults faults) {
        return new Simulation(new World(seed, faults, false));
    }

    @Override
    public TransportProvider transport() {
        return transport;
    }

    @Override
    public boolean isReal() {
        return false;
    }

    @Override
    public Socket socket() {
        try {
            return new SimSocket(world, machine);
        } catch (SocketException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// A client of the server on `port`, for actions [scheduled][#schedule(Duration, Runnable)];
    /// null when nobody listens there or its backlog is full.
    public @Nullable Peer connect(int port) {
        return connect(port, InetAddress.getLoopbackAddress());
    }

    /// [#connect(int)] from any `host`.
    public @Nullable Peer connect(int port, InetAddress host) {
        world.lock.lock();
        try {
            world.quiesce();
            Listener listener = machine.listenerOn(port);
            if (listener == null || listener.isFull()) return null;
            InetSocketAddress local = machine.clientAddress(host);
            Endpoint near = Endpoint.connect(world, local, listener, 0);
            listener.add(near.peer());
            return new Peer(world, near);
        } finally {
            world.lock.unlock();
        }
    }

    public long seed() {
        return world.seed;
    }

    /// The time, as [System#nanoTime()] counts it.
    public long nowNanos() {
        return world.nowNanos();
    }

    /// A number that tells this run from others so far: the same run gives the same one.
    public long trace() {
        world.lock.lock();
        try {
            return world.trace();
        } finally {
            world.lock.unlock();
        }
    }

    /// Lets `action` happen `delay` from now, on the driving thread.
    public void schedule(Duration delay, Runnable action) {
        world.lock.lock();
        try {
            world.quiesce();
            world.schedule(delay.toNanos(), action);
        } finally {
            world.lock.unlock();
        }
    }

    /// Lets things happen until `done`. Fails when nothing will ever happen any more, or a rule of
    /// the simulated kernel is broken.
    public void run(String what, BooleanSupplier done) {
        world.lock.lock();
        try {
            if (world.await(done, Long.MAX_VALUE)) return;
            throw new AssertionError("nothing happens any more, waiting for " + what + replay());
        } finally {
            world.lock.unlock();
        }
    }

    /// Lets things happen for so long.
    public void run(Duration time) {
        world.lock.lock();
        try {
            world.await(() -> false, world.nowNanos() + time.toNanos());
        } finally {
            world.lock.unlock();
        }
    }

    /// Moves time forward without anything happening on the way, as when a machine was suspended.
    public void jump(Duration time) {
        world.lock.lock();
        try {
            world.jump(time.toNanos());
        } finally {
            world.lock.unlock();
        }
    }

    /// Stops `server` within so much simulated time, and returns when it has ended.
    public void stop(RunningServer server, Duration deadline) {
        server.beginStop(deadline);
        run("the server's end", () -> world.rings().isEmpty());
        try {
            server.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// What to put on a command line to get this run again.
    public String replay() {
        return world.replay();
    }

    /// Frees its memory. Every server in it has been stopped.
    @Override
    public void close() {
        world.lock.lock();
        try {
            world.check();
            if (machine.openCount() > 0) {
                throw new AssertionError("descriptors left: " + machine.openCount() + replay());
            }
        } finally {
            world.lock.unlock();
        }
        memory.close();
    }

    @Override
    public String toString() {
        return "simulated";
    }
}
