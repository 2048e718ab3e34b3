package dev.torc.examples;

import dev.torc.uring.Completion;
import dev.torc.uring.Ring;
import dev.torc.uring.constants.Linux;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// A TCP proxy that never copies a byte: each direction of a connection has a pipe, into which the
/// kernel splices the one socket, and which it splices into the other. A connection has a thread
/// and a ring of its own.
public final class UringSpliceProxy {
    private UringSpliceProxy() {}

    public static void main(String[] arguments) {
        int port = Integer.parseInt(arguments[1]);
        SocketAddress target = new InetSocketAddress(arguments[0], port);
        try (Ring ring = Ring.open(8, 16);
                LoopbackListener listener = new LoopbackListener(ring, 7009)) {
            System.out.println("127.0.0.1:7009 is " + target);
            while (true) {
                int client = listener.accept();
                Thread.ofPlatform().start(() -> relay(client, target));
            }
        }
    }

    /// Connects `client` with `target`, and returns when both have said all they had to say.
    static void relay(int client, SocketAddress target) {
        try (Ring ring = Ring.open(16, 64)) {
            int server = connect(ring, target);
            SpliceDirection[] directions = {
                new SpliceDirection(ring, 0, client, server),
                new SpliceDirection(ring, 1, server, client)
            };
            for (SpliceDirection direction : directions) direction.fill();
            for (int open = 2; open > 0; ) {
                Completion completion = ring.take();
                int index = (int) completion.userData();
                if (index >= 0 && directions[index].step(completion.result())) open--;
            }
            ring.next().prepareClose(client, 0);
            ring.next().prepareClose(server, 0);
            for (int i = 0; i < 2; i++) ring.take();
        }
    }

    private static int connect(Ring ring, SocketAddress target) {
        ring.next().prepareSocket(Linux.AF_INET, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC, 0, 0);
        int fd = ring.take().check("socket");
        ring.next().prepareConnect(fd, target, 0);
        ring.take().check("connecting to " + target);
        return fd;
    }
}
