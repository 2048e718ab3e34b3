package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

class ResizeTest {
    private final RecordedCompletions recorded = new RecordedCompletions();

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    private static Rig rig(int entries, int completions) {
        return new Rig(
                Ring.open(RingSetup.ofOneThread(entries).withCompletionEntries(completions)));
    }

    @Test
    void bothQueuesGrowAndShrink() {
        try (Rig rig = rig(4, 8)) {
            for (int[] size : new int[][] {{64, 256}, {1, 2}, {8, 0}, {4, 8}}) {
                rig.ring.registrations().resize(size[0], size[1]);
                assertEquals(size[0], rig.ring.entries());
                int completions = size[1] == 0 ? 2 * size[0] : size[1];
                assertEquals(completions, rig.ring.completionEntries());
                for (int turn = 0; turn < 3; turn++) fillAndDrain(rig.ring, size[0], completions);
            }
        }
    }

    private void fillAndDrain(Ring ring, int entries, int completions) {
        int count = Math.min(entries, completions);
        for (int i = 0; i < count; i++) ring.next().prepareNop(i);
        assertEquals(count, ring.submitAndWait(count, Rig.WAIT_NANOS));
        assertEquals(count, ring.drain(recorded));
        assertEquals(
                LongStream.range(0, count).boxed().toList(),
                recorded.take().stream().map(Completion::userData).toList());
    }

    @Test
    void pendingCompletionsMoveAlong() {
        try (Rig rig = rig(8, 8)) {
            for (int i = 0; i < 5; i++) rig.next().prepareNop(i);
            assertEquals(5, rig.ring.submitAndWait(5, Rig.WAIT_NANOS));
            assertEquals(2, rig.ring.drain(recorded, 2));
            rig.ring.registrations().resize(16, 64);
            assertEquals(3, rig.ring.readyCount());
            for (int i = 5; i < 20; i++) rig.next().prepareNop(i);
            assertEquals(15, rig.ring.submit());
            rig.ring.registrations().resize(2, 32);
            assertEquals(18, rig.ring.drain(recorded));
            assertEquals(
                    LongStream.range(0, 20).boxed().toList(),
                    recorded.take().stream().map(Completion::userData).toList());
        }
    }

    @Test
    void whatIsPreparedIsSubmittedFirst() {
        try (Rig rig = rig(8, 16)) {
            rig.next().prepareTimeout(1000, 0, 0, 1); // it refers to memory beside the entry
            rig.next().prepareNop(2);
            rig.ring.registrations().resize(32, 64);
            assertEquals(0, rig.ring.pendingCount());
            assertEquals(new Completion(2, 0, 0), rig.take());
            assertEquals(new Completion(1, -Errno.ETIME, 0), rig.take());
            rig.next().prepareTimeout(1000, 0, 0, 3);
            assertEquals(new Completion(3, -Errno.ETIME, 0), rig.take());
        }
    }

    @Test
    void outstandingOperationsCompleteInTheNewQueue() {
        try (Rig rig = rig(4, 8)) {
            int[] pipe = rig.pipe();
            int[] other = rig.pipe();
            IoMemory memory = rig.memory(8);
            rig.next().prepareRead(pipe[0], memory, 0, 8, -1, 5);
            rig.next().prepareRead(other[0], memory, 0, 8, -1, 6);
            assertEquals(2, rig.ring.submit());
            rig.ring.registrations().resize(64, 128);
            assertTrue(memory.isLent());
            assertEquals(3, Libc.write(pipe[1], "abc".getBytes(UTF_8)));
            assertEquals(new Completion(5, 3, 0), rig.take());
            rig.ring.registrations().resize(1, 2);
            assertTrue(memory.isLent());
            assertEquals(1, Libc.write(other[1], new byte[1]));
            assertEquals(new Completion(6, 1, 0), rig.take());
            assertFalse(memory.isLent());
        }
    }

    @Test
    void shrinkingBelowWhatIsThereIsRefused() {
        try (Rig rig = rig(8, 16)) {
            for (int i = 0; i < 8; i++) rig.next().prepareNop(i);
            assertEquals(8, rig.ring.submit());
            RingException refusal =
                    assertThrows(RingException.class, () -> rig.ring.registrations().resize(4, 4));
            assertEquals(Errno.EOVERFLOW, refusal.errno());
            assertEquals("IORING_REGISTER_RESIZE_RINGS", refusal.operation());
            assertEquals(8, rig.ring.entries());
            assertEquals(16, rig.ring.completionEntries());
            assertEquals(8, rig.ring.drain(recorded));
            assertEquals(8, recorded.take().size());
            rig.ring.registrations().resize(4, 4);
            fillAndDrain(rig.ring, 4, 4);
        }
    }

