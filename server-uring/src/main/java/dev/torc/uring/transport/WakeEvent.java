package dev.torc.uring.transport;

import dev.torc.uring.Eventfd;
import dev.torc.uring.IoMemory;
import dev.torc.uring.Ring;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.constants.Errno;

/// An eventfd that the ring always has a read on, so that another thread can end its wait: only the
/// ring's own thread may submit to it.
final class WakeEvent {
    static final long USER_DATA = UserData.encode(UserData.WAKE, 0, 0);

    private final Ring ring;
    private final Eventfd event;
    private final IoMemory counter = IoMemory.allocate(Long.BYTES);
    private boolean armed;
    private boolean cancelled;

    WakeEvent(Ring ring, Kernel.Source kernels) {
        this.ring = ring;
        event = new Eventfd(kernels);
        arm();
    }

    void arm() {
        ring.next().prepareRead(event.fd(), counter, 0, Long.BYTES, -1, USER_DATA);
        armed = true;
    }

    /// From any thread.
    void signal() {
        event.signal();
    }

    void onCompletion(int result) {
        armed = false;
        // A signal may overtake the cancel, and nobody would cancel the next read.
        if (!cancelled && result != -Errno.ECANCELED) arm();
    }

    void cancel() {
        cancelled = true;
        Submissions.cancel(ring, USER_DATA);
    }

    boolean isArmed() {
        return armed;
    }

    void close() {
        event.close();
        counter.close();
    }
}
