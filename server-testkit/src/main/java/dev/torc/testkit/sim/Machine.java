package dev.torc.testkit.sim;

import dev.torc.uring.constants.Errno;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The machine that a simulation takes place on: its descriptors and its ports. Clients connect
/// from wherever they like.
final class Machine {
    static final int ENOTCONN = 107;

    private static final int FD_FIRST = 3;
    private static final int PORT_FIRST = 32_768;

    private final World world;
    private final Map<Integer, Object> descriptors = new HashMap<>();
    private final List<Socket> listening = new ArrayList<>();
    private int nextFd = FD_FIRST;
    private int nextPort = PORT_FIRST;

    Machine(World world) {
        this.world = world;
    }

    /// A socket that does not belong to a connection.
    private static final class Socket {
        final boolean v6;
        boolean shared;
        @Nullable InetSocketAddress address;
        @Nullable Listener listener;

        Socket(boolean v6) {
            this.v6 = v6;
        }
    }

    /// An eventfd.
    private static final class Counter {
        long value;
    }

    // ---- descriptors

    int addDescriptor(Object what) {
        descriptors.put(nextFd, what);
        return nextFd++;
    }

    @Nullable Object find(int fd) {
        return descriptors.get(fd);
    }

    int openCount() {
        return descriptors.size();
    }

    int close(int fd) {
        Object closed = descriptors.remove(fd);
        if (closed == null) {
            world.fail("a descriptor that is not open was closed: " + fd);
            return -Errno.EBADF;
        }
        for (SimRing ring : world.rings()) {
            if (ring.operations().isArmed(fd)) {
                world.fail("descriptor " + fd + " was closed with operations outstanding");
            }
        }
        if (closed instanceof SimRing ring) close(ring);
        if (closed instanceof HostFiles.HostFile file) HostFiles.close(file);
        if (closed instanceof Socket socket) {
            listening.remove(socket);
            if (socket.listener != null) socket.listener.close();
        }
        return 0;
    }

    private void close(SimRing ring) {
        long left = ring.operations().armedCount();
        if (left > 0) world.fail("a ring was closed with operations outstanding: " + left);
        ring.operations().close();
        world.remove(ring);
    }

    // ---- files

    /// The file behind `fd`, or null when that is none.
    HostFiles.@Nullable HostFile file(int fd) {
        return descriptors.get(fd) instanceof HostFiles.HostFile file ? file : null;
    }

    int open(String path) {
        int[] failure = new int[1];
        HostFiles.HostFile file = HostFiles.open(Path.of(path), failure);
        return file == null ? failure[0] : addDescriptor(file);
    }

    int openBeneath(Op op) {
        HostFiles.HostFile directory = file(op.fd);
        if (directory == null) return -Errno.EBADF;
        int[] failure = new int[1];
        HostFiles.HostFile file = HostFiles.openBeneath(directory.path(), op, failure);
        return file == null ? failure[0] : addDescriptor(file);
    }

    // ---- eventfds

    int openCounter() {
        return addDescriptor(new Counter());
    }

    /// Returns false when `fd` is no eventfd.
    boolean addToCounter(int fd, long value) {
        if (!(descriptors.get(fd) instanceof Counter counter)) return false;
        counter.value += value;
        for (SimRing ring : world.rings()) ring.operations().changed(fd);
        world.signal();
        return true;
    }

    long takeCounter(int fd) {
        if (!(descriptors.get(fd) instanceof Counter counter)) return 0;
        long value = counter.value;
        counter.value = 0;
        return value;
    }

    // ---- listening

    int openSocket(boolean v6) {
        return addDescriptor(new Socket(v6));
    }

    int share(int fd) {
        if (!(descriptors.get(fd) instanceof Socket socket)) return -Errno.EBADF;
        socket.shared = true;
        return 0;
    }

    int bind(int fd, InetSocketAddress wanted) {
        if (!(descriptors.get(fd) instanceof Socket socket)) return -Errno.EBADF;
        int port = wanted.getPort() == 0 ? nextPort++ : wanted.getPort();
        for (Socket other : listening) {
            boolean both = other.shared && socket.shared;
            if (other.address != null && other.address.getPort() == port && !both) {
                return -Errno.EADDRINUSE;
            }
        }
        socket.address = new InetSocketAddress(wanted.getAddress(), port);
        return 0;
    }

    int listen(int fd, int backlog) {
        if (!(descriptors.get(fd) instanceof Socket socket)) return -Errno.EBADF;
        InetSocketAddress address = socket.address;
        if (address == null) return -Errno.EINVAL;
        Runnable onArrival =
                () -> {
                    for (SimRing ring : world.rings()) ring.operations().changed(fd);
                };
        socket.listener = new Listener(world, socket.v6, address, backlog, onArrival);
        listening.add(socket);
        return 0;
    }

    @Nullable Listener listener(int fd) {
        return descriptors.get(fd) instanceof Socket socket ? socket.listener : null;
    }

    /// The socket's own address.
    @Nullable InetSocketAddress local(int fd) {
        return switch (descriptors.get(fd)) {
            case Socket socket -> socket.address;
            case Endpoint endpoint -> endpoint.local();
            case null, default -> null;
        };
    }

    @Nullable InetSocketAddress remote(int fd) {
        if (!(descriptors.get(fd) instanceof Endpoint endpoint) || endpoint.isReset()) return null;
        return endpoint.remote();
    }

    /// One of those who listen on the port, or null.
    @Nullable Listener listenerOn(int port) {
        List<Listener> found = new ArrayList<>();
        for (Socket socket : listening) {
            Listener listener = socket.listener;
            if (listener != null && listener.address().getPort() == port) found.add(listener);
        }
        return found.isEmpty() ? null : found.get(world.chance.nextInt(found.size()));
    }

    /// An address for a client on `host`.
    InetSocketAddress clientAddress(InetAddress host) {
        return new InetSocketAddress(host, nextPort++ & 0xFFFF);
    }
}
