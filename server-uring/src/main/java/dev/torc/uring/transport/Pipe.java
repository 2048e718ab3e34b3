package dev.torc.uring.transport;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.constants.Linux;

import org.jspecify.annotations.Nullable;

/// Both ends of a pipe that a file's pages pass through on their way to a socket.
///
/// @param reading the end to read from
/// @param writing the end to write to
record Pipe(int reading, int writing) {
    /// `pipe-max-size` of Linux, unless someone has changed it.
    static final int BYTES = 1 << 20;

    /// Makes one; null when there is no descriptor or no memory left. `scratch` is an address of
    /// eight bytes.
    static @Nullable Pipe open(Kernel calls, long scratch) {
        int result = calls.pipe(scratch, Linux.O_CLOEXEC | Linux.O_NONBLOCK);
        if (result < 0) return null;
        Pipe pipe = new Pipe(Memory.getInt(scratch), Memory.getInt(scratch + Integer.BYTES));
        // Refused when the user has too many pages in pipes: then it is one of 64 KiB, or less.
        calls.fcntl(pipe.reading, Linux.F_SETPIPE_SZ, BYTES);
        return pipe;
    }

    void close(Kernel calls) {
        calls.close(reading);
        calls.close(writing);
    }
}
