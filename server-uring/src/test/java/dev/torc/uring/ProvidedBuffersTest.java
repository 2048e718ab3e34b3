package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;

class ProvidedBuffersTest {
    private static final int GROUP = 7;
    private static final int BYTES = 64;
    private static final byte[] ABC = "abc".getBytes(UTF_8);

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    private static ProvidedBuffers provided(Rig rig, int count) {
        ProvidedBuffers buffers = new ProvidedBuffers(rig.ring, GROUP, count, BYTES);
        provide(rig, buffers, 0, count);
        return buffers;
    }

    private static void provide(Rig rig, ProvidedBuffers buffers, int bufferId, int count) {
        assertTrue(rig.run(rig.next().prepareProvideBuffers(buffers, bufferId, count, 1)) >= 0);
    }

    private static void read(Rig rig, int fd, ProvidedBuffers buffers, long userData) {
        rig.next()
                .prepare(IoUring.IORING_OP_READ, fd, 0, BYTES, -1, userData, buffers)
                .select(buffers);
    }

    private static String text(ProvidedBuffers buffers, int bufferId, int bytes) {
        byte[] all = buffers.segment(bufferId).toArray(ValueLayout.JAVA_BYTE);
        return new String(all, 0, bytes, UTF_8);
    }

    private static boolean isFreed(MemorySegment segment) {
        return !segment.scope().isAlive();
    }

    @Test
    @Does("PROVIDE_BUFFERS")
    void areReadInto() {
        try (Rig rig = new Rig();
                ProvidedBuffers buffers = provided(rig, 2)) {
            int[] pipe = rig.pipe();
            for (int expected = 0; expected < 2; expected++) {
                Libc.write(pipe[1], ABC);
                read(rig, pipe[0], buffers, 2);
                Completion completion = rig.take();
                assertEquals(3, completion.result());
                int bufferId = buffers.bufferId(completion.flags(), completion.result());
                assertEquals(expected, bufferId);
                assertEquals("abc", text(buffers, bufferId, 3));
            }
            Libc.write(pipe[1], ABC);
            read(rig, pipe[0], buffers, 2);
            assertEquals(-Errno.ENOBUFS, rig.take().result());
            provide(rig, buffers, 1, 1);
            read(rig, pipe[0], buffers, 2);
            assertEquals(1, rig.take().bufferId());
        }
    }

    @Test
    @Does("REMOVE_BUFFERS")
    void areRemoved() {
        try (Rig rig = new Rig();
                ProvidedBuffers buffers = provided(rig, 4)) {
            assertEquals(3, rig.run(rig.next().prepareRemoveBuffers(buffers, 3, 1)));
            int[] pipe = rig.pipe();
            Libc.write(pipe[1], ABC);
            read(rig, pipe[0], buffers, 2);
            assertEquals(3, rig.take().bufferId());
            assertEquals(0, rig.run(rig.next().prepareRemoveBuffers(buffers, 1, 1)));
        }
    }

    @Test
    @Refuses({"PROVIDE_BUFFERS", "REMOVE_BUFFERS"})
    void doNotGoIntoTheGroupOfARing() {
        try (Rig rig = new Rig();
                BufferRing other = new BufferRing(rig.ring, GROUP, 1, BYTES);
                ProvidedBuffers buffers = new ProvidedBuffers(rig.ring, GROUP, 1, BYTES)) {
            rig.ring.sqe().leases().forget(other); // which would refuse it first
            Sqe sqe = rig.next().prepareProvideBuffers(buffers, 0, 1, 1);
            assertEquals(-Errno.EINVAL, rig.run(sqe));
            sqe = rig.next().prepareRemoveBuffers(buffers, 1, 1);
            assertEquals(-Errno.EINVAL, rig.run(sqe));
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
            assertEquals(GROUP, other.group());
        }
    }

    @Test
    void areNotUsedBeforeTheyHaveBeenProvided() {
        try (Rig rig = new Rig();
                ProvidedBuffers buffers = new ProvidedBuffers(rig.ring, GROUP, 1, BYTES)) {
            Sqe sqe = rig.next();
            assertThrows(
                    IllegalStateException.class, () -> sqe.prepareRemoveBuffers(buffers, 1, 1));
            int fd = rig.pipe()[0];
            int opcode = IoUring.IORING_OP_READ;
            assertThrows(
                    IllegalStateException.class,
                    () -> sqe.prepare(opcode, fd, 0, BYTES, -1, 1, buffers));
            assertEquals(0, rig.run(sqe.prepareNop(2)));
        }
    }

