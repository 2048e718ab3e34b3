package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.uring.abi.Syscalls;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

class OneCompletionTest {
    private static final boolean AARCH64 = System.getProperty("os.arch", "").equals("aarch64");
    private static final int NR_TGKILL = AARCH64 ? 131 : 234;
    private static final int SIGNALS = 5;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    void isNullWhenTheTimeIsUp() {
        try (Rig rig = new Rig()) {
            long start = System.nanoTime();
            assertNull(rig.ring.take(5_000_000));
            assertTrue(System.nanoTime() - start >= 5_000_000);
            assertNull(rig.ring.take(0));
            rig.next().prepareNop(1);
            assertEquals(new Completion(1, 0, 0), rig.ring.take(0));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Rig.WAIT_NANOS, Long.MAX_VALUE})
    void aSignalDoesNotEndTheWait(long waitNanos) throws Exception {
        try (Rig rig = new Rig()) {
            int[] pipe = rig.pipe();
            rig.next().preparePollAdd(pipe[0], Linux.POLLIN, 1);
            Path taker = Path.of("/proc/thread-self").toRealPath();
            Thread signals =
                    Thread.ofPlatform().daemon().start(() -> signalThenWrite(taker, pipe[1]));
            assertEquals(new Completion(1, Linux.POLLIN, 0), rig.ring.take(waitNanos));
            assertTrue(signals.join(Duration.ofNanos(Rig.WAIT_NANOS)));
        }
    }

    /// Ends the thread's wait by a signal some times, and then by what it waits for.
    private static void signalThenWrite(Path thread, int fd) {
        long process = ProcessHandle.current().pid();
        long id = Long.parseLong(thread.getFileName().toString());
        for (int i = 0; i < SIGNALS; i++) {
            String sleeps = awaitSleep(thread, "");
            // The JVM catches this one, and does nothing.
            assertEquals(0, Libc.call(NR_TGKILL, process, id, Linux.SIGPIPE));
            awaitSleep(thread, sleeps);
        }
        Libc.write(fd, new byte[1]);
    }

    /// Waits until the thread sleeps in the ring, and not for the `before`th time any more. Gives
    /// up after a while, for then the taker has ended.
    private static String awaitSleep(Path thread, String before) {
        long end = System.nanoTime() + Rig.WAIT_NANOS / (4 * SIGNALS);
        while (System.nanoTime() < end) {
            String sleeps = sleeps(thread);
            if (isInRing(thread) && !sleeps.equals(before)) return sleeps;
            Thread.onSpinWait();
        }
        return before;
    }

    private static boolean isInRing(Path thread) {
        return read(thread, "syscall").startsWith(Syscalls.NR_IO_URING_ENTER + " ");
    }

    private static String sleeps(Path thread) {
        return read(thread, "status")
                .lines()
                .filter(line -> line.startsWith("voluntary_ctxt_switches"))
                .findFirst()
                .orElseThrow();
    }

    private static String read(Path thread, String name) {
        try {
            return Files.readString(thread.resolve(name));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
