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

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.ValueLayout;
import java.util.Set;

class RingSqeTest {
    private static final int TW = IoUring.IORING_NOP_TW;
    private static final byte[] ABC = "abc".getBytes(UTF_8);
    private static final int F_GETFD = 1;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    private static void table(Rig rig, int count) {
        assertEquals(count, new DirectDescriptors(rig.ring, count).count());
    }

    private static IoMemory ints(Rig rig, int... values) {
        IoMemory memory = rig.memory(4L * values.length);
        for (int i = 0; i < values.length; i++) {
            memory.segment().setAtIndex(ValueLayout.JAVA_INT, i, values[i]);
        }
        return memory;
    }

    private static int put(Rig rig, int fd, int slot) {
        return rig.run(rig.next().prepareFilesUpdate(ints(rig, fd), 0, 1, slot, 1));
    }

    /// What can be read from the direct descriptor `slot`, or `-errno`.
    private static int read(Rig rig, int slot, IoMemory memory) {
        Sqe sqe = rig.next().prepareRead(slot, memory, 0, (int) memory.bytes(), -1, 1);
        return rig.run(sqe.addFlags(IoUring.IOSQE_FIXED_FILE));
    }

    // ---- nothing

    @Test
    @Does("NOP")
    void doesNothingWithTheResultThatItIsTold() {
        try (Rig rig = new Rig()) {
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
            assertEquals(42, rig.run(rig.next().prepareNopResult(42, 0, 1)));
            assertEquals(-5, rig.run(rig.next().prepareNopResult(-5, TW, 1)));
            rig.next().prepareNopResult(-5, 0, 1).addFlags(IoUring.IOSQE_IO_LINK);
            rig.next().prepareNop(2);
            assertEquals(new Completion(1, -5, 0), rig.take());
            assertEquals(new Completion(2, -Errno.ECANCELED, 0), rig.take());
        }
    }

    @Test
    @Does("NOP")
    void looksAFileUp() {
        try (Rig rig = new Rig()) {
            int fd = rig.pipe()[0];
            assertEquals(0, rig.run(rig.next().prepareNopFile(fd, 0, 1)));
            assertEquals(0, rig.run(rig.next().prepareNopFile(fd, TW, 1)));
            table(rig, 2);
            assertEquals(1, put(rig, fd, 1));
            int direct = IoUring.IORING_NOP_FIXED_FILE;
            assertEquals(0, rig.run(rig.next().prepareNopFile(1, direct, 1)));
        }
    }

