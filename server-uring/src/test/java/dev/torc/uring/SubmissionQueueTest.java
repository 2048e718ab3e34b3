package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Params;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

/// On a queue in plain memory, where the test plays the kernel.
class SubmissionQueueTest {
    private static final int ENTRIES = 4;
    private static final int HEAD = 0;
    private static final int TAIL = 64;
    private static final int FLAGS = 128;
    private static final int ARRAY = 192;

    private final Arena arena = Arena.ofConfined();
    private final long params = arena.allocate(Params.BYTES, 8).address();
    private final long ring = arena.allocate(256, 64).fill((byte) 0).address();
    private final long sqes =
            arena.allocate(ENTRIES * SqeLayout.BYTES, 64).fill((byte) -1).address();

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void handsOutEntriesInOrderUntilItIsFull() {
        SubmissionQueue queue = open(IoUring.IORING_SETUP_NO_SQARRAY);
        for (int i = 0; i < ENTRIES; i++) {
            assertEquals(sqes + (long) i * SqeLayout.BYTES, next(queue));
            assertEquals(i + 1, queue.prepared());
        }
        assertEquals(0, next(queue));
        assertEquals(ENTRIES, queue.prepared());
        assertEquals(ENTRIES, queue.pending());
    }

    @Test
    void zeroesTheSecondHalfOfBigEntries() {
        SubmissionQueue queue = open(IoUring.IORING_SETUP_NO_SQARRAY | IoUring.IORING_SETUP_SQE128);
        assertEquals(sqes, next(queue));
        assertEquals(sqes + 2L * SqeLayout.BYTES, next(queue));
        for (int offset = 0; offset < ENTRIES * SqeLayout.BYTES; offset++) {
            boolean second = (offset & SqeLayout.BYTES) != 0;
            assertEquals(second ? 0 : -1, Memory.getByte(sqes + offset), "offset=" + offset);
        }
    }

    @Test
    void theKernelSeesNothingBeforePublish() {
        SubmissionQueue queue = open(IoUring.IORING_SETUP_NO_SQARRAY);
        next(queue);
        next(queue);
        assertEquals(0, Memory.getInt(ring + TAIL));
        assertEquals(2, queue.publish());
        assertEquals(2, Memory.getInt(ring + TAIL));
    }

    @Test
    void whatTheKernelConsumesBecomesFreeAgain() {
        SubmissionQueue queue = open(IoUring.IORING_SETUP_NO_SQARRAY);
        for (int round = 0; round < 1000; round++) {
            while (next(queue) != 0) {}
            assertEquals(ENTRIES, queue.publish());
            int consumed = Memory.getInt(ring + HEAD) + 3;
            Memory.putInt(ring + HEAD, consumed);
            assertEquals(consumed, queue.consumed());
            assertEquals(1, queue.pending());
            long sqe = next(queue);
            assertEquals(sqes + (long) ((consumed + 1) % ENTRIES) * SqeLayout.BYTES, sqe);
        }
    }

    @Test
    void olderKernelsGetAnArrayOfIndices() {
        open(0);
        for (int i = 0; i < ENTRIES; i++) assertEquals(i, Memory.getInt(ring + ARRAY + 4L * i));
        assertEquals(0, Memory.getInt(ring + ARRAY + 4L * ENTRIES));
    }

    @Test
    void newerKernelsGetNone() {
        Memory.putInt(ring + ARRAY + 4, 77);
        open(IoUring.IORING_SETUP_NO_SQARRAY);
        assertEquals(77, Memory.getInt(ring + ARRAY + 4));
    }

    @Test
    void tellsWhenCompletionsOverflowed() {
        SubmissionQueue queue = open(IoUring.IORING_SETUP_NO_SQARRAY);
        Memory.putInt(ring + FLAGS, ~IoUring.IORING_SQ_CQ_OVERFLOW);
        assertFalse(queue.completionsOverflowed());
        Memory.putInt(ring + FLAGS, IoUring.IORING_SQ_CQ_OVERFLOW);
        assertTrue(queue.completionsOverflowed());
        assertNotEquals(0, next(queue));
    }

    private static long next(SubmissionQueue queue) {
        long sqe = queue.claim();
        if (sqe != 0) queue.commit();
        return sqe;
    }

    private SubmissionQueue open(int setupFlags) {
        Memory.fill(params, Params.BYTES, (byte) 0);
        Params.put(params, Params.SQ_ENTRIES, ENTRIES);
        Params.put(params, Params.FLAGS, setupFlags);
        Params.put(params, Params.SQ_OFF_HEAD, HEAD);
        Params.put(params, Params.SQ_OFF_TAIL, TAIL);
        Params.put(params, Params.SQ_OFF_FLAGS, FLAGS);
        Params.put(params, Params.SQ_OFF_ARRAY, ARRAY);
        return new SubmissionQueue(params, ring, sqes);
    }
}
