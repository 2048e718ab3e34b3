package dev.torc.uring;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.Rsrc;
import dev.torc.uring.constants.IoUring;

import java.lang.foreign.Arena;

/// How the kernel is told which ring is meant: by file descriptor, or by an index into the calling
/// thread's registered rings, which spares each enter a look-up in a table that all threads share
/// (5.18).
///
/// An index is good on one thread only: on another it would be another ring. So it is taken by the
/// thread that uses the ring, and given back only there.
final class RingDescriptor {
    private static final int NONE = -1;

    private final Kernel calls;
    private final int fd;
    private int index;
    private int always;
    private Thread registrar = Thread.currentThread();

    /// The ring `fd`; or, where it has none, at `index` of this thread's registered rings.
    RingDescriptor(Kernel calls, int fd, int index) {
        this.calls = calls;
        this.fd = fd;
        this.index = index;
    }

    /// Registers the descriptor for this thread; where the kernel does not know how, nothing is
    /// lost. Matches `io_uring_register_ring_fd`.
    void registerItself() {
        // A virtual thread has no table of its own: it goes on in that of another thread.
        if (index != NONE || Thread.currentThread().isVirtual()) return;
        try (Arena scratch = Arena.ofConfined()) {
            long update = scratch.allocate(Rsrc.UPDATE_BYTES, Long.BYTES).address();
            Rsrc.putUpdate(update, -1, fd);
            if (register(IoUring.IORING_REGISTER_RING_FDS, update, 1) != 1) return;
            index = Memory.getInt(update + Rsrc.UPDATE_OFFSET);
            registrar = Thread.currentThread();
        }
    }

    int fd() {
        return fd;
    }

    /// What to enter, with [#enterFlags()].
    int enterFd() {
        return index == NONE ? fd : index;
    }

    int enterFlags() {
        return index == NONE ? always : always | IoUring.IORING_ENTER_REGISTERED_RING;
    }

    /// Every enter is to have `flags` from now on.
    void enterAlwaysWith(int flags) {
        always = flags;
    }

    /// The index by which the ring is known, when that is the only way.
    boolean isIndexOnly() {
        return fd == NONE;
    }

    int register(int opcode, long argument, int count) {
        if (fd != NONE) return calls.register(fd, opcode, argument, count);
        int byIndex = opcode | IoUring.IORING_REGISTER_USE_REGISTERED_RING;
        return calls.register(index, byIndex, argument, count);
    }

    /// A registered descriptor keeps the ring alive after its file has been closed.
    void close() {
        if (index != NONE && registrar.equals(Thread.currentThread())) {
            try (Arena scratch = Arena.ofConfined()) {
                long update = scratch.allocate(Rsrc.UPDATE_BYTES, Long.BYTES).address();
                Rsrc.putUpdate(update, index, 0);
                register(IoUring.IORING_UNREGISTER_RING_FDS, update, 1);
            }
        }
        if (fd != NONE) calls.close(fd);
    }
}