    @Test
    @Does("NOP")
    void looksABufferUp() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(64);
            IoMemory vector = rig.memory(16);
            vector.segment().set(ValueLayout.JAVA_LONG, 0, memory.address(0, 64));
            vector.segment().set(ValueLayout.JAVA_LONG, 8, 64);
            int opcode = IoUring.IORING_REGISTER_BUFFERS;
            rig.ring.register("IORING_REGISTER_BUFFERS", opcode, vector.address(0, 16), 1);
            assertEquals(0, rig.run(rig.next().prepareNopFixedBuffer(0, 0, 1)));
            assertEquals(-Errno.EFAULT, rig.run(rig.next().prepareNopFixedBuffer(1, 0, 1)));
        }
    }

    @Test
    @Does("NOP")
    void hasABigCompletion() {
        RingSetup big = RingSetup.of(4).withFlags(IoUring.IORING_SETUP_CQE32);
        RingSetup mixed = RingSetup.of(4).withFlags(IoUring.IORING_SETUP_CQE_MIXED);
        for (RingSetup setup : new RingSetup[] {big, mixed}) {
            try (Ring ring = Ring.open(setup)) {
                ring.next().prepareNop32(5, 6, 7);
                assertEquals(1, ring.submitAndWait(Rig.WAIT_NANOS));
                long[] seen = new long[4];
                int count =
                        ring.drain(
                                new CompletionHandler() {
                                    @Override
                                    public void onCompletion(long data, int result, int flags) {
                                        throw new AssertionError("a small one");
                                    }

                                    @Override
                                    public void onBigCompletion(
                                            long data, int result, int flags, long a, long b) {
                                        seen[0] = data;
                                        seen[1] = result;
                                        seen[2] = a;
                                        seen[3] = b;
                                    }
                                });
                assertEquals(1, count);
                assertArrayEquals(new long[] {7, 0, 5, 6}, seen);
            }
        }
    }

    @Test
    @Refuses("NOP")
    void findsNoFileAndNoBuffer() {
        try (Rig rig = new Rig()) {
            int direct = IoUring.IORING_NOP_FIXED_FILE;
            assertEquals(-Errno.EBADF, rig.run(rig.next().prepareNopFile(-1, 0, 1)));
            assertEquals(-Errno.EBADF, rig.run(rig.next().prepareNopFile(0, direct, 1)));
            assertEquals(-Errno.EFAULT, rig.run(rig.next().prepareNopFixedBuffer(0, 0, 1)));
            assertEquals(-Errno.EINVAL, rig.run(rig.next().prepareNop32(1, 2, 3)));
            assertEquals(-Errno.EINVAL, rig.run(rig.next().prepareNopResult(1, 1 << 30, 1)));
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }

    // ---- other rings

    @Test
    @Does("MSG_RING")
    void sendsAMessageToAnotherRingAndToItself() {
        try (Rig rig = new Rig();
                Rig other = new Rig()) {
            assertEquals(0, rig.run(rig.next().prepareMsgRing(other.ring.fd(), -7, 8L << 40, 1)));
            assertEquals(new Completion(8L << 40, -7, 0), other.take());
            rig.next().prepareMsgRing(rig.ring.fd(), 3, 2, 1);
            assertEquals(
                    Set.of(new Completion(1, 0, 0), new Completion(2, 3, 0)), Taken.from(rig, 2));
        }
    }

    @Test
    @Does("MSG_RING")
    void sendsAMessageWithFlags() {
        try (Rig rig = new Rig();
                Rig other = new Rig()) {
            int flags = IoUring.IORING_CQE_F_MORE | 5 << IoUring.IORING_CQE_BUFFER_SHIFT;
            Sqe sqe = rig.next().prepareMsgRingCqeFlags(other.ring.fd(), 1, 2, flags, 3);
            assertEquals(0, rig.run(sqe));
            assertEquals(new Completion(2, 1, flags), other.take());
        }
    }

    @Test
    @Does("MSG_RING")
    void sendsADirectDescriptor() {
        try (Rig rig = new Rig();
                Rig other = new Rig()) {
            table(rig, 4);
            table(other, 4);
            int[] pipe = rig.pipe();
            assertEquals(1, put(rig, pipe[0], 2));
            int fd = other.ring.fd();
            assertEquals(0, rig.run(rig.next().prepareMsgRingFd(fd, 2, 3, 5, 0, 1)));
            assertEquals(new Completion(5, 0, 0), other.take());
            Libc.write(pipe[1], ABC);
            IoMemory memory = other.memory(3);
            assertEquals(3, read(other, 3, memory));
            assertEquals("abc", memory.text());
            int skip = IoUring.IORING_MSG_RING_CQE_SKIP;
            assertEquals(0, rig.run(rig.next().prepareMsgRingFd(fd, 2, 1, 5, skip, 1)));
            other.assertQuiet();
            Libc.write(pipe[1], ABC);
            assertEquals(3, read(other, 1, memory));
        }
    }

    @Test
    @Does("MSG_RING")
    void sendsADirectDescriptorToAFreePlace() {
        try (Rig rig = new Rig();
                Rig other = new Rig()) {
            table(rig, 4);
            table(other, 2);
            int[] pipe = rig.pipe();
            assertEquals(1, put(rig, pipe[0], 3));
            for (int slot = 0; slot < 2; slot++) {
                Sqe sqe = rig.next().prepareMsgRingFdAlloc(other.ring.fd(), 3, 5, 0, 1);
                assertEquals(slot, rig.run(sqe));
                assertEquals(new Completion(5, slot, 0), other.take());
            }
            Libc.write(pipe[1], ABC);
            assertEquals(3, read(other, 1, other.memory(3)));
            Sqe sqe = rig.next().prepareMsgRingFdAlloc(other.ring.fd(), 3, 5, 0, 1);
            assertEquals(-Errno.ENFILE, rig.run(sqe));
        }
    }

    @Test
    @Refuses("MSG_RING")
    void sendsOnlyToRings() {
        try (Rig rig = new Rig()) {
            int fd = rig.pipe()[0];
            assertEquals(-Errno.EBADFD, rig.run(rig.next().prepareMsgRing(fd, 1, 2, 3)));
            assertEquals(-Errno.EBADF, rig.run(rig.next().prepareMsgRing(-1, 1, 2, 3)));
            table(rig, 2);
            // A ring has its table already.
            Sqe sqe = rig.next().prepareMsgRingFd(rig.ring.fd(), 0, 1, 2, 0, 3);
            assertEquals(-Errno.EINVAL, rig.run(sqe));
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }

    @Test
    void sendsNothingThatTheOtherRingWouldTakeForItsOwn() {
        try (Rig rig = new Rig()) {
            int fd = rig.ring.fd();
            Sqe sqe = rig.next();
            long own = 0xff7cL << 48;
            assertThrows(IllegalArgumentException.class, () -> sqe.prepareMsgRing(fd, 0, own, 1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sqe.prepareMsgRingFd(fd, 0, 0, own, 0, 1));
            int[] queue = {IoUring.IORING_CQE_F_32, IoUring.IORING_CQE_F_SKIP};
            for (int flags : queue) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> sqe.prepareMsgRingCqeFlags(fd, 0, 0, flags, 1));
            }
            assertThrows(
                    IllegalArgumentException.class, () -> sqe.prepareMsgRingFd(fd, -1, 0, 0, 0, 1));
            assertThrows(
                    IllegalArgumentException.class, () -> sqe.prepareMsgRingFd(fd, 0, -1, 0, 0, 1));
            assertEquals(0, rig.run(sqe.prepareNop(2)));
        }
    }

    @Test
    void putsThePartsOfAMessageWhereTheKernelLooks() {
        try (Rig rig = new Rig()) {
            Sqe sqe = rig.next().prepareMsgRingFd(5, 6, 7, 8, 0, 9);
            assertEquals(5, Memory.getInt(sqe.address() + SqeLayout.FD));
            assertEquals(
                    IoUring.IORING_MSG_SEND_FD, Memory.getLong(sqe.address() + SqeLayout.ADDR));
            assertEquals(6, Memory.getLong(sqe.address() + SqeLayout.ADDR3));
            assertEquals(7 + 1, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
            assertEquals(8, Memory.getLong(sqe.address() + SqeLayout.OFF));
            sqe = rig.next().prepareMsgRingFdAlloc(5, 6, 8, 0, 9);
            assertEquals(-1, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
            sqe = rig.next().prepareMsgRingCqeFlags(5, -6, 8, 7, 9);
            assertEquals(-6, Memory.getInt(sqe.address() + SqeLayout.LEN));
            assertEquals(7, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
            int pass = IoUring.IORING_MSG_RING_FLAGS_PASS;
            assertEquals(pass, Memory.getInt(sqe.address() + SqeLayout.OP_FLAGS));
        }
    }

    // ---- direct descriptors

    @Test
    @Does("FILES_UPDATE")
    void putsDescriptorsIntoTheTable() {
        try (Rig rig = new Rig()) {
            table(rig, 4);
            int[] pipe = rig.pipe();
            IoMemory memory = rig.memory(3);
            IoMemory fds = ints(rig, -7, pipe[1], pipe[0]);
            assertEquals(2, rig.run(rig.next().prepareFilesUpdate(fds, 4, 2, 1, 1)));
            assertFalse(fds.isLent());
            Libc.write(pipe[1], ABC);
            assertEquals(3, read(rig, 2, memory));
            // One is left as it is, one taken out.
            fds = ints(rig, IoUring.IORING_REGISTER_FILES_SKIP, -1);
            assertEquals(2, rig.run(rig.next().prepareFilesUpdate(fds, 0, 2, 2, 1)));
            Libc.write(pipe[1], ABC);
            assertEquals(3, read(rig, 2, memory));
            assertEquals(1, put(rig, -1, 2));
            assertEquals(-Errno.EBADF, read(rig, 2, memory));
        }
    }

    @Test
    @Does("FILES_UPDATE")
    void putsDescriptorsIntoFreePlaces() {
        try (Rig rig = new Rig()) {
            table(rig, 4);
            int[] pipe = rig.pipe();
            assertEquals(1, put(rig, pipe[1], 0));
            IoMemory fds = ints(rig, pipe[0], pipe[0]);
            assertEquals(2, rig.run(rig.next().prepareFilesUpdateAlloc(fds, 0, 2, 1)));
            assertArrayEquals(new int[] {1, 2}, fds.segment().toArray(ValueLayout.JAVA_INT));
            Libc.write(pipe[1], ABC);
            assertEquals(3, read(rig, 2, rig.memory(3)));
            // There is room for one only.
            fds = ints(rig, pipe[0], pipe[0]);
            assertEquals(1, rig.run(rig.next().prepareFilesUpdateAlloc(fds, 0, 2, 1)));
            assertEquals(3, fds.segment().get(ValueLayout.JAVA_INT, 0));
        }
    }

    @Test
    @Refuses("FILES_UPDATE")
    void needsATable() {
        try (Rig rig = new Rig()) {
            IoMemory fds = ints(rig, rig.pipe()[0]);
            assertEquals(-Errno.ENXIO, rig.run(rig.next().prepareFilesUpdate(fds, 0, 1, 0, 1)));
            table(rig, 2);
            assertEquals(-Errno.EINVAL, rig.run(rig.next().prepareFilesUpdate(fds, 0, 1, 2, 1)));
            assertEquals(-Errno.EBADF, put(rig, 1 << 20, 0));
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
            Sqe sqe = rig.next();
            assertThrows(
                    IndexOutOfBoundsException.class, () -> sqe.prepareFilesUpdate(fds, 0, 2, 0, 1));
            assertThrows(
                    IllegalArgumentException.class, () -> sqe.prepareFilesUpdate(fds, 0, 0, 0, 1));
            assertThrows(
                    IllegalArgumentException.class, () -> sqe.prepareFilesUpdate(fds, 0, 1, -1, 1));
        }
    }

    @Test
    @Does("FIXED_FD_INSTALL")
    void givesADirectDescriptorARegularOne() {
        try (Rig rig = new Rig()) {
            table(rig, 2);
            int[] pipe = rig.pipe();
            assertEquals(1, put(rig, pipe[0], 1));
            int closed = rig.keep(rig.run(rig.next().prepareFixedFdInstall(1, 0, 1)));
            Libc.write(pipe[1], ABC);
            assertArrayEquals(ABC, Libc.read(closed, 3));
            assertEquals(1, Libc.fcntl(closed, F_GETFD, 0));
            int flags = IoUring.IORING_FIXED_FD_NO_CLOEXEC;
            int open = rig.keep(rig.run(rig.next().prepareFixedFdInstall(1, flags, 1)));
            assertEquals(0, Libc.fcntl(open, F_GETFD, 0));
            assertTrue(open != closed);
        }
    }

    @Test
    @Refuses("FIXED_FD_INSTALL")
    void installsNothingFromAnEmptyPlace() {
        try (Rig rig = new Rig()) {
            table(rig, 2);
            assertEquals(-Errno.EBADF, rig.run(rig.next().prepareFixedFdInstall(1, 0, 1)));
            int fd = rig.pipe()[0];
            assertEquals(1, put(rig, fd, 0));
            assertEquals(-Errno.EINVAL, rig.run(rig.next().prepareFixedFdInstall(0, 8, 1)));
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }
}
