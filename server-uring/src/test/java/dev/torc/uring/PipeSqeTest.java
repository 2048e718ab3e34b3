package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// Pipes: made, filled and emptied. Of [FileSqe].
class PipeSqeTest {
    private static final int CREATE = Linux.O_RDWR | Linux.O_CREAT;
    private static final int F_GETFD = 1;
    private static final int F_GETFL = 3;
    private static final int FIXED = IoUring.IOSQE_FIXED_FILE;
    private static final long FAR = (5L << 30) + 7; // no int has it

    @TempDir private Path directory = Path.of("");

    private Path file = Path.of("");

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @BeforeEach
    void name() {
        file = directory.resolve("file");
    }

    private static int intAt(IoMemory memory, long offset) {
        return memory.segment().get(ValueLayout.JAVA_INT, offset);
    }

    private static String read(int fd) {
        return new String(Libc.read(fd, 64), UTF_8);
    }

    private static void write(int fd, String text) {
        assertEquals(text.length(), Libc.write(fd, text.getBytes(UTF_8)));
    }

    // ---- made

    @Test
    @Does("PIPE")
    void makesAPipe() {
        try (Rig rig = new Rig()) {
            IoMemory fds = rig.memory(12);
            int flags = Linux.O_CLOEXEC | Linux.O_NONBLOCK;
            assertEquals(0, rig.run(rig.next().preparePipe(fds, 4, flags, 1)));
            int reading = rig.keep(intAt(fds, 4));
            int writing = rig.keep(intAt(fds, 8));
            assertEquals(1, Libc.fcntl(reading, F_GETFD, 0));
            assertTrue((Libc.fcntl(writing, F_GETFL, 0) & Linux.O_NONBLOCK) != 0);
            write(writing, "hello");
            assertEquals("hello", read(reading));
        }
    }

