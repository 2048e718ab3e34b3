package dev.torc.examples;

import dev.torc.uring.Completion;
import dev.torc.uring.Ring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Two threads with a ring each that send each other messages: no lock, no queue of their own, no
/// eventfd. A message is a completion in the other's ring: an int, and a long as its user data.
public final class UringMessages {
    private static final long SENT = 0; // the user data of our own sends
    private static final long WAIT_NANOS = 5_000_000_000L;

    private UringMessages() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("the ball came back " + rally(1000) + " times");
    }

    /// Plays a ball to another thread and back, `times` over; returns how often it came back.
    static int rally(int times) throws Exception {
        CompletableFuture<Integer> returner = new CompletableFuture<>();
        try (Ring ring = Ring.open(8, 16)) {
            int serverFd = ring.fd();
            Thread other = Thread.ofPlatform().start(() -> playBack(returner, serverFd, times));
            int otherFd = returner.get(5, TimeUnit.SECONDS);
            for (int ball = 1; ball <= times; ball++) {
                play(ring, otherFd, ball);
                int back = receive(ring);
                if (back != -ball) throw new IllegalStateException("ball=" + ball + ": " + back);
            }
            other.join();
            return times;
        }
    }

    private static void playBack(CompletableFuture<Integer> fd, int serverFd, int times) {
        try (Ring ring = Ring.open(8, 16)) {
            fd.complete(ring.fd());
            for (int i = 0; i < times; i++) play(ring, serverFd, -receive(ring));
        }
    }

    private static void play(Ring ring, int fd, int ball) {
        ring.next().prepareMsgRing(fd, ball, 1, SENT);
        ring.submit();
    }

    private static int receive(Ring ring) {
        while (true) {
            Completion completion = ring.take(WAIT_NANOS);
            if (completion == null) throw new IllegalStateException("the ball is lost");
            if (completion.userData() != SENT) return completion.result();
            completion.check("sending the ball");
        }
    }
}
