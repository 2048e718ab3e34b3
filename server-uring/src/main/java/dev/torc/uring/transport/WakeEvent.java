package dev.torc.uring.transport;

import dev.torc.core.memory.Memory;
import dev.torc.uring.IoMemory;
import dev.torc.uring.Ring;
import dev.torc.uring.RingException;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.Linux;

import java.lang.foreign.Arena;

/// An eventfd that the ring always has a read on, so that another thread can end its wait: only the
/// ring's own thread may submit to it.
final class WakeEvent {
    static final long USER_DATA = UserData.encode(UserData.WAKE, 0, 0);

    private final Arena arena = Arena.ofShared();
    private final IoMemory counter = IoMemory.allocate(Long.BYTES);
    private final long one = arena.allocate(8, 8).address();
    private final Kernel waker;
    private final Ring ring;
    private final Kernel calls;
    private int fd;
    private boolean armed;

    WakeEvent(Ring ring, Kernel.Source kernels, Kernel calls) {
        this.ring = ring;
        waker = kernels.open(arena);
        this.calls = calls;
        Memory.putLong(one, 1);
        fd = calls.eventfd(0, Linux.EFD_CLOEXEC);
        if (fd < 0) throw new RingException("eventfd", fd);
        arm();
    }

    void arm() {
        ring.next().prepareRead(fd, counter, 0, Long.BYTES, -1, USER_DATA);
        armed = true;
    }

    /// From any thread.
    synchronized void signal() {
        if (fd >= 0) waker.write(fd, one, 8);
    }

    void onCompletion(int result) {
        armed = false;
        if (result != -Errno.ECANCELED) arm();
    }

    void cancel() {
        Submissions.cancel(ring, USER_DATA);
    }

    boolean isArmed() {
        return armed;
    }

    synchronized void close() {
        calls.close(fd);
        fd = -1;
        counter.close();
        arena.close();
    }
}