    @Test
    void makesAPipeInTwoSlots() {
        try (Rig rig = new Rig()) {
            assertEquals(8, new DirectDescriptors(rig.ring, 8).count());
            IoMemory fds = rig.memory(8);
            Sqe sqe = rig.next().preparePipeDirect(fds, 0, 5, 0, 1);
            assertEquals(6, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
            assertEquals(0, rig.run(sqe));
            passThrough(rig, 5, 6);
            sqe = rig.next().prepareCloseDirect(6, 2);
            assertEquals(7, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
            assertEquals(0, rig.run(sqe));
            IoMemory memory = rig.memory(1);
            int atEnd = rig.run(rig.next().prepareRead(5, memory, 0, 1, -1, 3).addFlags(FIXED));
            assertEquals(0, atEnd);
        }
    }

    private static void passThrough(Rig rig, int reading, int writing) {
        IoMemory text = rig.bytes("hello");
        rig.ring.reserve(2);
        rig.next()
                .prepareWrite(writing, text, 0, 5, -1, 11)
                .addFlags(FIXED | IoUring.IOSQE_IO_LINK);
        IoMemory found = rig.memory(8);
        rig.next().prepareRead(reading, found, 0, 8, -1, 12).addFlags(FIXED);
        assertEquals(new Completion(11, 5, 0), rig.take());
        assertEquals(new Completion(12, 5, 0), rig.take());
        assertEquals("hello", found.text());
    }

    @Test
    void makesAPipeInSlotsThatTheKernelPicks() {
        try (Rig rig = new Rig()) {
            assertEquals(4, new DirectDescriptors(rig.ring, 4).count());
            IoMemory fds = rig.memory(16);
            assertEquals(0, rig.run(rig.next().preparePipeDirectAlloc(fds, 0, 0, 1)));
            assertEquals(0, rig.run(rig.next().preparePipeDirectAlloc(fds, 8, 0, 2)));
            int used = 0;
            for (int i = 0; i < 4; i++) used |= 1 << intAt(fds, 4L * i);
            assertEquals(0b1111, used);
            passThrough(rig, intAt(fds, 0), intAt(fds, 4));
            passThrough(rig, intAt(fds, 8), intAt(fds, 12));
        }
    }

    @Test
    @Refuses("PIPE")
    void refusesPipesThatHaveNoPlace() {
        try (Rig rig = new Rig()) {
            IoMemory fds = rig.memory(8);
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.preparePipe(fds, 0, 1, 1));
            rig.assertRefused(Errno.EFAULT, sqe -> sqe.preparePipe(Kernel.MEMORY, 8, 0, 2));
            rig.assertRefused(Errno.ENXIO, sqe -> sqe.preparePipeDirect(fds, 0, 0, 0, 3));
            assertEquals(1, new DirectDescriptors(rig.ring, 1).count());
            rig.assertRefused(Errno.ENFILE, sqe -> sqe.preparePipeDirectAlloc(fds, 0, 0, 4));
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.preparePipeDirect(fds, 0, 0, 0, 5));
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.preparePipeDirect(fds, 0, 7, 0, 6));
            int cloexec = Linux.O_CLOEXEC;
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.preparePipeDirectAlloc(fds, 0, cloexec, 7));
            // What got a place before the other did not has given it up.
            rig.assertRefused(Errno.EBADF, sqe -> sqe.prepareCloseDirect(0, 8));
            assertEquals(0, intAt(fds, 0));
        }
    }

    @Test
    void argumentsAreLookedAtBeforeAnythingIsPrepared() {
        try (Rig rig = new Rig()) {
            IoMemory fds = rig.memory(8);
            Sqe sqe = rig.next();
            Class<? extends Exception> none = IllegalArgumentException.class;
            assertThrows(none, () -> sqe.preparePipeDirect(fds, 0, -1, 0, 1));
            assertThrows(none, () -> sqe.prepareSplice(0, -1, 1, -1, -1, 0, 1));
            assertThrows(none, () -> sqe.prepareTee(0, 1, -1, 0, 1));
            Class<? extends Exception> outside = IndexOutOfBoundsException.class;
            assertThrows(outside, () -> sqe.preparePipe(fds, 1, 0, 1));
            assertEquals(0, rig.run(sqe.prepareNop(2)));
        }
    }

    // ---- filled and emptied

    @Test
    @Does("SPLICE")
    void movesBytesFromFilesToFiles() throws IOException {
        Files.writeString(file, "0123456789");
        Path copy = directory.resolve("copy");
        try (Rig rig = new Rig()) {
            int from = rig.open(file, Linux.O_RDONLY);
            int to = rig.open(copy, CREATE);
            int[] pipe = rig.pipe();
            Sqe sqe = rig.next().prepareSplice(from, 3, pipe[1], -1, 5, Linux.SPLICE_F_MOVE, 1);
            assertSplice(sqe, from, 3, pipe[1], -1, 5, Linux.SPLICE_F_MOVE);
            assertEquals(5, rig.run(sqe));
            sqe = rig.next().prepareSplice(pipe[0], -1, to, FAR, 64, 0, 2);
            assertSplice(sqe, pipe[0], -1, to, FAR, 64, 0);
            assertEquals(5, rig.run(sqe));
            assertEquals(FAR + 5, Files.size(copy));
            assertEquals("34567", textAt(copy, FAR));

            // Back from there, and on from where it stopped.
            assertEquals(3, rig.run(rig.next().prepareSplice(to, FAR + 2, pipe[1], -1, 64, 0, 3)));
            assertEquals("567", read(pipe[0]));
            assertEquals(4, rig.run(rig.next().prepareSplice(from, -1, pipe[1], -1, 4, 0, 4)));
            assertEquals(6, rig.run(rig.next().prepareSplice(from, -1, pipe[1], -1, 64, 0, 5)));
            assertEquals("0123456789", read(pipe[0]));
        }
    }

    private static void assertSplice(
            Sqe sqe, int fdIn, long positionIn, int fdOut, long positionOut, int bytes, int flags) {
        long address = sqe.address();
        assertEquals(fdIn, Memory.getInt(address + SqeLayout.SPLICE_FD_IN));
        assertEquals(positionIn, Memory.getLong(address + SqeLayout.ADDR));
        assertEquals(fdOut, Memory.getInt(address + SqeLayout.FD));
        assertEquals(positionOut, Memory.getLong(address + SqeLayout.OFF));
        assertEquals(bytes, Memory.getInt(address + SqeLayout.LEN));
        assertEquals(flags, Memory.getInt(address + SqeLayout.OP_FLAGS));
    }

    private static String textAt(Path path, long position) throws IOException {
        ByteBuffer found = ByteBuffer.allocate(64);
        try (FileChannel channel = FileChannel.open(path)) {
            int count = channel.read(found, position);
            return new String(found.array(), 0, count, UTF_8);
        }
    }

    @Test
    @Does("TEE")
    void copiesWhatIsInAPipe() {
        try (Rig rig = new Rig()) {
            int[] from = rig.pipe();
            int[] to = rig.pipe();
            write(from[1], "hello");
            Sqe sqe = rig.next().prepareTee(from[0], to[1], 64, Linux.SPLICE_F_NONBLOCK, 1);
            assertSplice(sqe, from[0], 0, to[1], 0, 64, Linux.SPLICE_F_NONBLOCK);
            assertEquals(5, rig.run(sqe));
            assertEquals("hello", read(to[0]));
            assertEquals(3, rig.run(rig.next().prepareTee(from[0], to[1], 3, 0, 2)));
            assertEquals("hel", read(to[0]));
            assertEquals("hello", read(from[0]));
        }
    }

    @Test
    void splicesAndTeesDirectDescriptors() {
        try (Rig rig = new Rig()) {
            assertEquals(4, new DirectDescriptors(rig.ring, 4).count());
            IoMemory fds = rig.memory(8);
            assertEquals(0, rig.run(rig.next().preparePipeDirect(fds, 0, 0, 0, 1)));
            assertEquals(0, rig.run(rig.next().preparePipeDirect(fds, 0, 2, 0, 2)));
            IoMemory text = rig.bytes("hello");
            rig.run(rig.next().prepareWrite(1, text, 0, 5, -1, 3).addFlags(FIXED));
            int in = IoUring.SPLICE_F_FD_IN_FIXED;
            int teed = rig.run(rig.next().prepareTee(0, 3, 64, in, 4).addFlags(FIXED));
            assertEquals(5, teed);
            int[] pipe = rig.pipe();
            assertEquals(5, rig.run(rig.next().prepareSplice(2, -1, pipe[1], -1, 64, in, 5)));
            assertEquals("hello", read(pipe[0]));
            assertEquals(5, rig.run(rig.next().prepareSplice(0, -1, pipe[1], -1, 64, in, 6)));
            assertEquals("hello", read(pipe[0]));
        }
    }

    @Test
    @Refuses({"SPLICE", "TEE"})
    void refusesToMoveBytesWithoutAPipe() throws IOException {
        Files.writeString(file, "0123");
        try (Rig rig = new Rig()) {
            int fd = rig.open(file, Linux.O_RDWR);
            int[] pipe = rig.pipe();
            int[] other = rig.pipe();
            int wait = Linux.SPLICE_F_NONBLOCK;
            int inFixed = IoUring.SPLICE_F_FD_IN_FIXED;
            rig.assertRefused(Errno.EINVAL, s -> s.prepareSplice(fd, 0, fd, 0, 4, 0, 1));
            rig.assertRefused(Errno.ESPIPE, s -> s.prepareSplice(fd, 0, pipe[1], 0, 4, 0, 2));
            rig.assertRefused(Errno.EBADF, s -> s.prepareSplice(-1, 0, pipe[1], -1, 4, 0, 3));
            rig.assertRefused(Errno.EBADF, s -> s.prepareSplice(0, 0, pipe[1], -1, 4, inFixed, 4));
            rig.assertRefused(
                    Errno.EAGAIN, s -> s.prepareSplice(pipe[0], -1, other[1], -1, 4, wait, 5));
            rig.assertRefused(Errno.EINVAL, s -> s.prepareTee(fd, pipe[1], 4, 0, 6));
            rig.assertRefused(Errno.EAGAIN, s -> s.prepareTee(pipe[0], other[1], 4, wait, 7));
            rig.assertRefused(Errno.EBADF, s -> s.prepareTee(-1, pipe[1], 4, 0, 8));
            assertEquals("0123", Files.readString(file));
        }
    }

    @Test
    @Does("READ_MULTISHOT")
    void readsAgainAndAgain() {
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 7, 4, 8)) {
            int[] pipe = rig.pipe();
            Sqe sqe = rig.next().prepareReadMultishot(pipe[0], buffers, -1, 1);
            assertEquals(7, Memory.getShort(sqe.address() + SqeLayout.BUF_GROUP));
            rig.ring.submit();
            assertEquals(1, rig.ring.lendingCount());
            write(pipe[1], "one");
            assertEquals("one", picked(rig.take(), buffers));
            write(pipe[1], "and 2+3");
            assertEquals("and 2+3", picked(rig.take(), buffers));
            assertEquals(1, rig.ring.lendingCount());
            Libc.close(pipe[1]);
            rig.forget(pipe[1]);
            Completion last = rig.take();
            assertEquals(0, last.result());
            assertEquals(0, last.flags() & IoUring.IORING_CQE_F_MORE);
            assertEquals(0, rig.ring.lendingCount());
            rig.assertQuiet();
        }
    }

    private static String picked(Completion completion, BufferRing buffers) {
        assertEquals(1, completion.userData());
        int flags = completion.flags();
        assertTrue((flags & IoUring.IORING_CQE_F_MORE) != 0);
        assertTrue((flags & IoUring.IORING_CQE_F_BUFFER) != 0);
        byte[] bytes = new byte[completion.result()];
        int bufferId = buffers.take(flags, completion.result());
        Memory.copy(buffers.address(bufferId), bytes, 0, bytes.length);
        return new String(bytes, UTF_8);
    }

    @Test
    @Refuses("READ_MULTISHOT")
    void refusesToReadAgainAndAgainFromAFile() throws IOException {
        Files.writeString(file, "0123");
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 7, 4, 8)) {
            int fd = rig.open(file, Linux.O_RDONLY);
            int writing = rig.pipe()[1];
            rig.assertRefused(Errno.EBADFD, sqe -> sqe.prepareReadMultishot(fd, buffers, -1, 1));
            rig.assertRefused(
                    Errno.EBADF, sqe -> sqe.prepareReadMultishot(writing, buffers, -1, 2));
            assertEquals(0, rig.ring.lendingCount());
        }
    }
}
