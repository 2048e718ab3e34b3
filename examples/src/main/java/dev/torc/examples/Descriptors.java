package dev.torc.examples;

import dev.torc.uring.Ring;

/// Closes what examples have opened by their ring.
final class Descriptors {
    private Descriptors() {}

    /// Closes `fds`, when nothing else is under way on `ring`.
    static void close(Ring ring, int... fds) {
        for (int fd : fds) ring.next().prepareClose(fd, fd);
        for (int i = 0; i < fds.length; i++) ring.take().check("close");
    }
}
