package dev.torc.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.uring.IoMemory;
import dev.torc.uring.RegisteredBuffers;
import dev.torc.uring.Ring;
import dev.torc.uring.constants.Linux;

import java.nio.file.Path;

/// Writes a file from registered memory, and reads it back into other registered memory. The kernel
/// has looked up and pinned the pages once, at the registration, instead of with each operation.
public final class UringFixedBuffers {
    private static final int WRITTEN = 0;
    private static final int READ = 1;

    private UringFixedBuffers() {}

    public static void main(String[] arguments) {
        Usage.require(arguments, "UringFixedBuffers", "FILE-TO-WRITE");
        System.out.print(writeAndReadBack(Path.of(arguments[0]), "From fixed buffers.\n"));
    }

    static String writeAndReadBack(Path path, String text) {
        try (Ring ring = Ring.open(4, 8);
                IoMemory name = IoMemory.ofString(path.toString());
                IoMemory written = IoMemory.of(text.getBytes(UTF_8));
                IoMemory read = IoMemory.allocate(written.bytes());
                RegisteredBuffers _ = RegisteredBuffers.of(ring, written, read)) {
            ring.next().prepareOpen(name, Linux.O_RDWR | Linux.O_CREAT | Linux.O_TRUNC, 0644, 1);
            int fd = ring.take().check("opening " + path);
            int bytes = (int) written.bytes();
            ring.next().prepareWriteFixed(fd, written, 0, bytes, 0, WRITTEN, 2);
            ring.take().check("writing " + path);
            ring.next().prepareReadFixed(fd, read, 0, bytes, 0, READ, 3);
            ring.take().check("reading " + path);
            ring.next().prepareClose(fd, 4);
            ring.take().check("closing " + path);
            return read.text();
        }
    }
}
