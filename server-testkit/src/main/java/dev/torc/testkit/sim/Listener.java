package dev.torc.testkit.sim;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;

/// A simulated listening socket with the connections that nobody has accepted yet.
final class Listener {
    private final World world;
    private final InetSocketAddress address;
    private final int backlogMax;
    private final Runnable onArrival;
    private final ArrayDeque<Endpoint> backlog = new ArrayDeque<>();
    private boolean closed;

    Listener(World world, InetSocketAddress address, int backlogMax, Runnable onArrival) {
        this.world = world;
        this.address = address;
        this.backlogMax = backlogMax;
        this.onArrival = onArrival;
    }

    InetSocketAddress address() {
        return address;
    }

    boolean isFull() {
        return backlog.size() >= backlogMax;
    }

    boolean isEmpty() {
        return backlog.isEmpty();
    }

    boolean isClosed() {
        return closed;
    }

    void add(Endpoint connection) {
        backlog.add(connection);
        onArrival.run();
    }

    Endpoint take() {
        world.signal(); // a client may wait for the room
        return backlog.remove();
    }

    /// Connections that were never accepted are reset.
    void close() {
        closed = true;
        backlog.forEach(Endpoint::reset);
        backlog.clear();
        world.signal();
    }
}
