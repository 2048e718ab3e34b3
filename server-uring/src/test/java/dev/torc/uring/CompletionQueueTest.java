package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Cqe;
import dev.torc.uring.abi.Params;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.util.List;

/// On a queue in plain memory, where the test plays the kernel.
class CompletionQueueTest {
    private static final int ENTRIES = 4;
    private static final int HEAD = 0;
    private static final int TAIL = 64;
    private static final int OVERFLOW = 128;
    private static final int CQES = 192;

    private final Arena arena = Arena.ofConfined();
    private final long params = arena.allocate(Params.BYTES, 8).fill((byte) 0).address();
    private final long ring = arena.allocate(512, 64).fill((byte) 0).address();
    private final RecordedCompletions recorded = new RecordedCompletions();
    private final CompletionQueue queue = open();

    @AfterEach
    void free() {
        arena.close();
    }

    /// Also where the counters wrap.
    @ParameterizedTest
    @ValueSource(ints = {0, -3, Integer.MAX_VALUE - 2})
    void handsOutWhatTheKernelPostsInOrder(int start) {
        Memory.putInt(ring + HEAD, start);
        Memory.putInt(ring + TAIL, start);
        for (int round = 0; round < 10; round++) {
            assertTrue(queue.isEmpty());
            assertEquals(0, queue.drain(recorded, Integer.MAX_VALUE));
            post(-1L - round, -105, 3);
            post(1L << 40, round, 0);
            post(3, 0, 1 << 16);
            assertFalse(queue.isEmpty());
            assertEquals(3, queue.drain(recorded, Integer.MAX_VALUE));
            assertEquals(
                    List.of(
                            new Completion(-1L - round, -105, 3),
                            new Completion(1L << 40, round, 0),
                            new Completion(3, 0, 1 << 16)),
                    recorded.take());
            assertEquals(Memory.getInt(ring + TAIL), Memory.getInt(ring + HEAD));
        }
    }

    @Test
    void whatArrivesMeanwhileWaitsForTheNextDrain() {
        post(1, 0, 0);
        int drained =
                queue.drain(
                        (userData, result, flags) -> {
                            recorded.onCompletion(userData, result, flags);
                            post(userData + 1, 0, 0);
                        },
                        Integer.MAX_VALUE);
        assertEquals(1, drained);
        assertEquals(1, queue.drain(recorded, Integer.MAX_VALUE));
        assertEquals(List.of(new Completion(1, 0, 0), new Completion(2, 0, 0)), recorded.take());
    }

    @Test
    void entriesStayTheProgramsUntilAllAreHandedOut() {
        post(1, 0, 0);
        post(2, 0, 0);
        queue.drain((_, _, _) -> assertEquals(0, Memory.getInt(ring + HEAD)), 9);
        assertEquals(2, Memory.getInt(ring + HEAD));
    }

    @Test
    void aHandlerThatThrowsGetsEachCompletionOnce() {
        for (int i = 1; i <= 4; i++) post(i, 0, 0);
        CompletionHandler throwsAtTwo =
                (userData, result, flags) -> {
                    recorded.onCompletion(userData, result, flags);
                    if (userData == 2) throw new IllegalStateException("thrown by a handler");
                };
        assertThrows(
                IllegalStateException.class, () -> queue.drain(throwsAtTwo, Integer.MAX_VALUE));
        assertEquals(2, queue.drain(throwsAtTwo, Integer.MAX_VALUE));
        assertEquals(
                List.of(1L, 2L, 3L, 4L),
                recorded.take().stream().map(Completion::userData).toList());
    }

    @Test
    void saysWhenItsCountersWrap() {
        assertFalse(queue.isWrapping());
        Memory.putInt(ring + HEAD, -2);
        Memory.putInt(ring + TAIL, -2);
        post(1, 0, 0);
        assertFalse(queue.isWrapping());
        post(2, 0, 0);
        post(3, 0, 0);
        assertTrue(queue.isWrapping());
        assertEquals(3, queue.ready());
        assertEquals(3, queue.drain(recorded, Integer.MAX_VALUE));
        assertFalse(queue.isWrapping());
    }

    @Test
    void countsWhatTheKernelDropped() {
        assertEquals(0, queue.dropped());
        Memory.putInt(ring + OVERFLOW, 7);
        assertEquals(7, queue.dropped());
    }

    private void post(long userData, int result, int flags) {
        int tail = Memory.getInt(ring + TAIL);
        long cqe = ring + CQES + (long) (tail & (ENTRIES - 1)) * Cqe.BYTES;
        Memory.putLong(cqe, userData);
        Memory.putInt(cqe + 8, result);
        Memory.putInt(cqe + 12, flags);
        Memory.putIntRelease(ring + TAIL, tail + 1);
    }

    private CompletionQueue open() {
        Params.put(params, Params.CQ_ENTRIES, ENTRIES);
        Params.put(params, Params.CQ_OFF_HEAD, HEAD);
        Params.put(params, Params.CQ_OFF_TAIL, TAIL);
        Params.put(params, Params.CQ_OFF_OVERFLOW, OVERFLOW);
        Params.put(params, Params.CQ_OFF_CQES, CQES);
        return new CompletionQueue(params, ring, new Leases());
    }
}