    @Test
    void refusesSizesThatCannotBe() {
        try (Rig rig = rig(8, 16)) {
            Registrations registrations = rig.ring.registrations();
            assertThrows(IllegalArgumentException.class, () -> registrations.resize(0, 4));
            assertThrows(IllegalArgumentException.class, () -> registrations.resize(4, -1));
            for (int[] size : new int[][] {{8, 4}, {1 << 20, 0}}) {
                RingException refusal =
                        assertThrows(
                                RingException.class, () -> registrations.resize(size[0], size[1]));
                assertEquals(Errno.EINVAL, refusal.errno());
                assertEquals(0, rig.run(rig.next().prepareNop(1)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                IoUring.IORING_SETUP_SINGLE_ISSUER | IoUring.IORING_SETUP_DEFER_TASKRUN,
                IoUring.IORING_SETUP_SINGLE_ISSUER
                        | IoUring.IORING_SETUP_DEFER_TASKRUN
                        | IoUring.IORING_SETUP_NO_SQARRAY
                        | IoUring.IORING_SETUP_NO_MMAP
            })
    void refusesRingsThatLinuxCannotResize(int flags) {
        try (Rig rig = new Rig(Ring.open(RingSetup.of(8).withFlags(flags)))) {
            assertThrows(
                    IllegalStateException.class, () -> rig.ring.registrations().resize(16, 32));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    @Test
    void isRefusedWhileTheOldQueueIsDrained() {
        try (Rig rig = rig(8, 16)) {
            rig.next().prepareNop(1);
            rig.ring.submit();
            CompletionHandler resizes = (_, _, _) -> rig.ring.registrations().resize(32, 64);
            assertThrows(IllegalStateException.class, () -> rig.ring.drain(resizes));
            assertEquals(8, rig.ring.entries());
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    @Test
    void bigCompletionsMustBeDrainedBefore() {
        RingSetup setup = RingSetup.ofOneThread(8).withFlags(IoUring.IORING_SETUP_CQE32);
        try (Rig rig = new Rig(Ring.open(setup))) {
            rig.next().prepareNop(1);
            rig.ring.submit();
            Registrations registrations = rig.ring.registrations();
            assertThrows(IllegalStateException.class, () -> registrations.resize(32, 64));
            assertEquals(1, rig.take().userData());
            registrations.resize(32, 64);
            fillAndDrain(rig.ring, 32, 64);
        }
    }

    /// The eventfd and its switch are in the queues as well.
    @Test
    void theSwitchOfTheEventfdStaysWhereItWas() {
        try (Rig rig = rig(8, 16)) {
            int event = rig.keep(rig.ring.kernel().eventfd(0, Linux.EFD_NONBLOCK));
            rig.ring.registrations().registerEventfd(event);
            rig.ring.registrations().tellEventfd(false);
            rig.ring.registrations().resize(16, 32);
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
            assertThrows(RingException.class, () -> Libc.read(event, 8));
            rig.ring.registrations().tellEventfd(true);
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
            assertEquals(8, Libc.read(event, 8).length);
        }
    }

    @Test
    void nothingIsLostInManyResizes() {
        long seed = 11;
        Random random = new Random(seed);
        long mappings = Kernel.ringMappings();
        try (Rig rig = rig(8, 64)) {
            long sent = 0;
            long seen = 0;
            for (int turn = 0; turn < 300; turn++) {
                int batch = random.nextInt(8);
                for (int i = 0; i < batch; i++) rig.next().prepareNop(sent++);
                if (random.nextBoolean()) rig.ring.submit();
                int completions = 64 << random.nextInt(3);
                rig.ring.registrations().resize(1 << random.nextInt(6), completions);
                rig.ring.drain(recorded, random.nextInt(40));
                for (Completion completion : recorded.take()) {
                    assertEquals(seen++, completion.userData(), "seed=" + seed);
                }
                if (sent - seen > 40) seen = drainAll(rig.ring, seen);
            }
            assertEquals(sent, drainAll(rig.ring, seen));
            assertEquals(mappings + 2, Kernel.ringMappings());
        }
        assertEquals(mappings, Kernel.ringMappings());
    }

    private long drainAll(Ring ring, long seen) {
        ring.submit();
        ring.drain(recorded);
        List<Completion> all = recorded.take();
        assertNotNull(all);
        long next = seen;
        for (Completion completion : all) assertEquals(next++, completion.userData());
        return next;
    }
}
