package dev.torc.examples;

import dev.torc.uring.IoMemory;
import dev.torc.uring.IoVectors;
import dev.torc.uring.Ring;
import dev.torc.uring.constants.Linux;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.ValueLayout;

/// Prints files as cat(1) does. One operation fills several pieces of memory in turn: readv.
public final class UringCat {
    private static final int PIECE_BYTES = 64 * 1024;

    private UringCat() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) Usage.require(arguments, "UringCat", "FILE...");
        for (String path : arguments) print(path, System.out);
        System.out.flush();
    }

    /// Writes the file at `path` to `out`.
    static void print(String path, OutputStream out) throws IOException {
        try (Ring ring = Ring.open(4, 8);
                IoMemory name = IoMemory.ofString(path);
                IoMemory first = IoMemory.allocate(PIECE_BYTES);
                IoMemory second = IoMemory.allocate(PIECE_BYTES);
                IoVectors both = IoVectors.of(first, second)) {
            ring.next().prepareOpen(name, Linux.O_RDONLY | Linux.O_CLOEXEC, 0, 1);
            int fd = ring.take().check("opening " + path);
            int bytes;
            do {
                ring.next().prepareReadv(fd, both, -1, 2); // -1: from where the file is
                bytes = ring.take().check("reading " + path);
                write(first, Math.min(bytes, PIECE_BYTES), out);
                write(second, Math.max(bytes - PIECE_BYTES, 0), out);
            } while (bytes > 0);
            ring.next().prepareClose(fd, 3);
            ring.take().check("closing " + path);
        }
    }

    private static void write(IoMemory piece, int bytes, OutputStream out) throws IOException {
        out.write(piece.segment().asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE));
    }
}
