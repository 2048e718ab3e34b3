package dev.torc.examples;

import dev.torc.uring.Eventfd;
import dev.torc.uring.IoMemory;
import dev.torc.uring.Ring;

/// Waits for one ring on another: the first counts its completions in an eventfd, and whatever can
/// wait for a descriptor can wait for the ring: epoll, a poll, or, as here, a read of another ring.
public final class UringEventfd {
    private static final long SECOND = 1_000_000_000;

    private UringEventfd() {}

    public static void main(String[] arguments) {
        System.out.println(countTimeouts(3) + " completions, each told by the eventfd");
    }

    /// Lets `timeouts` pass on one ring, and hears of them on the other.
    static int countTimeouts(int timeouts) {
        try (Ring told = Ring.open(8, 16);
                Ring waiting = Ring.open(8, 16);
                Eventfd event = new Eventfd();
                IoMemory counter = IoMemory.allocate(Long.BYTES)) {
            told.registrations().registerEventfd(event.fd());
            for (int i = 1; i <= timeouts; i++) told.next().prepareTimeout(i * 1_000_000L, 0, 0, i);
            told.submit();
            int heard = 0;
            while (heard < timeouts) {
                waiting.next().prepareRead(event.fd(), counter, 0, Long.BYTES, -1, 1);
                if (waiting.take(SECOND) == null) throw new IllegalStateException("not told");
                told.submitAndWait(0); // there are some, so this does not wait
                heard += told.drain((_, _, _) -> {});
            }
            return heard;
        }
    }
}
