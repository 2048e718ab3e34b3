package dev.torc.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.uring.Completion;
import dev.torc.uring.DirectDescriptors;
import dev.torc.uring.IoMemory;
import dev.torc.uring.Ring;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import java.nio.file.Path;

/// Opens a file, writes to it, reads that back and closes it: four operations, one system call.
/// Each begins when the one before it has succeeded. They can name the file before it is open
/// because it becomes a direct descriptor, whose number the program chooses.
public final class UringLinks {
    private static final int FILE = 0;
    private static final int LINKED = IoUring.IOSQE_IO_LINK;
    private static final int LINKED_DIRECT = IoUring.IOSQE_IO_LINK | IoUring.IOSQE_FIXED_FILE;

    private UringLinks() {}

    public static void main(String[] arguments) {
        Usage.require(arguments, "UringLinks", "FILE-TO-WRITE");
        System.out.print(writeAndReadBack(Path.of(arguments[0]), "Linked.\n"));
    }

    static String writeAndReadBack(Path path, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        try (Ring ring = Ring.open(4, 8);
                IoMemory name = IoMemory.ofString(path.toString());
                IoMemory written = IoMemory.of(bytes);
                IoMemory read = IoMemory.allocate(bytes.length);
                DirectDescriptors _ = new DirectDescriptors(ring, 1)) {
            int flags = Linux.O_RDWR | Linux.O_CREAT | Linux.O_TRUNC;
            ring.reserve(4); // a chain ends where a submission does
            ring.next().prepareOpenDirect(name, flags, 0644, FILE, 1).addFlags(LINKED);
            ring.next().prepareWrite(FILE, written, 0, bytes.length, 0, 2).addFlags(LINKED_DIRECT);
            ring.next().prepareRead(FILE, read, 0, bytes.length, 0, 3).addFlags(LINKED_DIRECT);
            ring.next().prepareCloseDirect(FILE, 4);
            for (int i = 0; i < 4; i++) {
                Completion done = ring.take(); // one after the other, in their order
                done.check("step " + done.userData());
            }
            return read.text();
        }
    }
}
