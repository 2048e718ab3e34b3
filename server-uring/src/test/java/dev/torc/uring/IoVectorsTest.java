package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.ThreadMXBean;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.IoVec;
import dev.torc.uring.constants.Errno;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;

class IoVectorsTest {
    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    void isAnArrayOfStructIovec() {
        try (IoMemory one = IoMemory.allocate(16);
                IoMemory two = IoMemory.allocate(32);
                IoVectors vectors = IoVectors.allocate(3)) {
            assertEquals(3, vectors.capacity());
            assertEquals(0, vectors.count());
            vectors.add(one, 1, 2).add(two, 0, 32);
            assertVector(vectors, 0, one.address(1, 2), 2);
            assertVector(vectors, 1, two.address(0, 32), 32);
            assertEquals(34, vectors.bytes());
            vectors.set(0, two, 8, 9);
            assertVector(vectors, 0, two.address(8, 9), 9);
            assertEquals(41, vectors.bytes());
            vectors.clear().add(one, 16, 0);
            assertEquals(1, vectors.count());
            assertEquals(0, vectors.bytes());
        }
    }

    private static void assertVector(IoVectors vectors, int index, long base, long length) {
        long iovec = vectors.address() + (long) index * IoVec.BYTES;
        assertEquals(base, Memory.getLong(iovec + IoVec.IOV_BASE));
        assertEquals(length, Memory.getLong(iovec + IoVec.IOV_LEN));
    }

    @Test
    void takesAllOfSeveralMemories() {
        try (IoMemory one = IoMemory.allocate(16);
                IoMemory two = IoMemory.allocate(32);
                IoVectors vectors = IoVectors.of(one, two)) {
            assertEquals(2, vectors.count());
            assertEquals(2, vectors.capacity());
            assertEquals(48, vectors.bytes());
            assertVector(vectors, 1, two.address(0, 32), 32);
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThrows(IllegalArgumentException.class, () -> IoVectors.allocate(0));
        assertThrows(IllegalArgumentException.class, () -> IoVectors.allocate(1025));
        try (IoMemory memory = IoMemory.allocate(16);
                IoVectors vectors = IoVectors.allocate(1)) {
            assertThrows(IndexOutOfBoundsException.class, () -> vectors.add(memory, 1, 16));
            assertThrows(IndexOutOfBoundsException.class, () -> vectors.add(memory, -1, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> vectors.set(0, memory, 0, 1));
            assertEquals(0, vectors.count());
            vectors.add(memory, 0, 16);
            assertThrows(IllegalStateException.class, () -> vectors.add(memory, 0, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> vectors.set(0, memory, 0, 17));
            assertThrows(IndexOutOfBoundsException.class, () -> vectors.set(-1, memory, 0, 1));
            assertVector(vectors, 0, memory.address(0, 16), 16);
            assertEquals(16, vectors.bytes());
        }
    }

    @Test
    void takesAsManyPiecesAsTheKernel() {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(IoVectors.COUNT_MAX)) {
            IoMemory memory = rig.memory(IoVectors.COUNT_MAX);
            int[] pair = rig.socketPair();
            for (int i = 0; i < IoVectors.COUNT_MAX; i++) {
                memory.segment().set(ValueLayout.JAVA_BYTE, i, (byte) (i * 7));
                vectors.add(memory, i, 1);
            }
            assertEquals(1024, rig.run(rig.next().prepareWritev(pair[0], vectors, -1, 1)));
            byte[] expected = memory.segment().toArray(ValueLayout.JAVA_BYTE);
            assertArrayEquals(expected, Libc.read(pair[1], 2048));
        }
    }

    @Test
    void isHeldWithAllItsPieces() {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(3)) {
            int[] pair = rig.socketPair();
            IoMemory one = rig.memory(2);
            IoMemory two = rig.memory(8);
            vectors.add(one, 0, 2).add(two, 0, 8);
            rig.next().prepareReadv(pair[0], vectors, -1, 5);
            assertTrue(vectors.isLent() && one.isLent() && two.isLent());
            rig.ring.submit();
            assertThrows(IllegalStateException.class, () -> vectors.add(one, 0, 1));
            assertThrows(IllegalStateException.class, () -> vectors.set(0, two, 0, 1));
            assertThrows(IllegalStateException.class, vectors::clear);
            Libc.write(pair[1], "abcde".getBytes(UTF_8));
            assertEquals(new Completion(5, 5, 0), rig.take());
            assertFalse(vectors.isLent() || one.isLent() || two.isLent());
            assertEquals("ab", one.text());
            assertEquals("cde", two.text());

            vectors.clear().add(two, 3, 5);
            Libc.write(pair[1], "fg".getBytes(UTF_8));
            assertEquals(2, rig.run(rig.next().prepareReadv(pair[0], vectors, -1, 6)));
            assertEquals("cdefg", two.text());
        }
    }

    @Test
    void theSameMemoryMayBeInItTwice() {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(2)) {
            int[] pair = rig.socketPair();
            IoMemory memory = rig.bytes("-x");
            vectors.add(memory, 1, 1).add(memory, 0, 2);
            assertEquals(3, rig.run(rig.next().prepareWritev(pair[0], vectors, -1, 1)));
            assertEquals("x-x", new String(Libc.read(pair[1], 8), UTF_8));
            assertFalse(memory.isLent());
        }
    }

