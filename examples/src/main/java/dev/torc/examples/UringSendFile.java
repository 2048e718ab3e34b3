package dev.torc.examples;

import dev.torc.uring.IoMemory;
import dev.torc.uring.Ring;
import dev.torc.uring.constants.Linux;

import java.lang.foreign.ValueLayout;

/// Sends a file to a socket without copying it: the ring has no sendfile, but splices the file into
/// a pipe and the pipe into the socket. A pipe holds 64 KiB, so that is the step.
public final class UringSendFile {
    private static final int STEP_BYTES = 64 * 1024;
    private static final int MORE = Linux.SPLICE_F_MORE;

    private UringSendFile() {}

    public static void main(String[] arguments) {
        Usage.require(arguments, "UringSendFile", "FILE");
        String path = arguments[0];
        try (Ring ring = Ring.open(8, 16);
                IoMemory name = IoMemory.ofString(path);
                LoopbackListener listener = new LoopbackListener(ring, 7008)) {
            System.out.println("nc 127.0.0.1 7008 | cmp - " + path);
            ring.next().prepareOpen(name, Linux.O_RDONLY | Linux.O_CLOEXEC, 0, 0);
            int file = ring.take().check("opening " + path);
            int client = listener.accept();
            System.out.println(send(ring, file, client) + " bytes sent");
            Descriptors.close(ring, file, client);
        }
    }

    /// Sends the file `file` to the socket `socket`; returns its bytes.
    static long send(Ring ring, int file, int socket) {
        try (IoMemory pipe = IoMemory.allocate(2 * Integer.BYTES)) {
            ring.next().preparePipe(pipe, 0, Linux.O_CLOEXEC, 0);
            ring.take().check("pipe");
            int out = pipe.segment().get(ValueLayout.JAVA_INT, 0);
            int in = pipe.segment().get(ValueLayout.JAVA_INT, Integer.BYTES);
            long sent = 0;
            int filled;
            do {
                ring.next().prepareSplice(file, sent, in, -1, STEP_BYTES, 0, 0);
                filled = ring.take().check("file to pipe");
                for (int left = filled; left > 0; ) {
                    ring.next().prepareSplice(out, -1, socket, -1, left, MORE, 0);
                    left -= ring.take().check("pipe to socket");
                }
                sent += filled;
            } while (filled > 0);
            Descriptors.close(ring, in, out);
            return sent;
        }
    }
}
