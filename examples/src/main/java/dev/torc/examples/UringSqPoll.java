package dev.torc.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.uring.IoMemory;
import dev.torc.uring.Ring;
import dev.torc.uring.RingSetup;
import dev.torc.uring.constants.Linux;

import java.nio.file.Path;

/// Writes a file without a system call for it: a thread of the kernel's takes what is prepared. It
/// sleeps when there has been nothing to do for a while, and submitting wakes it.
public final class UringSqPoll {
    private static final int IDLE_MILLIS = 50;

    private UringSqPoll() {}

    public static void main(String[] arguments) {
        Usage.require(arguments, "UringSqPoll", "FILE-TO-WRITE");
        int lines = write(Path.of(arguments[0]), "Taken by the kernel.\n", 1000);
        System.out.println(lines + " lines written");
    }

    /// Writes `text` over and over again; returns how often.
    static int write(Path path, String text, int times) {
        byte[] bytes = text.getBytes(UTF_8);
        try (Ring ring = Ring.open(RingSetup.of(64).withThread(IDLE_MILLIS));
                IoMemory name = IoMemory.ofString(path.toString());
                IoMemory line = IoMemory.of(bytes)) {
            ring.next().prepareOpen(name, Linux.O_WRONLY | Linux.O_CREAT | Linux.O_TRUNC, 0644, 1);
            int fd = ring.take().check("opening " + path);
            int written = 0;
            for (int begun = 0; written < times; ) {
                while (begun < times && begun - written < ring.entries()) {
                    long position = (long) begun++ * bytes.length;
                    ring.next().prepareWrite(fd, line, 0, bytes.length, position, 2);
                }
                ring.submit(); // a store, and a system call only when the thread sleeps
                ring.take().check("writing " + path);
                written++;
            }
            ring.next().prepareClose(fd, 3);
            ring.take().check("closing " + path);
            return written;
        }
    }
}
