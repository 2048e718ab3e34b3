package dev.torc.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torc.uring.BufferGroup;
import dev.torc.uring.BufferRingSetup;
import dev.torc.uring.Completion;
import dev.torc.uring.IoMemory;
import dev.torc.uring.Ring;
import dev.torc.uring.constants.Linux;

import java.util.function.BooleanSupplier;

/// A web server directly on the ring: one accept, one receive per connection, and buffers that the
/// kernel picks when data arrives. It answers whatever comes: for HTTP there is `HttpServer`.
public final class UringWebServer {
    private static final long ACCEPT = -1;
    private static final long IGNORED = -2;
    private static final long TURN_NANOS = 100_000_000;
    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\nHello, io_uring!\n";

    private UringWebServer() {}

    public static void main(String[] arguments) {
        try (Ring ring = Ring.open(256, 4096);
                LoopbackListener listener = new LoopbackListener(ring, 7010)) {
            System.out.println("curl http://127.0.0.1:7010/");
            serve(ring, listener.fd(), () -> true);
        }
    }

    static void serve(Ring ring, int listener, BooleanSupplier goesOn) {
        try (IoMemory answer = IoMemory.of(ANSWER.getBytes(US_ASCII));
                BufferGroup group = BufferGroup.open(ring, BufferRingSetup.of(0, 64, 4096))) {
            boolean accepting = false;
            while (goesOn.getAsBoolean()) {
                if (!accepting) ring.next().prepareMultishotAccept(listener, 0, ACCEPT);
                accepting = true;
                Completion done = ring.take(TURN_NANOS);
                if (done == null) continue;
                if (done.userData() == ACCEPT) {
                    int fd = done.check("accept");
                    group.recvMultishot(fd, 0, fd); // its user data is the connection
                    accepting = done.hasMore();
                } else if (done.userData() >= 0) received(ring, group, answer, done);
            }
        }
    }

    private static void received(Ring ring, BufferGroup group, IoMemory answer, Completion done) {
        int fd = (int) done.userData();
        if (done.result() > 0) {
            group.take(done); // what was asked does not matter here
            group.put(done);
            ring.next().prepareSend(fd, answer, 0, ANSWER.length(), Linux.MSG_NOSIGNAL, IGNORED);
        }
        if (!done.hasMore()) ring.next().prepareClose(fd, IGNORED);
    }
}