    @Test
    void closingIsPutOffUntilTheOperationHasEnded() {
        try (Rig rig = new Rig()) {
            int[] pair = rig.socketPair();
            IoMemory memory = IoMemory.allocate(4);
            IoVectors vectors = IoVectors.of(memory);
            rig.next().prepareReadv(pair[0], vectors, -1, 5);
            rig.ring.submit();
            memory.close();
            vectors.close();
            assertTrue(vectors.isLent());
            Libc.write(pair[1], "abcd".getBytes(UTF_8));
            assertEquals(4, rig.take().result());
            assertFalse(vectors.isLent() || memory.isLent());
            assertThrows(
                    IllegalStateException.class,
                    () -> rig.next().prepareReadv(pair[0], vectors, -1, 6));
            assertThrows(IllegalStateException.class, vectors::clear);
            vectors.close();
        }
    }

    @Test
    void closedPiecesAreRefusedAndTheOthersNotKept() {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(2)) {
            int[] pair = rig.socketPair();
            IoMemory open = rig.memory(4);
            IoMemory closed = IoMemory.allocate(4);
            vectors.add(open, 0, 4).add(closed, 0, 4);
            closed.close();
            Sqe sqe = rig.next();
            assertThrows(
                    IllegalStateException.class, () -> sqe.prepareReadv(pair[0], vectors, -1, 6));
            assertFalse(vectors.isLent() || open.isLent());
            assertEquals(0, rig.ring.pendingCount());
            vectors.set(1, open, 0, 2);
            Libc.write(pair[1], "abcdef".getBytes(UTF_8));
            assertEquals(6, rig.run(sqe.prepareReadv(pair[0], vectors, -1, 7)));
            assertEquals("efcd", open.text());
        }
    }

    @Test
    void unmanagedPiecesAreTheProgramsToKeep() {
        try (Rig rig = new Rig();
                Arena arena = Arena.ofConfined();
                IoVectors vectors = IoVectors.allocate(1)) {
            int[] pair = rig.socketPair();
            MemorySegment own = arena.allocate(4);
            IoMemory memory = IoMemory.unmanaged(own);
            vectors.add(memory, 0, 4);
            rig.next().prepareReadv(pair[0], vectors, -1, 5);
            assertTrue(vectors.isLent());
            assertFalse(memory.isLent());
            Libc.write(pair[1], "abc".getBytes(UTF_8));
            assertEquals(3, rig.take().result());
            assertEquals("abc", own.getString(0));
        }
    }

    @Test
    void closingTheRingGivesItBack() {
        IoMemory memory = IoMemory.allocate(4);
        IoVectors vectors = IoVectors.of(memory);
        try (Rig rig = new Rig()) {
            rig.next().prepareReadv(rig.socketPair()[0], vectors, -1, 5);
            rig.ring.submit();
            rig.next().prepareReadv(rig.socketPair()[0], vectors, -1, 6);
            assertTrue(vectors.isLent());
        }
        assertFalse(vectors.isLent() || memory.isLent());
        vectors.close();
        memory.close();
    }

    @Test
    void ofNothingMovesNothing() {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(1)) {
            int[] pair = rig.socketPair();
            assertEquals(0, rig.run(rig.next().prepareWritev(pair[0], vectors, -1, 1)));
            int result = rig.run(rig.next().prepareWritev(-1, vectors, -1, 2));
            assertEquals(-Errno.EBADF, result);
        }
    }

    @Test
    void fillingAndLendingAllocatesNothing() {
        try (IoMemory memory = IoMemory.allocate(16);
                IoVectors vectors = IoVectors.allocate(4)) {
            Runnable turn =
                    () -> {
                        vectors.clear();
                        for (int i = 0; i < 4; i++) vectors.add(memory, i, 4);
                        vectors.set(2, memory, 0, 16);
                        vectors.lend();
                        vectors.giveBack();
                    };
            for (int i = 0; i < 20_000; i++) turn.run();
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20_000; i++) turn.run();
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < 20_000, () -> "allocated " + allocated);
        }
    }
}
