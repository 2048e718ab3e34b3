package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;

/// Sending and receiving, plainly, in pieces and as messages, allocates nothing once it is warm.
class TransferAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 5_000;

    /// The compiler finishes at some point of these, and then nothing is allocated any more.
    private static final int BATCHES_MAX = 30;

    private static final int BYTES = 8;

    /// What the measuring itself may take.
    private static final long BYTES_MAX = 4096;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
        assumeTrue(THREADS.isThreadAllocatedMemoryEnabled());
    }

    private static final class Sums implements CompletionHandler {
        private int completions;
        private long bytes;

        @Override
        public void onCompletion(long userData, int result, int flags) {
            completions++;
            bytes += result;
        }
    }

    @Test
    void allocatesNothing() {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.of(rig.memory(BYTES / 2), rig.memory(BYTES / 2));
                MessageHeader out = MessageHeader.of(vectors);
                IoVectors room = IoVectors.of(rig.memory(BYTES));
                MessageHeader in = MessageHeader.of(room)) {
            int[] pair = rig.socketPair();
            IoMemory memory = rig.memory(BYTES);
            Sums sums = new Sums();
            long bytes = Long.MAX_VALUE;
            int batches = 0;
            while (bytes > BYTES_MAX && batches < BATCHES_MAX) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < ROUNDS; i++) exchange(rig.ring, pair, memory, out, in, sums);
                bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
                batches++;
            }
            assertTrue(bytes <= BYTES_MAX, "allocated " + bytes + " bytes");
            assertEquals(6L * BYTES * ROUNDS * batches, sums.bytes);
        }
    }

    private static void exchange(
            Ring ring,
            int[] pair,
            IoMemory memory,
            MessageHeader out,
            MessageHeader in,
            Sums sums) {
        IoVectors vectors = out.vectors();
        if (vectors == null) throw new AssertionError("a message of vectors");
        ring.next().prepareSend(pair[0], memory, 0, BYTES, 0, 1);
        ring.next().prepareRecv(pair[1], memory, 0, BYTES, 0, 1);
        finish(ring, sums);
        ring.next().prepareSend(pair[0], vectors, 0, 1).addSocketFlags(1);
        ring.next().prepareRecv(pair[1], memory, 0, BYTES, 0, 1);
        finish(ring, sums);
        ring.next().prepareSendmsg(pair[0], out, 0, 1);
        ring.next().prepareRecvmsg(pair[1], in, 0, 1);
        finish(ring, sums);
    }

    private static void finish(Ring ring, Sums sums) {
        int wanted = sums.completions + 2;
        for (int turn = 0; turn < 1000 && sums.completions < wanted; turn++) {
            ring.submitAndWait(2, 10_000_000);
            ring.drain(sums);
        }
    }
}
