package dev.torc.examples;

import dev.torc.uring.Completion;
import dev.torc.uring.IoMemory;
import dev.torc.uring.Ring;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Copies a file as cp(1) does. Each block is a read linked to its write, and a batch of such pairs
/// is one system call: the blocks overtake each other, but no block's write its read.
public final class UringCopy {
    private static final int BLOCKS = 16;
    private static final int BLOCK_BYTES = 128 * 1024;

    private UringCopy() {}

    public static void main(String[] arguments) throws IOException {
        Usage.require(arguments, "UringCopy", "FROM", "TO");
        copy(Path.of(arguments[0]), Path.of(arguments[1]));
    }

    static void copy(Path from, Path to) throws IOException {
        boolean same = Files.exists(to) && Files.isSameFile(from, to);
        if (same) throw new IOException(from + " cannot be copied to itself");
        long size = Files.size(from);
        try (Ring ring = Ring.open(2 * BLOCKS, 4 * BLOCKS);
                IoMemory blocks = IoMemory.allocate((long) BLOCKS * BLOCK_BYTES)) {
            int source = open(ring, from, Linux.O_RDONLY);
            int target = open(ring, to, Linux.O_WRONLY | Linux.O_CREAT | Linux.O_TRUNC);
            for (long position = 0; position < size; position += BLOCKS * BLOCK_BYTES) {
                for (int i = 0; i < BLOCKS; i++) {
                    long at = position + (long) i * BLOCK_BYTES;
                    int bytes = Math.clamp(size - at, 0, BLOCK_BYTES);
                    long block = (long) i * BLOCK_BYTES;
                    ring.next()
                            .prepareRead(source, blocks, block, bytes, at, bytes)
                            .addFlags(IoUring.IOSQE_IO_LINK); // a short read cancels the write
                    ring.next().prepareWrite(target, blocks, block, bytes, at, bytes);
                }
                for (int i = 0; i < 2 * BLOCKS; i++) {
                    Completion done = ring.take();
                    boolean all = done.check("copying " + from) == done.userData();
                    if (!all) throw new IOException(from + " has changed meanwhile");
                }
            }
            Descriptors.close(ring, source, target);
        }
    }

    private static int open(Ring ring, Path path, int flags) {
        try (IoMemory name = IoMemory.ofString(path.toString())) {
            ring.next().prepareOpen(name, flags | Linux.O_CLOEXEC, 0644, 0);
            return ring.take().check("opening " + path);
        }
    }
}
