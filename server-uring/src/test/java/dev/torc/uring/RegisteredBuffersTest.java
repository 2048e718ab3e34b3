package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

class RegisteredBuffersTest {
    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    void anOperationReadsIntoABufferByItsIndex() {
        try (Rig rig = new Rig()) {
            IoMemory first = rig.memory(64);
            IoMemory second = rig.memory(64);
            RegisteredBuffers buffers = RegisteredBuffers.of(rig.ring, first, second);
            assertEquals(2, buffers.count());
            assertSame(second, buffers.memory(1));
            assertEquals(3, readFixed(rig, second, 1, "abc"));
            assertEquals("abc", second.text());
            // The address must be in the buffer that the index names.
            assertEquals(-Errno.EFAULT, readFixed(rig, second, 0, "abc"));
            assertEquals(-Errno.EFAULT, readFixed(rig, second, 2, "abc"));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
            buffers.close();
            buffers.close();
            assertFalse(first.isLent());
            assertEquals(-Errno.EFAULT, readFixed(rig, second, 1, "abc"));
            assertThrows(IllegalStateException.class, () -> buffers.update(0, first));
        }
    }

    @Test
    void memoryIsHeldUntilTheTableIsClosed() {
        try (Rig rig = new Rig()) {
            IoMemory memory = IoMemory.allocate(64);
            var segment = memory.segment();
            RegisteredBuffers buffers = RegisteredBuffers.of(rig.ring, memory);
            memory.close();
            assertTrue(memory.isLent());
            assertTrue(segment.scope().isAlive());
            buffers.close();
            assertFalse(memory.isLent());
            assertFalse(segment.scope().isAlive());
            try (IoMemory again = IoMemory.allocate(8);
                    RegisteredBuffers other = RegisteredBuffers.of(rig.ring, again)) {
                assertEquals(1, other.count());
            }
        }
    }

    @Test
    void closingTheRingGivesMemoryBack() {
        IoMemory memory = IoMemory.allocate(64);
        Rig rig = new Rig();
        RegisteredBuffers buffers = RegisteredBuffers.of(rig.ring, memory, memory);
        assertTrue(memory.isLent());
        rig.close();
        assertFalse(memory.isLent());
        buffers.close();
        assertThrows(IllegalStateException.class, () -> buffers.update(0, null));
        memory.close();
    }

    @Test
    void aTagTellsWhenTheLastOperationHasEnded() {
        try (Rig rig = new Rig()) {
            IoMemory old = rig.memory(64);
            IoMemory memory = rig.memory(64);
            RegisteredBuffers buffers =
                    RegisteredBuffers.ofTagged(rig.ring, new IoMemory[] {old}, new long[] {77});
            int[] pipe = rig.pipe();
            prepareReadFixed(rig, pipe[0], old, 0, 5);
            assertEquals(1, rig.ring.submit());
            buffers.update(0, memory, 78);
            assertTrue(old.isLent(), "the operation has it");
            rig.assertQuiet();
            assertEquals(3, Libc.write(pipe[1], "abc".getBytes(UTF_8)));
            assertEquals(new Completion(5, 3, 0), rig.take());
            assertFalse(old.isLent());
            assertEquals(new Completion(77, 0, 0), rig.take());
            assertEquals(3, readFixed(rig, memory, 0, "def"));
            buffers.update(0, null);
            assertEquals(new Completion(78, 0, 0), rig.take());
            assertFalse(memory.isLent());
            assertNull(buffers.memory(0));
            rig.assertQuiet();
        }
    }

    @Test
    void aTableMayHaveEmptyPlaces() {
        try (Rig rig = new Rig()) {
            RegisteredBuffers buffers = RegisteredBuffers.sparse(rig.ring, 16);
            IoMemory memory = rig.memory(64);
            assertEquals(16, buffers.count());
            assertEquals(-Errno.EFAULT, readFixed(rig, memory, 7, "abc"));
            buffers.update(7, memory);
            assertEquals(3, readFixed(rig, memory, 7, "abc"));
            buffers.update(7, null);
            assertEquals(-Errno.EFAULT, readFixed(rig, memory, 7, "abc"));
            assertThrows(IndexOutOfBoundsException.class, () -> buffers.update(16, memory));
            assertThrows(IllegalArgumentException.class, () -> buffers.update(0, null, 3));
            assertFalse(memory.isLent());
        }
    }

    @Test
    void anotherRingsBuffersAreSharedAndHeld() {
        try (Rig source = new Rig();
                Rig rig = new Rig()) {
            IoMemory memory = source.memory(64);
            RegisteredBuffers buffers = RegisteredBuffers.of(source.ring, memory);
            RegisteredBuffers clone = RegisteredBuffers.cloneOf(rig.ring, buffers);
            assertEquals(1, clone.count());
            buffers.close();
            assertTrue(memory.isLent());
            assertEquals(3, readFixed(rig, memory, 0, "abc"));
            assertEquals("abc", memory.text());
            clone.close();
            assertFalse(memory.isLent());
            assertThrows(
                    IllegalStateException.class, () -> RegisteredBuffers.cloneOf(rig.ring, clone));
        }
    }

