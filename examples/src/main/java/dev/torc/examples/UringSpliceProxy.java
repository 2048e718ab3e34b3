package dev.torc.examples;

import dev.torc.uring.Completion;
import dev.torc.uring.Ring;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.Linux;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/// A TCP proxy that never copies a byte: each direction of a connection has a pipe, into which the
/// kernel splices the one socket, and which it splices into the other. A connection has a thread
/// and a ring of its own.
public final class UringSpliceProxy {
    private UringSpliceProxy() {}

    public static void main(String[] arguments) throws UnknownHostException {
        Usage.require(arguments, "UringSpliceProxy", "HOST", "PORT");
        InetAddress host = InetAddress.getByName(arguments[0]);
        SocketAddress target = new InetSocketAddress(host, Integer.parseInt(arguments[1]));
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
            ring.next().prepareSocket(Linux.AF_INET, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC, 0, 0);
            int server = ring.take().check("socket");
            ring.next().prepareConnect(server, target, 0);
            int connected = ring.take().result();
            if (connected == 0) splice(ring, client, server);
            else System.err.println(target + ": " + Errno.describe(connected));
            ring.next().prepareClose(client, 0);
            ring.next().prepareClose(server, 0);
            for (int i = 0; i < 2; i++) ring.take();
        }
    }

    private static void splice(Ring ring, int client, int server) {
        SpliceDirection[] directions = {
            new SpliceDirection(ring, 0, client, server),
            new SpliceDirection(ring, 1, server, client)
        };
        for (SpliceDirection direction : directions) direction.fill();
        for (int open = 2; open > 0; ) {
            Completion done = ring.take();
            int index = (int) done.userData(); // -1: not of a splice
            if (index >= 0 && directions[index].step(done.result())) open--;
        }
    }
}
