package dev.torc.examples;

import dev.torc.uring.IoMemory;
import dev.torc.uring.Ring;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import java.lang.foreign.ValueLayout;

/// What one of a proxy's peers says to the other, by way of a pipe. There is always one splice
/// under way, behind a poll: a splice that has to wait would keep a thread of the kernel's.
final class SpliceDirection {
    private static final int STEP_BYTES = 64 * 1024;
    private static final long IGNORED = -1;

    private final Ring ring;
    private final int userData;
    private final int from;
    private final int to;
    private final int pipeOut;
    private final int pipeIn;
    private int inPipe;

    SpliceDirection(Ring ring, int userData, int from, int to) {
        this.ring = ring;
        this.userData = userData;
        this.from = from;
        this.to = to;
        try (IoMemory pipe = IoMemory.allocate(2 * Integer.BYTES)) {
            ring.next().preparePipe(pipe, 0, Linux.O_CLOEXEC, 0);
            ring.take().check("pipe");
            pipeOut = pipe.segment().get(ValueLayout.JAVA_INT, 0);
            pipeIn = pipe.segment().get(ValueLayout.JAVA_INT, Integer.BYTES);
        }
    }

    /// Begins to splice what comes next into the pipe.
    void fill() {
        ring.reserve(2);
        poll(from, Linux.POLLIN);
        ring.next().prepareSplice(from, -1, pipeIn, -1, STEP_BYTES, 0, userData);
    }

    private void empty() {
        ring.reserve(2);
        poll(to, Linux.POLLOUT);
        ring.next().prepareSplice(pipeOut, -1, to, -1, inPipe, 0, userData);
    }

    private void poll(int fd, int events) {
        ring.next().preparePollAdd(fd, events, IGNORED).addFlags(IoUring.IOSQE_IO_LINK);
    }

    /// A splice has moved `bytes`, or failed; begins the next. Says whether this was the last.
    boolean step(int bytes) {
        if (bytes <= 0) {
            end(bytes == 0 ? Linux.SHUT_WR : Linux.SHUT_RDWR);
            return true;
        }
        inPipe = inPipe == 0 ? bytes : inPipe - bytes;
        if (inPipe > 0) empty();
        else fill();
        return false;
    }

    private void end(int how) {
        ring.next().prepareShutdown(to, how, IGNORED);
        if (how == Linux.SHUT_RDWR) ring.next().prepareShutdown(from, how, IGNORED);
        ring.next().prepareClose(pipeIn, IGNORED);
        ring.next().prepareClose(pipeOut, IGNORED);
    }
}