    /// An operation that holds the one would be given memory of the other.
    @Test
    void areTheOnlyOnesOfTheirGroup() {
        try (Rig rig = new Rig()) {
            ProvidedBuffers first = provided(rig, 1);
            ProvidedBuffers second = new ProvidedBuffers(rig.ring, GROUP, 1, BYTES);
            Sqe sqe = rig.next();
            assertThrows(
                    IllegalStateException.class, () -> sqe.prepareProvideBuffers(second, 0, 1, 1));
            assertThrows(IllegalStateException.class, () -> sqe.prepareRemoveBuffers(second, 1, 1));
            assertEquals(1, rig.run(sqe.prepareRemoveBuffers(first, 1, 1)));
            first.close();
            provide(rig, second, 0, 1);
            second.close();
        }
    }

    @Test
    void areFreedAtOnceWhenTheyHaveNotBeenProvided() {
        try (Rig rig = new Rig()) {
            ProvidedBuffers buffers = new ProvidedBuffers(rig.ring, GROUP, 2, BYTES);
            MemorySegment segment = buffers.segment(1);
            buffers.close();
            buffers.close();
            assertTrue(isFreed(segment));
            Sqe sqe = rig.next();
            assertThrows(
                    IllegalStateException.class, () -> sqe.prepareProvideBuffers(buffers, 0, 1, 1));
            assertThrows(
                    IllegalStateException.class, () -> sqe.prepareRemoveBuffers(buffers, 1, 1));
        }
    }

    @Test
    void areFreedAtOnceWhenTheyHaveBeenRemoved() {
        try (Rig rig = new Rig()) {
            ProvidedBuffers buffers = provided(rig, 2);
            MemorySegment segment = buffers.segment(1);
            assertEquals(2, rig.run(rig.next().prepareRemoveBuffers(buffers, 9, 1)));
            buffers.close();
            assertTrue(isFreed(segment));
            // The group can be had again, also as another kind.
            try (ProvidedBuffers again = provided(rig, 1)) {
                assertEquals(1, rig.run(rig.next().prepareRemoveBuffers(again, 1, 1)));
            }
            new BufferRing(rig.ring, GROUP, 1, BYTES).close();
        }
    }

    @Test
    void areFreedAtOnceWhenAllHaveBeenHandedOver() {
        try (Rig rig = new Rig()) {
            ProvidedBuffers buffers = provided(rig, 1);
            MemorySegment segment = buffers.segment(0);
            int[] pipe = rig.pipe();
            Libc.write(pipe[1], ABC);
            read(rig, pipe[0], buffers, 2);
            assertEquals(0, rig.take().bufferId());
            assertFalse(isFreed(segment));
            buffers.close();
            assertTrue(isFreed(segment));
        }
    }

    @Test
    void areFreedWithTheRingWhenTheKernelHasSome() {
        Rig rig = new Rig();
        ProvidedBuffers buffers = provided(rig, 2);
        MemorySegment segment = buffers.segment(1);
        assertEquals(1, rig.run(rig.next().prepareRemoveBuffers(buffers, 1, 1)));
        buffers.close();
        buffers.close();
        assertFalse(isFreed(segment));
        assertEquals(0, rig.ring.lendingCount());
        rig.close();
        assertTrue(isFreed(segment));
    }

    @Test
    void areTheProgramsWhenTheRingHasBeenClosed() {
        Rig rig = new Rig();
        ProvidedBuffers buffers = provided(rig, 2);
        MemorySegment segment = buffers.segment(1);
        rig.close();
        assertFalse(isFreed(segment));
        buffers.close();
        assertTrue(isFreed(segment));
    }

    @Test
    void areFreedWithTheOperationThatUsesTheLast() {
        try (Rig rig = new Rig()) {
            ProvidedBuffers buffers = provided(rig, 1);
            MemorySegment segment = buffers.segment(0);
            int[] pair = rig.socketPair();
            read(rig, pair[0], buffers, 2);
            assertEquals(1, rig.ring.submit());
            buffers.close();
            assertFalse(isFreed(segment));
            Libc.write(pair[1], ABC);
            assertEquals(0, rig.take().bufferId());
            assertTrue(isFreed(segment));
        }
    }

