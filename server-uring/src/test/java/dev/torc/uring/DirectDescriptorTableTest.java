package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Filling and changing the table; what happens to its places is in DirectDescriptorsTest.
class DirectDescriptorTableTest {
    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    void operationsFindADescriptorThatIsClosedByNow() {
        try (Rig rig = new Rig()) {
            int[] pipe = rig.pipe();
            DirectDescriptors table =
                    DirectDescriptors.of(rig.ring, DirectDescriptors.NONE, pipe[0]);
            assertEquals(2, table.count());
            close(rig, pipe[0]);
            assertEquals("abc", read(rig, 1, pipe[1]));
            assertEquals(-Errno.EBADF, tryRead(rig, 0));
            assertEquals(-Errno.EBADF, tryRead(rig, 2));
            table.close();
            table.close();
            assertEquals(-Errno.EBADF, tryRead(rig, 1));
            assertThrows(IllegalStateException.class, () -> table.update(0, 0));
            // Nobody reads any more.
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    @Test
    void updatingReplacesEmptiesAndSkips() {
        try (Rig rig = new Rig()) {
            int[] first = rig.pipe();
            int[] second = rig.pipe();
            DirectDescriptors table =
                    DirectDescriptors.of(rig.ring, first[0], first[0], first[0], -1);
            assertEquals(3, table.update(1, second[0], DirectDescriptors.SKIP, second[0]));
            assertEquals("abc", read(rig, 0, first[1]));
            assertEquals("abc", read(rig, 1, second[1]));
            assertEquals("abc", read(rig, 2, first[1]));
            assertEquals("abc", read(rig, 3, second[1]));
            assertEquals(1, table.update(1, DirectDescriptors.NONE));
            assertEquals(-Errno.EBADF, tryRead(rig, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> table.update(3, 1, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> table.update(-1, 1));
            assertThrows(IllegalArgumentException.class, () -> table.update(0));
        }
    }

    @Test
    void anUpdateEndsAtTheFirstThatIsNotOpen() {
        try (Rig rig = new Rig()) {
            int[] pipe = rig.pipe();
            DirectDescriptors table = new DirectDescriptors(rig.ring, 4);
            assertEquals(1, table.update(0, pipe[0], 1_000_000, pipe[0]));
            assertEquals("abc", read(rig, 0, pipe[1]));
            assertEquals(-Errno.EBADF, tryRead(rig, 2));
            RingException refusal =
                    assertThrows(RingException.class, () -> table.update(2, 1_000_000));
            assertEquals(
                    "IORING_REGISTER_FILES_UPDATE: EBADF (bad descriptor)", refusal.getMessage());
            assertEquals("abc", read(rig, 0, pipe[1]));
        }
    }

    @Test
    void aTagTellsWhenTheLastOperationHasEnded() {
        try (Rig rig = new Rig()) {
            int[] pipe = rig.pipe();
            DirectDescriptors table =
                    DirectDescriptors.ofTagged(
                            rig.ring, new int[] {pipe[0], -1}, new long[] {50, 0});
            IoMemory memory = rig.memory(8);
            rig.next().prepareRead(0, memory, 0, 8, -1, 5).addFlags(IoUring.IOSQE_FIXED_FILE);
            assertEquals(1, rig.ring.submit());
            assertEquals(2, table.updateTagged(0, new int[] {-1, pipe[0]}, new long[] {0, 51}));
            rig.assertQuiet();
            assertEquals(3, Libc.write(pipe[1], "abc".getBytes(UTF_8)));
            assertEquals(new Completion(5, 3, 0), rig.take());
            assertEquals(new Completion(50, 0, 0), rig.take());
            table.close();
            assertEquals(new Completion(51, 0, 0), rig.take());
            rig.assertQuiet();
        }
    }

    @Test
    void refusesTagsThatAreTheRingsOwn() {
        try (Rig rig = new Rig()) {
            DirectDescriptors table = new DirectDescriptors(rig.ring, 2);
            long[] tokens = {0xff7cL << 48};
            assertThrows(
                    IllegalArgumentException.class,
                    () -> table.updateTagged(0, new int[] {0}, tokens));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> DirectDescriptors.ofTagged(rig.ring, new int[] {0}, tokens));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> table.updateTagged(0, new int[] {0}, new long[2]));
        }
    }

    @Test
    void aSecondTableIsRefused() {
        try (Rig rig = new Rig()) {
            new DirectDescriptors(rig.ring, 2);
            RingException refusal =
                    assertThrows(RingException.class, () -> new DirectDescriptors(rig.ring, 2));
            assertEquals(Errno.EBUSY, refusal.errno());
            RingException closed =
                    assertThrows(
                            RingException.class,
                            () -> {
                                try (Rig other = new Rig()) {
                                    DirectDescriptors.of(other.ring, 1_000_000);
                                }
                            });
            assertEquals(Errno.EBADF, closed.errno());
            assertThrows(IllegalArgumentException.class, () -> DirectDescriptors.of(rig.ring));
            assertThrows(IllegalArgumentException.class, () -> new DirectDescriptors(rig.ring, 0));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    @Test
    void theKernelPicksPlacesInARange() {
        try (Rig rig = new Rig()) {
            DirectDescriptors table = new DirectDescriptors(rig.ring, 8);
            table.allocateFrom(5, 2);
            int[] got = {allocate(rig), allocate(rig), allocate(rig)};
            assertArrayEquals(new int[] {5, 6, -Errno.ENFILE}, got);
            table.allocateFrom(0, 8);
            int next = allocate(rig);
            assertTrue(next >= 0 && next != 5 && next != 6, () -> "next=" + next);
            assertThrows(IndexOutOfBoundsException.class, () -> table.allocateFrom(7, 2));
            assertFalse(rig.ring.hasCompletions());
        }
    }

    /// Opens a socket in a place that the kernel picks.
    private static int allocate(Rig rig) {
        Sqe sqe = rig.next().prepareNop(3);
        long at = sqe.address();
        Memory.putByte(at + SqeLayout.OPCODE, (byte) IoUring.IORING_OP_SOCKET);
        Memory.putInt(at + SqeLayout.FD, Linux.AF_UNIX);
        Memory.putLong(at + SqeLayout.OFF, Linux.SOCK_STREAM);
        return rig.run(sqe.fileIndex(IoUring.IORING_FILE_INDEX_ALLOC));
    }

    /// What READ gives of the direct descriptor `slot` after "abc" was written to its other end.
    private static String read(Rig rig, int slot, int writeEnd) {
        assertEquals(3, Libc.write(writeEnd, "abc".getBytes(UTF_8)));
        try (IoMemory memory = IoMemory.allocate(8)) {
            Sqe sqe = rig.next().prepareRead(slot, memory, 0, 8, -1, 4);
            assertEquals(3, rig.run(sqe.addFlags(IoUring.IOSQE_FIXED_FILE)));
            return memory.text();
        }
    }

    private static int tryRead(Rig rig, int slot) {
        try (IoMemory memory = IoMemory.allocate(8)) {
            Sqe sqe = rig.next().prepareRead(slot, memory, 0, 8, -1, 4);
            return rig.run(sqe.addFlags(IoUring.IOSQE_FIXED_FILE));
        }
    }

    private static void close(Rig rig, int fd) {
        Libc.close(fd);
        rig.forget(fd);
    }
}
