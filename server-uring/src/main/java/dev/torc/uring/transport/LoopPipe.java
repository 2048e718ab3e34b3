package dev.torc.uring.transport;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.Linux;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;

/// The one pipe through which a shard's thread splices: full and empty again within one call, so
/// one is enough for all connections. Bytes that the socket does not take are thrown away with the
/// pipe, and spliced from the file again when there is room. On the shard's thread.
final class LoopPipe {
    private final Kernel calls;
    private final long position;
    private @Nullable Pipe pipe;

    LoopPipe(Kernel calls, Arena arena) {
        this.calls = calls;
        position = arena.allocate(Long.BYTES, Long.BYTES).address();
    }

    /// Moves up to `bytes` bytes of `file` from `from` on to `socket`. Returns how many went, 0 at
    /// the end of the file, or `-errno`.
    long move(int file, long from, int socket, int bytes, boolean more) {
        if (pipe == null) pipe = Pipe.open(calls, position);
        Pipe through = pipe;
        if (through == null) return -Errno.EMFILE;
        Memory.putLong(position, from);
        int nonBlocking = Linux.SPLICE_F_NONBLOCK;
        long filled = calls.splice(file, position, through.writing(), bytes, nonBlocking);
        if (filled <= 0) return filled;
        int flags = more || filled < bytes ? nonBlocking | Linux.SPLICE_F_MORE : nonBlocking;
        long moved = 0;
        long result = 1;
        while (moved < filled && result > 0) {
            result = calls.splice(through.reading(), 0, socket, filled - moved, flags);
            moved += Math.max(result, 0);
        }
        if (moved < filled) discard();
        if (moved > 0) return moved;
        return result == 0 ? -Errno.EPIPE : result;
    }

    /// Closes the pipe; the next call makes another.
    void discard() {
        if (pipe != null) pipe.close(calls);
        pipe = null;
    }
}
