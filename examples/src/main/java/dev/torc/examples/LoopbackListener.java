package dev.torc.examples;

import dev.torc.uring.IoMemory;
import dev.torc.uring.Ring;
import dev.torc.uring.constants.Linux;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// A socket that listens on the loopback interface, made by the ring.
final class LoopbackListener implements AutoCloseable {
    private final Ring ring;
    private final int fd;

    LoopbackListener(Ring ring, int port) {
        this.ring = ring;
        int type = Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC;
        ring.next().prepareSocket(Linux.AF_INET, type, 0, 0);
        fd = ring.take().check("socket");
        try (IoMemory one = IoMemory.of(new byte[] {1, 0, 0, 0})) {
            int level = Linux.SOL_SOCKET;
            ring.next().prepareCmdSockSetsockopt(fd, level, Linux.SO_REUSEADDR, one, 0, 4, 0);
            ring.take().check("SO_REUSEADDR");
        }
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        ring.next().prepareBind(fd, address, 0);
        ring.take().check("bind to " + address);
        ring.next().prepareListen(fd, 128, 0);
        ring.take().check("listen");
    }

    int fd() {
        return fd;
    }

    /// The next connection.
    int accept() {
        ring.next().prepareAccept(fd, Linux.SOCK_CLOEXEC, 0);
        return ring.take().check("accept");
    }

    @Override
    public void close() {
        ring.next().prepareClose(fd, 0);
        ring.take();
    }
}
