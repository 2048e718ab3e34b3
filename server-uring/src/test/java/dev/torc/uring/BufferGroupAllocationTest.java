package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;

/// Receiving, taking and putting allocate nothing once they are warm.
class BufferGroupAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int RECEIVES = 100_000;
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 30_000;

    /// What the measuring itself may take.
    private static final long BYTES_MAX = 4096;

    private static final int MESSAGE_BYTES = 20;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
        assumeTrue(THREADS.isThreadAllocatedMemoryEnabled());
    }

    /// Writes a message, hears of it, and gives its buffers back.
    private static final class Receiver implements CompletionHandler, AutoCloseable {
        private final Rig rig = new Rig();
        private final int[] pair = rig.socketPair();
        private final BufferGroup group;
        private final boolean multishot;
        private final boolean bundles;
        private final IoMemory message = rig.memory(MESSAGE_BYTES);
        private boolean armed;
        private long received;

        Receiver(BufferRingSetup setup, boolean multishot, boolean bundles) {
            this.multishot = multishot;
            this.bundles = bundles;
            group = BufferGroup.open(rig.ring, setup);
        }

        @Override
        public void onCompletion(long userData, int result, int flags) {
            armed = multishot && armed && result > 0;
            int pieces = group.take(result, flags);
            for (int piece = 0; piece < pieces; piece++) {
                received += group.length(piece);
                if (group.position(piece) < 0) throw new AssertionError();
            }
            group.put(result, flags);
        }

        void receive(int count) {
            long wanted = received + (long) count * MESSAGE_BYTES;
            long address = message.address(0, MESSAGE_BYTES);
            for (int i = 0; i < count; i++) {
                rig.ring.kernel().write(pair[1], address, MESSAGE_BYTES);
                long now = received + MESSAGE_BYTES;
                for (int turn = 0; turn < 1000 && received < now; turn++) {
                    arm();
                    rig.ring.submitAndWait(10_000_000);
                    rig.ring.drain(this);
                }
            }
            assertEquals(wanted, received);
        }

        private void arm() {
            if (armed) return;
            armed = true;
            if (multishot && bundles) group.recvMultishotBundle(pair[0], 0, 1);
            else if (multishot) group.recvMultishot(pair[0], 0, 1);
            else if (bundles) group.recvBundle(pair[0], 0, 1);
            else group.recv(pair[0], 0, 1);
        }

        @Override
        public void close() {
            group.close();
            rig.close();
        }
    }

    @Test
    void oneByOne() {
        assertAllocatesNothing(new Receiver(BufferRingSetup.of(1, 8, 64), false, false));
    }

    @Test
    void multishot() {
        assertAllocatesNothing(new Receiver(BufferRingSetup.of(1, 8, 64), true, false));
    }

    @Test
    void inBundles() {
        assertAllocatesNothing(new Receiver(BufferRingSetup.of(1, 8, 8), true, true));
    }

    @Test
    void inIncrements() {
        BufferRingSetup setup = BufferRingSetup.of(1, 4, 256).withIncrements();
        assertAllocatesNothing(new Receiver(setup, true, false));
    }

    /// The compiler may finish only after the warm-up, on a busy machine; what allocates for each
    /// receive does so in every round.
    private static void assertAllocatesNothing(Receiver receiver) {
        try (receiver) {
            receiver.receive(WARM_UP);
            long least = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS && least > BYTES_MAX; round++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                receiver.receive(RECEIVES);
                least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
            }
            long bytes = least;
            assertTrue(bytes <= BYTES_MAX, () -> "allocated " + bytes + " bytes");
        }
    }
}
