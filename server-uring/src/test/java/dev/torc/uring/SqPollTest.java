package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.uring.constants.Errno;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// A kernel thread takes the submissions (`SQPOLL`).
class SqPollTest {
    private static final int AWAKE_MILLIS = 20_000;
    private static final long MILLISECOND = 1_000_000;

    private final CountedEnters enters = new CountedEnters();

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    private Rig rig(RingSetup setup) {
        return new Rig(Ring.open(enters.kernel(), setup));
    }

    @Test
    void anAwakeThreadTakesSubmissionsWithoutAnEnter() {
        try (Rig rig = rig(RingSetup.of(8).withThread(AWAKE_MILLIS))) {
            assertEquals(0, rig.run(rig.next().prepareNop(1))); // it starts asleep
            enters.enters = 0;
            for (int i = 0; i < 20; i++) {
                rig.next().prepareNop(i);
                assertTrue(rig.ring.submit() <= 1);
                awaitCompletion(rig.ring);
                RecordedCompletions recorded = new RecordedCompletions();
                assertEquals(1, rig.ring.drain(recorded));
                assertEquals(List.of(new Completion(i, 0, 0)), recorded.all);
            }
            assertEquals(0, enters.enters);
        }
    }

    private static void awaitCompletion(Ring ring) {
        long end = System.nanoTime() + Rig.WAIT_NANOS;
        while (!ring.hasCompletions()) {
            if (System.nanoTime() > end) throw new AssertionError("nothing has completed");
            Thread.onSpinWait();
        }
    }

    @Test
    void aSleepingThreadIsWoken() {
        try (Rig rig = rig(RingSetup.of(8).withThread(1))) {
            for (int i = 0; i < 5; i++) {
                int before = enters.wakeUps;
                rig.next().prepareNop(i);
                assertEquals(new Completion(i, 0, 0), rig.take());
                // It sleeps after a millisecond without work: what is submitted must wake it.
                for (int wait = 0; wait < 1000 && !rig.ring.needsWakeup(); wait++) {
                    assertEquals(
                            -Errno.ETIME,
                            Rig.uninterrupted(() -> rig.ring.submitAndWait(5 * MILLISECOND)));
                }
                assertTrue(rig.ring.needsWakeup());
                rig.next().prepareNop(100 + i);
                assertEquals(1, rig.ring.submit());
                assertTrue(enters.wakeUps > before);
                awaitCompletion(rig.ring);
                assertEquals(new Completion(100 + i, 0, 0), rig.take());
            }
        }
    }

    @Test
    void aFullQueueIsWaitedFor() {
        RingSetup setup = RingSetup.of(4).withThread(1).withCompletionEntries(4096);
        try (Rig rig = rig(setup)) {
            RecordedCompletions recorded = new RecordedCompletions();
            for (int i = 0; i < 1000; i++) {
                if (i % 3 == 0) rig.ring.reserve(4);
                rig.next().prepareNop(i);
            }
            rig.ring.submitAndWait(1000, Rig.WAIT_NANOS);
            rig.ring.drain(recorded);
            assertEquals(
                    LongStream.range(0, 1000).boxed().toList(),
                    recorded.all.stream().map(Completion::userData).toList());
        }
    }

    @Test
    void theThreadRunsOnItsCpu() {
        int cpu;
        try (Ring plain = Ring.open(8, 16)) {
            cpu = RegistrationsTest.firstCpu(plain);
        }
        try (Rig rig = rig(RingSetup.of(8).withThread(AWAKE_MILLIS, cpu))) {
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
            awaitThreads(List.of(Integer.toString(cpu)));
        }
        RingException refusal =
                assertThrows(RingException.class, () -> rig(RingSetup.of(8).withThread(1, 8191)));
        assertEquals(Errno.EINVAL, refusal.errno());
    }

    /// Those of rings that have been closed end a little later.
    private static void awaitThreads(List<String> cpus) {
        long end = System.nanoTime() + Rig.WAIT_NANOS;
        while (!cpusOfThreads().equals(cpus)) {
            assertTrue(System.nanoTime() < end, () -> cpusOfThreads() + " are not " + cpus);
            Thread.onSpinWait();
        }
    }

    /// Of this process's submission threads.
    private static List<String> cpusOfThreads() {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            return threads.filter(thread -> text(thread, "comm").startsWith("iou-sqp"))
                    .flatMap(thread -> text(thread, "status").lines())
                    .filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String text(Path thread, String name) {
        try {
            return Files.readString(thread.resolve(name));
        } catch (IOException ended) {
            return "";
        }
    }

    @Test
    void ringsShareAThread() {
        try (Rig first = rig(RingSetup.of(8).withThread(AWAKE_MILLIS));
                Ring second =
                        Ring.open(
                                RingSetup.of(8)
                                        .withThread(AWAKE_MILLIS)
                                        .withWorkersOf(first.ring))) {
            assertEquals(0, first.run(first.next().prepareNop(1)));
            second.next().prepareNop(2);
            assertEquals(new Completion(2, 0, 0), second.take(Rig.WAIT_NANOS));
            long end = System.nanoTime() + Rig.WAIT_NANOS;
            while (cpusOfThreads().size() != 1) { // those of other tests end a little later
                assertTrue(System.nanoTime() < end, () -> cpusOfThreads().toString());
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void closingEndsWhatIsOutstanding() {
        for (int idle : new int[] {1, AWAKE_MILLIS}) {
            Rig rig = rig(RingSetup.of(4).withThread(idle));
            IoMemory memory = IoMemory.allocate(8);
            int[] pipe = rig.pipe();
            for (int i = 0; i < 7; i++) rig.next().prepareRead(pipe[0], memory, 0, 8, -1, i);
            rig.ring.submit();
            rig.next().prepareRead(pipe[0], memory, 0, 8, -1, 9); // not submitted
            memory.close();
            long start = System.nanoTime();
            rig.close();
            assertTrue(System.nanoTime() - start < Rig.WAIT_NANOS);
            assertFalse(memory.isLent());
        }
    }

    @Test
    void memoryIsLentUntilTheCompletionIsDrained() {
        try (Rig rig = rig(RingSetup.of(8).withThread(1))) {
            int[] pipe = rig.pipe();
            IoMemory memory = rig.memory(8);
            rig.next().prepareRead(pipe[0], memory, 0, 8, -1, 5);
            rig.ring.submit();
            assertEquals(3, Libc.write(pipe[1], "abc".getBytes(UTF_8)));
            assertEquals(new Completion(5, 3, 0), rig.take());
            assertFalse(memory.isLent());
            assertEquals("abc", memory.text());
        }
    }
}
