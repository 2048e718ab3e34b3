package dev.torc.uring;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.Syscalls;
import dev.torc.uring.constants.Linux;

import java.lang.foreign.Arena;

/// A counter with a file descriptor, `eventfd(2)`: a ring counts its completions in one when it is
/// [registered][Registrations#registerEventfd(int)], and a read of one lets any thread end the
/// ring's wait. Reading gives the count as a `long` and sets it to 0.
public final class Eventfd implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final long one = arena.allocate(Long.BYTES, Long.BYTES).address();
    private final Kernel calls;
    private int fd;

    /// Opens one at 0; it is closed on exec.
    ///
    /// @throws RingException with the errno of `eventfd(2)`
    public Eventfd() {
        this(Syscalls::new);
    }

    /// One of a kernel of the caller's choice: the seam for the simulated one.
    @SuppressWarnings("exports") // only the transport and the test kit see that package
    public Eventfd(Kernel.Source kernels) {
        calls = kernels.open(arena);
        Memory.putLong(one, 1);
        fd = calls.eventfd(0, Linux.EFD_CLOEXEC);
        if (fd < 0) {
            arena.close();
            throw new RingException("eventfd", fd);
        }
    }

    public int fd() {
        return fd;
    }

    /// Adds 1. From any thread; after [#close()] it does nothing.
    public synchronized void signal() {
        if (fd >= 0) calls.write(fd, one, Long.BYTES);
    }

    @Override
    public synchronized void close() {
        if (fd < 0) return;
        calls.close(fd);
        fd = -1;
        arena.close();
    }
}
