package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.Linux;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;

/// A ring for a test, with what the test opens beside it: all is closed at its end. No wait is
/// longer than ten seconds. It makes sure that no memory is left lent.
final class Rig implements AutoCloseable {
    static final long WAIT_NANOS = 10_000_000_000L;

    final Ring ring;
    private final List<Integer> descriptors = new ArrayList<>();
    private final List<IoMemory> memories = new ArrayList<>();

    Rig() {
        this(Ring.open(64, 256));
    }

    Rig(Ring ring) {
        this.ring = ring;
    }

    Sqe next() {
        return ring.next();
    }

    /// Submits, and takes the next completion.
    Completion take() {
        Completion completion = ring.take(WAIT_NANOS);
        if (completion == null) throw new AssertionError("nothing has completed");
        return completion;
    }

    /// Submits the one operation that has been prepared, and returns what it returns.
    int run(@SuppressWarnings("unused") Sqe prepared) {
        assertEquals(1, ring.pendingCount());
        int result = take().result();
        assertQuiet();
        return result;
    }

    /// The operation fails like that, and the ring works on.
    void assertRefused(int errno, UnaryOperator<Sqe> operation) {
        int result = run(operation.apply(next()));
        assertEquals(Errno.describe(-errno), Errno.describe(result));
        assertEquals(0, run(next().prepareNop(99)));
    }

    /// What `wait` returns when nothing but its end ends it: again after a signal, or when the
    /// process had been frozen.
    static int uninterrupted(IntSupplier wait) {
        int result = wait.getAsInt();
        while (result == -Errno.EINTR) result = wait.getAsInt();
        return result;
    }

    /// No completion is there, and none comes while the ring makes a full turn.
    void assertQuiet() {
        assertNull(ring.take(1_000_000));
    }

    IoMemory memory(long bytes) {
        return keep(IoMemory.allocate(bytes));
    }

    IoMemory bytes(String content) {
        return keep(IoMemory.of(content.getBytes(UTF_8)));
    }

    /// A path or name, with its NUL.
    IoMemory text(String text) {
        return keep(IoMemory.ofString(text));
    }

    IoMemory path(Path path) {
        return text(path.toString());
    }

    int open(Path path, int flags) {
        return keep(RingException.check("open", Libc.open(path, flags | Linux.O_CLOEXEC, 0600)));
    }

    /// The read end and the write end.
    int[] pipe() {
        return keep(Libc.pipe(Linux.O_CLOEXEC));
    }

    int[] socketPair() {
        return keep(Libc.socketPair(Linux.AF_UNIX, Linux.SOCK_STREAM | Linux.SOCK_CLOEXEC));
    }

    int keep(int fd) {
        assertTrue(fd >= 0, () -> "fd=" + fd);
        descriptors.add(fd);
        return fd;
    }

    private int[] keep(int[] fds) {
        for (int fd : fds) keep(fd);
        return fds;
    }

    private IoMemory keep(IoMemory memory) {
        memories.add(memory);
        return memory;
    }

    /// The test has closed it.
    void forget(int fd) {
        descriptors.remove(/* element */ (Integer) fd);
    }

    @Override
    public void close() {
        ring.close();
        for (int fd : descriptors) Libc.close(fd);
        for (IoMemory memory : memories) {
            assertTrue(!memory.isLent(), "memory is still lent");
            memory.close();
        }
    }
}
