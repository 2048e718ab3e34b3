package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

class RingTest {
    private static final long MILLISECOND = 1_000_000;

    private final RecordedCompletions recorded = new RecordedCompletions();

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    void aNopMakesItsRoundTrip() {
        try (Ring ring = Ring.open(8, 16)) {
            assertCounts(ring, 0, 0, false);
            ring.next().prepareNop(0x8182838485868788L);
            assertCounts(ring, 1, 0, false);
            assertEquals(0, ring.drain(recorded));
            assertEquals(1, ring.submitAndWait(Rig.WAIT_NANOS));
            assertCounts(ring, 1, 1, true);
            assertEquals(1, ring.drain(recorded));
            assertCounts(ring, 1, 1, false);
            assertEquals(List.of(new Completion(0x8182838485868788L, 0, 0)), recorded.take());
            assertEquals(0, ring.drain(recorded));
            assertFalse(ring.completionsOverflowed());
            assertEquals(0, ring.droppedCount());
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,2", "2,2", "4,8", "32768,65536"})
    void bothQueuesWrapAround(int entries, int completionEntries) {
        long seed = 5;
        Random random = new Random(seed);
        try (Ring ring = Ring.open(entries, completionEntries)) {
            long sent = 0;
            while (sent < 3L * Math.min(entries, 300) + 1000) {
                int batch = 1 + random.nextInt(Math.min(entries, 300));
                long first = sent;
                for (int i = 0; i < batch; i++) ring.next().prepareNop(sent++);
                assertEquals(batch, ring.submitAndWait(Rig.WAIT_NANOS));
                assertEquals(batch, ring.drain(recorded));
                assertEquals(
                        LongStream.range(first, sent).boxed().toList(),
                        recorded.take().stream().map(Completion::userData).toList(),
                        "seed=" + seed);
                assertCounts(ring, (int) sent, (int) sent, false);
            }
        }
    }

    @Test
    void aFullSubmissionQueueIsSubmittedByItself() {
        try (Ring ring = Ring.open(4, 64)) {
            for (int i = 0; i < 4; i++) ring.next().prepareNop(i);
            assertEquals(0, ring.consumedCount());
            for (int i = 4; i < 11; i++) ring.next().prepareNop(i);
            assertEquals(8, ring.consumedCount());
            assertEquals(3, ring.submit());
            assertEquals(0, ring.submitAndWait(0));
            ring.drain(recorded);
            assertEquals(
                    LongStream.range(0, 11).boxed().toList(),
                    recorded.take().stream().map(Completion::userData).toList());
        }
    }

    @Test
    void aWaitEndsWhenItsTimeIsUp() {
        try (Ring ring = Ring.open(8, 16)) {
            for (long wait : new long[] {1, MILLISECOND, 20 * MILLISECOND}) {
                long start = System.nanoTime();
                assertEquals(-Errno.ETIME, Rig.uninterrupted(() -> ring.submitAndWait(wait)));
                assertTrue(System.nanoTime() - start >= wait);
                assertFalse(ring.hasCompletions());
            }
            assertEquals(0, ring.submitAndWait(0));
        }
    }

    /// Nor does it say ETIME when it has submitted something.
    @Test
    void aWaitEndsWithTheFirstCompletion() {
        try (Ring ring = Ring.open(8, 16)) {
            ring.next().prepareNop(1);
            assertEquals(1, ring.submitAndWait(3600L * 1_000_000_000));
            assertEquals(1, ring.drain(recorded));
        }
    }

    @Test
    void submittingWithoutResultSaysHowManyEvenWhenTheTimeIsUp() {
        try (Ring ring = Ring.open(8, 16);
                SocketPair pair = new SocketPair(ring)) {
            ring.next().prepareRead(pair.left(), Kernel.MEMORY, pair.memory(), 8, -1, 1);
            assertEquals(1, ring.submitAndWait(MILLISECOND));
            assertEquals(-Errno.ETIME, Rig.uninterrupted(() -> ring.submitAndWait(MILLISECOND)));
            assertFalse(ring.hasCompletions());
        }
    }

    @Test
    void completionsBeyondTheQueueAreKeptByTheKernel() {
        try (Ring ring = Ring.open(8, 8)) {
            for (int i = 0; i < 1000; i++) ring.next().prepareNop(i);
            ring.submit();
            assertTrue(ring.completionsOverflowed());
            assertEquals(1000, ring.consumedCount());
            for (int turn = 0; turn < 1000 && recorded.all.size() < 1000; turn++) {
                ring.drain(recorded);
                assertTrue(ring.submitAndWait(0) >= 0);
            }
            assertEquals(
                    LongStream.range(0, 1000).boxed().toList(),
                    recorded.take().stream().map(Completion::userData).toList());
            assertFalse(ring.completionsOverflowed());
            assertEquals(0, ring.droppedCount());
        }
    }

    @Test
    void nextZeroesWhatAnEarlierEntryHasLeft() {
        try (Ring ring = Ring.open(1, 8);
                SocketPair pair = new SocketPair(ring)) {
            for (int i = 0; i < 4; i++) {
                long memory = pair.memory();
                ring.next()
                        .prepareSend(pair.left(), Kernel.MEMORY, memory, 8, Linux.MSG_NOSIGNAL, 7);
                ring.submitAndWait(Rig.WAIT_NANOS);
                ring.next().prepareNop(8); // the kernel refuses a NOP with leftovers
                ring.submitAndWait(Rig.WAIT_NANOS);
            }
            ring.drain(recorded);
            for (Completion completion : recorded.take()) {
                assertEquals(completion.userData() == 7 ? 8 : 0, completion.result());
            }
        }
    }

    @Test
    void closingReleasesDescriptorsAndMappings() {
        Ring.open(8, 16).close(); // what the first one loads stays
        long descriptors = Kernel.descriptors();
        long mappings = Kernel.ringMappings();
        for (int i = 0; i < 20; i++) {
            Ring ring = Ring.open(8, 16);
            assertEquals(descriptors + 1, Kernel.descriptors());
            assertEquals(mappings + 2, Kernel.ringMappings());
            ring.close();
            ring.close();
        }
        assertEquals(descriptors, Kernel.descriptors());
        assertEquals(mappings, Kernel.ringMappings());
    }

    /// Every set of set-up flags is tried, and refused.
    @Test
    void aRefusedRingLeaksNothing() {
        long descriptors = Kernel.descriptors();
        for (int i = 0; i < 20; i++) {
            RingException refusal = assertThrows(RingException.class, () -> Ring.open(64, 8));
            assertEquals(Errno.EINVAL, refusal.errno());
            assertEquals("io_uring_setup: EINVAL (invalid argument)", refusal.getMessage());
        }
        assertEquals(descriptors, Kernel.descriptors());
    }

    @Test
    void probesTheKernel() {
        try (Ring ring = Ring.open(8, 16)) {
            Probe probe = ring.probe();
            assertTrue(probe.supported().containsAll(List.of("NOP", "SEND", "RECV", "ACCEPT")));
            assertTrue(probe.setup().contains("SINGLE_ISSUER"));
            ring.registrations().limitWorkers(1, 1);
        }
    }

    private static void assertCounts(Ring ring, int prepared, int consumed, boolean completions) {
        assertEquals(prepared, ring.preparedCount());
        assertEquals(consumed, ring.consumedCount());
        assertEquals(completions, ring.hasCompletions());
        assertFalse(ring.completionsOverflowed());
        assertEquals(0, ring.droppedCount());
    }

    /// Two connected Unix sockets and a little memory.
    private static final class SocketPair implements AutoCloseable {
        private final Arena arena = Arena.ofConfined();
        private final long memory = arena.allocate(64, 8).address();
        private final Ring ring;

        SocketPair(Ring ring) {
            this.ring = ring;
            long pair = memory + 32;
            int result = ring.kernel().socketpair(Linux.AF_UNIX, Linux.SOCK_STREAM, pair);
            assertEquals(0, result);
        }

        int left() {
            return dev.torc.core.memory.Memory.getInt(memory + 32);
        }

        long memory() {
            return memory;
        }

        @Override
        public void close() {
            ring.kernel().close(left());
            ring.kernel().close(dev.torc.core.memory.Memory.getInt(memory + 36));
            // The ring may still read into it until it is closed itself.
            arena.close();
        }
    }
}