    @Test
    void partOfAnotherRingsBuffersReplacesOnes() {
        try (Rig source = new Rig();
                Rig rig = new Rig()) {
            IoMemory one = rig.memory(64);
            IoMemory two = rig.memory(64);
            IoMemory three = rig.memory(64);
            RegisteredBuffers buffers = RegisteredBuffers.of(source.ring, one, two, three);
            RegisteredBuffers mine = RegisteredBuffers.sparse(rig.ring, 4);
            IoMemory replaced = rig.memory(8);
            mine.update(2, replaced);
            mine.cloneFrom(buffers, 1, 2, 2);
            assertFalse(replaced.isLent());
            assertSame(two, mine.memory(2));
            assertSame(three, mine.memory(3));
            buffers.close();
            assertFalse(one.isLent());
            assertEquals(3, readFixed(rig, three, 3, "abc"));
            assertEquals(-Errno.EFAULT, readFixed(rig, two, 1, "abc"));
            assertEquals(4, mine.count());
            try (RegisteredBuffers single = RegisteredBuffers.of(source.ring, one)) {
                assertThrows(
                        IndexOutOfBoundsException.class, () -> mine.cloneFrom(single, 0, 1, 2));
                assertThrows(
                        IndexOutOfBoundsException.class, () -> mine.cloneFrom(single, 0, 4, 1));
            }
        }
    }

    @Test
    void aSecondTableIsRefusedAndHoldsNothing() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(64);
            RegisteredBuffers.sparse(rig.ring, 1);
            RingException refusal =
                    assertThrows(RingException.class, () -> RegisteredBuffers.of(rig.ring, memory));
            assertEquals("IORING_REGISTER_BUFFERS2: EBUSY (busy)", refusal.getMessage());
            assertFalse(memory.isLent());
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    @Test
    void refusesWhatCannotBeBeforeAnythingIsRegistered() {
        try (Rig rig = new Rig();
                Arena arena = Arena.ofConfined()) {
            IoMemory memory = rig.memory(8);
            IoMemory closed = IoMemory.allocate(8);
            closed.close();
            refuses("count must be 1 to 16384: count=0", () -> RegisteredBuffers.of(rig.ring));
            refuses(
                    "count must be 1 to 16384: count=16385",
                    () -> RegisteredBuffers.sparse(rig.ring, 16_385));
            refuses(
                    "a buffer must have 1 byte to 1 GiB: bytes=0",
                    () -> RegisteredBuffers.of(rig.ring, memory, IoMemory.allocate(0)));
            refuses(
                    "there must be a tag for each: tags=0, entries=1",
                    () ->
                            RegisteredBuffers.ofTagged(
                                    rig.ring, new IoMemory[] {memory}, new long[0]));
            long token = 0xff7cL << 48;
            refuses(
                    "user data from 0xff7c... is the ring's own: 0xff7c000000000000",
                    () ->
                            RegisteredBuffers.ofTagged(
                                    rig.ring, new IoMemory[] {memory}, new long[] {token}));
            assertThrows(
                    IllegalStateException.class,
                    () -> RegisteredBuffers.of(rig.ring, memory, closed));
            assertFalse(memory.isLent());
            IoMemory own = IoMemory.unmanaged(arena.allocate(64, 16));
            try (RegisteredBuffers buffers = RegisteredBuffers.of(rig.ring, own)) {
                assertEquals(1, buffers.count());
                assertFalse(own.isLent());
                assertEquals(3, readFixed(rig, own, 0, "abc"));
            }
        }
    }

    private static void refuses(
            String message, org.junit.jupiter.api.function.Executable executable) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, executable).getMessage());
    }

    /// Writes `text` to a pipe and reads it with READ_FIXED.
    private static int readFixed(Rig rig, IoMemory memory, int index, String text) {
        int[] pipe = rig.pipe();
        assertEquals(text.length(), Libc.write(pipe[1], text.getBytes(UTF_8)));
        return rig.run(prepareReadFixed(rig, pipe[0], memory, index, 9));
    }

    private static Sqe prepareReadFixed(
            Rig rig, int fd, IoMemory memory, int index, long userData) {
        Sqe sqe = rig.next().prepareRead(fd, memory, 0, (int) memory.bytes(), -1, userData);
        Memory.putByte(sqe.address() + SqeLayout.OPCODE, (byte) IoUring.IORING_OP_READ_FIXED);
        return sqe.bufferIndex(index);
    }
}
