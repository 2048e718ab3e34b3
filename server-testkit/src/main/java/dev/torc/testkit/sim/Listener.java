package dev.torc.testkit.sim;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;

/// A simulated listening socket with the connections that nobody has accepted yet.
final class Listener {
    private static final int V6_BYTES = 16;

    private final World world;
    private final boolean v6;
    private final InetSocketAddress address;
    private final int backlogMax;
    private final Runnable onArrival;
    private final ArrayDeque<Endpoint> backlog = new ArrayDeque<>();
    private boolean closed;

    Listener(
            World world,
            boolean v6,
            InetSocketAddress address,
            int backlogMax,
            Runnable onArrival) {
        this.world = world;
        this.v6 = v6;
        this.address = address;
        this.backlogMax = backlogMax;
        this.onArrival = onArrival;
    }

    InetSocketAddress address() {
        return address;
    }

    /// The address of `client` as this socket tells it: an IPv6 socket sees an IPv4 client as
    /// `::ffff:127.0.0.1`.
    InetSocketAddress seen(InetSocketAddress client) {
        byte[] address = client.getAddress().getAddress();
        if (!v6 || address.length == V6_BYTES) return client;
        byte[] mapped = new byte[V6_BYTES];
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(address, 0, mapped, 12, address.length);
        try {
            InetAddress seen = Inet6Address.getByAddress(null, mapped, -1);
            return new InetSocketAddress(seen, client.getPort());
        } catch (UnknownHostException impossible) {
            throw new AssertionError("16 bytes are an address", impossible);
        }
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