    @Test
    void areKeptWhenTheyAreYetToBeProvided() {
        Rig rig = new Rig();
        ProvidedBuffers buffers = new ProvidedBuffers(rig.ring, GROUP, 1, BYTES);
        MemorySegment segment = buffers.segment(0);
        rig.next()
                .prepareTimeout(1_000_000, 0, IoUring.IORING_TIMEOUT_ETIME_SUCCESS, 1)
                .addFlags(IoUring.IOSQE_IO_LINK);
        rig.next().prepareProvideBuffers(buffers, 0, 1, 2);
        assertEquals(2, rig.ring.submit());
        buffers.close();
        assertFalse(isFreed(segment));
        assertEquals(
                Set.of(new Completion(1, -Errno.ETIME, 0), new Completion(2, 0, 0)),
                Taken.from(rig, 2));
        assertFalse(isFreed(segment));
        rig.close();
        assertTrue(isFreed(segment));
    }

    @Test
    void checksWhatTheKernelSays() {
        try (Rig rig = new Rig();
                ProvidedBuffers buffers = new ProvidedBuffers(rig.ring, GROUP, 2, BYTES)) {
            int second = 1 << IoUring.IORING_CQE_BUFFER_SHIFT | IoUring.IORING_CQE_F_BUFFER;
            assertEquals(1, buffers.bufferId(second, BYTES));
            int third = 2 << IoUring.IORING_CQE_BUFFER_SHIFT | IoUring.IORING_CQE_F_BUFFER;
            assertThrows(IllegalStateException.class, () -> buffers.bufferId(third, 1));
            assertThrows(IllegalStateException.class, () -> buffers.bufferId(second, BYTES + 1));
            assertThrows(IllegalStateException.class, () -> buffers.bufferId(0, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> buffers.segment(2));
        }
    }

    @Test
    void checksWhatItIsTold() {
        try (Rig rig = new Rig();
                Rig other = new Rig();
                ProvidedBuffers buffers = new ProvidedBuffers(rig.ring, GROUP, 2, BYTES)) {
            int[][] wrong = {{-1, 1, 1}, {65_536, 1, 1}, {1, 0, 1}, {1, 65_536, 1}, {1, 1, 0}};
            for (int[] each : wrong) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new ProvidedBuffers(rig.ring, each[0], each[1], each[2]));
            }
            Sqe sqe = rig.next();
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> sqe.prepareProvideBuffers(buffers, 1, 2, 1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sqe.prepareProvideBuffers(buffers, 0, 0, 1));
            assertThrows(
                    IllegalArgumentException.class, () -> sqe.prepareRemoveBuffers(buffers, 0, 1));
            Sqe another = other.next();
            assertThrows(
                    IllegalArgumentException.class,
                    () -> another.prepareProvideBuffers(buffers, 0, 1, 1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> another.prepareRemoveBuffers(buffers, 1, 1));
        }
    }

    @Test
    void putsEachPartWhereTheKernelLooks() {
        try (Rig rig = new Rig();
                ProvidedBuffers buffers = new ProvidedBuffers(rig.ring, 0xfffe, 4, BYTES)) {
            Sqe sqe = rig.next().prepareProvideBuffers(buffers, 1, 3, 9);
            assertEquals(3, Memory.getInt(sqe.address() + SqeLayout.FD));
            assertEquals(BYTES, Memory.getInt(sqe.address() + SqeLayout.LEN));
            assertEquals(1, Memory.getLong(sqe.address() + SqeLayout.OFF));
            assertEquals((short) 0xfffe, Memory.getShort(sqe.address() + SqeLayout.BUF_GROUP));
            long address = buffers.segment(1).address();
            assertEquals(address, Memory.getLong(sqe.address() + SqeLayout.ADDR));
            sqe = rig.next().prepareRemoveBuffers(buffers, 2, 9);
            assertEquals(2, Memory.getInt(sqe.address() + SqeLayout.FD));
            assertEquals((short) 0xfffe, Memory.getShort(sqe.address() + SqeLayout.BUF_GROUP));
        }
    }

    /// Operations would hold the ring's buffers, and the kernel write into the others.
    @Test
    void aBufferRingDoesNotTakeTheirPlace() {
        try (Rig rig = new Rig();
                ProvidedBuffers buffers = new ProvidedBuffers(rig.ring, 5, 1, 8)) {
            assertEquals(0, rig.run(rig.next().prepareProvideBuffers(buffers, 0, 1, 1)));
            assertThrows(IllegalStateException.class, () -> new BufferRing(rig.ring, 5, 1, 8));
            new BufferRing(rig.ring, 6, 1, 8).close();
        }
    }
}
