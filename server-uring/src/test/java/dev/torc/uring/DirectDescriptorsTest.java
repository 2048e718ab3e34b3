package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.net.Socket;

/// Also what the kernel does with a place in the table that is used again: the reason for the
/// transport's generations.
class DirectDescriptorsTest {
    private static final int GROUP = 3;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    void hasNoMorePlacesThanTheProcessMayHaveFilesOpen() {
        try (Ring ring = Ring.open(8, 16);
                Arena arena = Arena.ofConfined()) {
            long limit = arena.allocate(16, 8).address();
            assertEquals(0, ring.kernel().getrlimit(Linux.RLIMIT_NOFILE, limit));
            long soft = Memory.getLong(limit);
            DirectDescriptors descriptors = new DirectDescriptors(ring, 1 << 20);
            assertEquals(Math.min(soft, 1 << 20), descriptors.count());
        }
    }

    /// It takes its own registered descriptor back; otherwise that would keep all of it alive.
    @Test
    void closingTheRingClosesWhatIsInIt() throws Exception {
        try (RingWithListener server = new RingWithListener(1)) {
            Socket client = server.connect();
            assertEquals(0, server.accept());
            server.ring.close();
            assertEquals(-1, client.getInputStream().read());
        }
    }

    /// Why the acceptor never accepts more than it has places for.
    @Test
    void aConnectionWithoutAPlaceIsLost() throws Exception {
        try (RingWithListener server = new RingWithListener(1)) {
            Socket first = server.connect();
            assertEquals(0, server.accept());
            Socket second = server.connect();
            assertEquals(-Errno.ENFILE, server.accept());
            assertEquals(-1, second.getInputStream().read());
            first.close();
        }
    }

    /// Closing completes nothing: the receive outlives the descriptor, even one that already serves
    /// another connection, and reports late under its old user data.
    @Test
    void anOperationOutlivesItsDescriptorAndCompletesUnderItsOldUserData() throws Exception {
        try (RingWithListener server = new RingWithListener(1);
                BufferRing buffers = new BufferRing(server.ring, GROUP, 4, 64)) {
            Socket first = server.connect();
            int slot = server.accept();
            receive(server.ring, buffers, slot, 1);
            server.ring.submit();
            server.ring.next().prepareCloseDirect(slot, 100);
            assertEquals(new Completion(100, 0, 0), server.await());
            server.assertQuiet();

            Socket second = server.connect();
            assertEquals(slot, server.accept());
            receive(server.ring, buffers, slot, 2);
            server.ring.submit();
            first.getOutputStream().write("late".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            Completion late = server.await();
            assertEquals(1, late.userData());
            assertEquals(4, late.result());
            int lateBuffer = buffers.take(late.flags(), late.result());
            second.getOutputStream().write(5);
            Completion own = server.await();
            assertEquals(2, own.userData());
            int ownBuffer = buffers.take(own.flags(), own.result());
            assertArrayEquals(new byte[] {5}, bytesAt(buffers.address(ownBuffer), 1));
            assertTrue(lateBuffer != ownBuffer);

            for (long receive = 1; receive <= 2; receive++) {
                server.ring.next().prepareCancel(receive, 0, 200);
                Completion one = server.await();
                Completion other = server.await();
                Completion cancelled = one.userData() == 200 ? other : one;
                assertEquals(new Completion(receive, -Errno.ECANCELED, 0), cancelled);
            }
        }
    }

    private static void receive(Ring ring, BufferRing buffers, int slot, long userData) {
        ring.next()
                .prepareRecvMultishot(slot, buffers, 0, userData)
                .addFlags(IoUring.IOSQE_FIXED_FILE);
    }

    private static byte[] bytesAt(long address, int count) {
        byte[] bytes = new byte[count];
        Memory.copy(address, bytes, 0, count);
        return bytes;
    }
}
