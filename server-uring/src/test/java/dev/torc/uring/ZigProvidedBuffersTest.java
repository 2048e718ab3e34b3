package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;

/// What Zig's tests of its io_uring see of provided buffers, seen here too.
class ZigProvidedBuffersTest {
    private static final int GROUP = 1337;
    private static final int COUNT = 4;
    private static final int BYTES = 128;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    /// A rig with four buffers provided.
    private static final class Fixture implements AutoCloseable {
        final Rig rig;
        final ProvidedBuffers buffers;

        Fixture(int entries) {
            rig = new Rig(Ring.open(RingSetup.of(entries)));
            buffers = new ProvidedBuffers(rig.ring, GROUP, COUNT, BYTES);
            Sqe sqe = rig.next().prepareProvideBuffers(buffers, 0, COUNT, 0xcccc_ccccL);
            long entry = sqe.address();
            int opcode = IoUring.IORING_OP_PROVIDE_BUFFERS;
            assertEquals(opcode, Memory.getByte(entry + SqeLayout.OPCODE));
            assertEquals(COUNT, Memory.getInt(entry + SqeLayout.FD));
            assertEquals(BYTES, Memory.getInt(entry + SqeLayout.LEN));
            assertEquals(GROUP, Memory.getShort(entry + SqeLayout.BUF_INDEX));
            assertSuccess(0xcccc_ccccL);
        }

        int zero() {
            return rig.open(Path.of("/dev/zero"), Linux.O_RDONLY);
        }

        /// Submits the one operation, which succeeds.
        void assertSuccess(long userData) {
            assertEquals(1, rig.ring.submit());
            Completion completion = rig.take();
            assertEquals(userData, completion.userData());
            assertTrue(completion.result() >= 0, completion::toString);
        }

        /// Submits an operation that takes a buffer.
        Completion select(int opcode, int fd, long userData) {
            Sqe sqe = rig.next().prepare(opcode, fd, 0, BYTES, 0, userData, buffers);
            long entry = sqe.select(buffers).address();
            assertEquals(opcode, Memory.getByte(entry + SqeLayout.OPCODE));
            assertEquals(fd, Memory.getInt(entry + SqeLayout.FD));
            assertEquals(0, Memory.getLong(entry + SqeLayout.ADDR));
            assertEquals(BYTES, Memory.getInt(entry + SqeLayout.LEN));
            assertEquals(GROUP, Memory.getShort(entry + SqeLayout.BUF_INDEX));
            assertEquals(0, Memory.getInt(entry + SqeLayout.OP_FLAGS));
            assertEquals(IoUring.IOSQE_BUFFER_SELECT, Memory.getByte(entry + SqeLayout.FLAGS));
            assertEquals(1, rig.ring.submit());
            Completion completion = rig.take();
            assertEquals(userData, completion.userData());
            return completion;
        }

        /// An operation fills a buffer with `expected`; returns which.
        int assertFills(int opcode, int fd, byte expected) {
            Completion completion = select(opcode, fd, 0xdede_dedeL);
            assertEquals(BYTES, completion.result(), completion::toString);
            int bufferId = buffers.bufferId(completion.flags(), completion.result());
            byte[] all = new byte[BYTES];
            Arrays.fill(all, expected);
            byte[] filled = buffers.segment(bufferId).toArray(ValueLayout.JAVA_BYTE);
            assertArrayEquals(all, filled);
            return bufferId;
        }

        void assertNoBuffers(int opcode, int fd) {
            assertEquals(-Errno.ENOBUFS, select(opcode, fd, 0xdfdf_dfdfL).result());
        }

        /// Writes what nobody expects into all buffers.
        void spoil() {
            for (int i = 0; i < COUNT; i++) buffers.segment(i).fill((byte) 42);
        }

        void send(int fd) {
            byte[] content = new byte[BYTES];
            Arrays.fill(content, (byte) 'z');
            try (IoMemory memory = IoMemory.of(content)) {
                rig.next().prepareSend(fd, memory, 0, BYTES, 0, 0xdead_deadL);
                assertEquals(1, rig.ring.submit());
                assertEquals(new Completion(0xdead_deadL, BYTES, 0), rig.take());
            }
        }

        @Override
        public void close() {
            buffers.close();
            rig.close();
        }
    }

    @Test
    void provideBuffersRead() {
        int read = IoUring.IORING_OP_READ;
        try (Fixture fixture = new Fixture(1)) {
            int fd = fixture.zero();
            fixture.spoil();
            boolean[] used = new boolean[COUNT];
            for (int i = 0; i < COUNT; i++) used[fixture.assertFills(read, fd, (byte) 0)] = true;
            assertArrayEquals(new boolean[] {true, true, true, true}, used);
            fixture.assertNoBuffers(read, fd);

            fixture.spoil();
            fixture.rig.next().prepareProvideBuffers(fixture.buffers, 2, 1, 0xabab_ababL);
            fixture.assertSuccess(0xabab_ababL);
            assertEquals(2, fixture.assertFills(read, fd, (byte) 0));
        }
    }

    @Test
    void removeBuffers() {
        int read = IoUring.IORING_OP_READ;
        try (Fixture fixture = new Fixture(1)) {
            int fd = fixture.zero();
            Sqe sqe = fixture.rig.next().prepareRemoveBuffers(fixture.buffers, 3, 0xba_baba_babaL);
            long entry = sqe.address();
            int opcode = IoUring.IORING_OP_REMOVE_BUFFERS;
            assertEquals(opcode, Memory.getByte(entry + SqeLayout.OPCODE));
            assertEquals(3, Memory.getInt(entry + SqeLayout.FD));
            assertEquals(0, Memory.getLong(entry + SqeLayout.ADDR));
            assertEquals(GROUP, Memory.getShort(entry + SqeLayout.BUF_INDEX));
            fixture.assertSuccess(0xba_baba_babaL);
            fixture.spoil();
            fixture.assertFills(read, fd, (byte) 0);
            fixture.assertNoBuffers(read, fd);
        }
    }

    @Test
    void provideBuffersAcceptConnectSendRecv() {
        int recv = IoUring.IORING_OP_RECV;
        try (Fixture fixture = new Fixture(16)) {
            LoopbackPair sockets = new LoopbackPair(fixture.rig);
            for (int i = 0; i < COUNT; i++) fixture.send(sockets.server);
            fixture.spoil();
            for (int i = 0; i < COUNT; i++) {
                fixture.assertFills(recv, sockets.client, (byte) 'z');
            }
            fixture.assertNoBuffers(recv, sockets.client);

            fixture.rig.next().prepareProvideBuffers(fixture.buffers, 2, 1, 0xabab_ababL);
            fixture.assertSuccess(0xabab_ababL);
            fixture.send(sockets.server);
            fixture.spoil();
            assertEquals(2, fixture.assertFills(recv, sockets.client, (byte) 'z'));
        }
    }
}
