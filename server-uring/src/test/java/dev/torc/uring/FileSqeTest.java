package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.Arrays;

/// Reading and writing. [FileRangeSqeTest], [FixedBufferSqeTest] and [PipeSqeTest] see to the rest.
class FileSqeTest {
    private static final int CREATE = Linux.O_RDWR | Linux.O_CREAT;
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

    @Test
    @Does({"READ", "WRITE"})
    void readsAndWritesAtAPosition() throws IOException {
        try (Rig rig = new Rig()) {
            int fd = rig.open(file, CREATE);
            IoMemory text = rig.bytes("-hello-");
            assertEquals(5, rig.run(rig.next().prepareWrite(fd, text, 1, 5, 3, 1)));
            assertArrayEquals("\0\0\0hello".getBytes(UTF_8), Files.readAllBytes(file));

            Files.writeString(file, "0123456789");
            IoMemory read = rig.bytes("........");
            assertEquals(4, rig.run(rig.next().prepareRead(fd, read, 2, 4, 5, 2)));
            assertEquals("..5678..", read.text());
        }
    }

    @Test
    void readsAndWritesFromWhereTheFileIs() throws IOException {
        Files.writeString(file, "0123456789");
        try (Rig rig = new Rig()) {
            int fd = rig.open(file, CREATE);
            IoMemory memory = rig.memory(4);
            assertEquals(4, rig.run(rig.next().prepareRead(fd, memory, 0, 4, -1, 1)));
            assertEquals("0123", memory.text());
            assertEquals(2, rig.run(rig.next().prepareWrite(fd, memory, 0, 2, -1, 2)));
            assertEquals("0123016789", Files.readString(file));
            assertEquals(3, rig.run(rig.next().prepareRead(fd, memory, 0, 3, -1, 3)));
            assertEquals("6783", memory.text());
        }
    }

    @Test
    void readsLessAtTheEndAndNothingBehindIt() throws IOException {
        Files.writeString(file, "0123456789");
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(2)) {
            int fd = rig.open(file, Linux.O_RDONLY);
            IoMemory memory = rig.memory(8);
            vectors.add(memory, 0, 1).add(memory, 1, 7);
            assertEquals(3, rig.run(rig.next().prepareRead(fd, memory, 0, 8, 7, 1)));
            assertEquals("789", memory.text());
            assertEquals(2, rig.run(rig.next().prepareReadv(fd, vectors, 8, 2)));
            assertEquals("899", memory.text());
            assertEquals(0, rig.run(rig.next().prepareRead(fd, memory, 0, 8, 10, 3)));
            assertEquals(0, rig.run(rig.next().prepareReadv(fd, vectors, 1 << 20, 4)));
            assertEquals(0, rig.run(rig.next().prepareRead(fd, memory, 8, 0, 0, 5)));
        }
    }

    @Test
    void reachesBeyondTwoGibibytes() throws IOException {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(1)) {
            int fd = rig.open(file, CREATE);
            IoMemory text = rig.bytes("hello");
            assertEquals(5, rig.run(rig.next().prepareWrite(fd, text, 0, 5, FAR, 1)));
            assertEquals(FAR + 5, Files.size(file));
            assertEquals(
                    5, rig.run(rig.next().prepareWritev(fd, vectors.add(text, 0, 5), FAR + 5, 2)));
            ByteBuffer found = ByteBuffer.allocate(10);
            try (FileChannel channel = FileChannel.open(file)) {
                assertEquals(10, channel.read(found, FAR));
            }
            assertEquals("hellohello", new String(found.array(), UTF_8));

            IoMemory read = rig.memory(4);
            assertEquals(4, rig.run(rig.next().prepareRead(fd, read, 0, 4, FAR + 4, 3)));
            assertEquals("ohel", read.text());
            vectors.clear().add(read, 1, 3);
            assertEquals(3, rig.run(rig.next().prepareReadv(fd, vectors, FAR + 7, 4)));
            assertEquals("ollo", read.text());
        }
    }

    @Test
    @Does({"READV", "WRITEV"})
    void readsAndWritesPieces() throws IOException {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(3)) {
            int fd = rig.open(file, CREATE);
            IoMemory one = rig.bytes("abcdef");
            IoMemory two = rig.bytes("ghijkl");
            vectors.add(two, 0, 2).add(one, 3, 3).add(two, 5, 1);
            assertEquals(6, rig.run(rig.next().prepareWritev(fd, vectors, 1, 1)));
            assertEquals("\0ghdefl", Files.readString(file));

            Files.writeString(file, "0123456789");
            assertEquals(6, rig.run(rig.next().prepareReadv(fd, vectors, 2, 2)));
            assertEquals("abc456", one.text());
            assertEquals("23ijk7", two.text());
        }
    }

    @Test
    void writesToTheEndWhereTheFlagsSaySo() throws IOException {
        Files.writeString(file, "0123");
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(1)) {
            int fd = rig.open(file, CREATE);
            IoMemory text = rig.bytes("ab");
            int append = Linux.RWF_APPEND;
            assertEquals(2, rig.run(rig.next().prepareWrite(fd, text, 0, 2, 0, append, 1)));
            vectors.add(text, 1, 1);
            assertEquals(1, rig.run(rig.next().prepareWritev2(fd, vectors, 0, append, 2)));
            assertEquals("0123abb", Files.readString(file));
        }
    }

    @Test
    void readsWithoutWaitingWhereTheFlagsSaySo() {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(1)) {
            int fd = rig.pipe()[0];
            IoMemory memory = rig.memory(4);
            vectors.add(memory, 0, 4);
            int flags = Linux.RWF_NOWAIT;
            rig.assertRefused(Errno.EAGAIN, sqe -> sqe.prepareRead(fd, memory, 0, 4, -1, flags, 1));
            rig.assertRefused(Errno.EAGAIN, sqe -> sqe.prepareReadv2(fd, vectors, -1, flags, 2));
        }
    }

    @Test
    void unknownFlagsAreRefused() {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(1)) {
            int fd = rig.open(file, CREATE);
            IoMemory memory = rig.memory(4);
            vectors.add(memory, 0, 4);
            int none = 1 << 30;
            int errno = Errno.EOPNOTSUPP;
            rig.assertRefused(errno, sqe -> sqe.prepareRead(fd, memory, 0, 4, 0, none, 1));
            rig.assertRefused(errno, sqe -> sqe.prepareWrite(fd, memory, 0, 4, 0, none, 2));
            rig.assertRefused(errno, sqe -> sqe.prepareReadv2(fd, vectors, 0, none, 3));
            rig.assertRefused(errno, sqe -> sqe.prepareWritev2(fd, vectors, 0, none, 4));
        }
    }

    @Test
    @Refuses({"READ", "WRITE", "READV", "WRITEV"})
    void refusesTheWrongDirectionAndPositionsThatAreNone() throws IOException {
        Files.writeString(file, "0123");
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(1)) {
            int reading = rig.open(file, Linux.O_RDONLY);
            int writing = rig.open(file, Linux.O_WRONLY);
            IoMemory memory = rig.memory(4);
            vectors.add(memory, 0, 4);
            int errno = Errno.EBADF;
            rig.assertRefused(errno, sqe -> sqe.prepareRead(writing, memory, 0, 4, 0, 1));
            rig.assertRefused(errno, sqe -> sqe.prepareWrite(reading, memory, 0, 4, 0, 2));
            rig.assertRefused(errno, sqe -> sqe.prepareReadv(writing, vectors, 0, 3));
            rig.assertRefused(errno, sqe -> sqe.prepareWritev(reading, vectors, 0, 4));
            errno = Errno.EINVAL;
            rig.assertRefused(errno, sqe -> sqe.prepareRead(reading, memory, 0, 4, -2, 5));
            rig.assertRefused(errno, sqe -> sqe.prepareWrite(writing, memory, 0, 4, -2, 6));
            rig.assertRefused(errno, sqe -> sqe.prepareReadv(reading, vectors, -2, 7));
            rig.assertRefused(errno, sqe -> sqe.prepareWritev(writing, vectors, -2, 8));
            int folder = rig.open(directory, Linux.O_RDONLY);
            rig.assertRefused(Errno.EISDIR, sqe -> sqe.prepareRead(folder, memory, 0, 4, 0, 9));
            assertEquals("0123", Files.readString(file));
        }
    }

    @Test
    void memoryIsLookedAtBeforeAnythingIsPrepared() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            IoMemory closed = IoMemory.allocate(8);
            closed.close();
            Sqe sqe = rig.next();
            Class<? extends Exception> outside = IndexOutOfBoundsException.class;
            assertThrows(outside, () -> sqe.prepareRead(0, memory, 1, 8, 0, 1));
            assertThrows(outside, () -> sqe.prepareRead(0, memory, 0, -1, 0, 1));
            assertThrows(outside, () -> sqe.prepareWrite(0, memory, -1, 2, 0, 1));
            assertThrows(outside, () -> sqe.prepareWrite(0, memory, 1L << 32, 1, 0, 1));
            Class<? extends Exception> gone = IllegalStateException.class;
            assertThrows(gone, () -> sqe.prepareRead(0, closed, 0, 8, 0, 1));
            assertThrows(gone, () -> sqe.prepareWrite(0, closed, 0, 8, 0, 1));
            assertEquals(0, rig.ring.pendingCount());
            assertEquals(0, rig.run(sqe.prepareNop(2)));
        }
    }

    @Test
    void aLinkedReadSeesWhatWasWritten() throws IOException {
        try (Rig rig = new Rig()) {
            int fd = rig.open(file, CREATE);
            IoMemory text = rig.bytes("hello");
            IoMemory read = rig.memory(5);
            rig.ring.reserve(2);
            rig.next().prepareWrite(fd, text, 0, 5, 9, 1).addFlags(IoUring.IOSQE_IO_LINK);
            rig.next().prepareRead(fd, read, 0, 5, 9, 2);
            assertEquals(new Completion(1, 5, 0), rig.take());
            assertEquals(new Completion(2, 5, 0), rig.take());
            assertEquals("hello", read.text());
            assertEquals(14, Files.size(file));
        }
    }

    @Test
    void aShortReadEndsItsChainAndGivesAllMemoryBack() throws IOException {
        Files.writeString(file, "0123");
        try (Rig rig = new Rig()) {
            int fd = rig.open(file, CREATE);
            IoMemory read = rig.memory(8);
            IoMemory text = rig.bytes("hello");
            rig.ring.reserve(2);
            rig.next().prepareRead(fd, read, 0, 8, 0, 1).addFlags(IoUring.IOSQE_IO_LINK);
            rig.next().prepareWrite(fd, text, 0, 5, 0, 2);
            assertEquals(new Completion(1, 4, 0), rig.take());
            assertEquals(new Completion(2, -Errno.ECANCELED, 0), rig.take());
            assertFalse(read.isLent() || text.isLent());
            assertEquals("0123", Files.readString(file));
        }
    }

    @Test
    void aReadThatWaitsCanBeCancelled() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(4);
            rig.next().prepareRead(rig.pipe()[0], memory, 0, 4, -1, 1);
            rig.ring.submit();
            assertTrue(memory.isLent());
            rig.next().prepareCancel(1, 0, 2);
            int sum = rig.take().result() + rig.take().result();
            assertEquals(-Errno.ECANCELED, sum);
            assertFalse(memory.isLent());
        }
    }

    @Test
    void readsPastThePageCache() throws IOException {
        byte[] content = new byte[16_384];
        for (int i = 0; i < content.length; i++) content[i] = (byte) ((i * 31) >>> 5);
        Files.write(file, content);
        int fd = Libc.open(file, Linux.O_RDONLY | Linux.O_DIRECT | Linux.O_CLOEXEC, 0);
        assumeTrue(fd >= 0, "the file system of temporary files has no O_DIRECT");
        try (Rig rig = new Rig();
                IoMemory memory = IoMemory.allocate(8192, 4096)) {
            rig.keep(fd);
            assertEquals(0, memory.address(0, 8192) % 4096);
            assertEquals(4096, rig.run(rig.next().prepareRead(fd, memory, 4096, 4096, 8192, 1)));
            byte[] read = memory.segment().asSlice(4096).toArray(ValueLayout.JAVA_BYTE);
            assertArrayEquals(Arrays.copyOfRange(content, 8192, 12_288), read);
        }
    }

    @Test
    void readsIntoABufferThatTheKernelPicks() throws IOException {
        Files.writeString(file, "0123456789");
        try (Rig rig = new Rig();
                BufferRing buffers = new BufferRing(rig.ring, 7, 2, 8)) {
            int fd = rig.open(file, Linux.O_RDONLY);
            Sqe sqe = rig.next().prepareRead(fd, buffers, 3, 4, 1);
            assertEquals(7, Memory.getShort(sqe.address() + SqeLayout.BUF_GROUP));
            assertEquals("456", picked(rig.take(), buffers));
            rig.next().prepareRead(fd, buffers, 0, 0, 2);
            assertEquals("01234567", picked(rig.take(), buffers));
            rig.assertQuiet();
            rig.assertRefused(Errno.ENOBUFS, next -> next.prepareRead(fd, buffers, 0, 0, 3));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> rig.next().prepareRead(fd, buffers, -1, 0, 4));
        }
    }

    private static String picked(Completion completion, BufferRing buffers) {
        assertTrue((completion.flags() & IoUring.IORING_CQE_F_BUFFER) != 0);
        byte[] bytes = new byte[completion.result()];
        int bufferId = buffers.take(completion.flags(), completion.result());
        Memory.copy(buffers.address(bufferId), bytes, 0, bytes.length);
        return new String(bytes, UTF_8);
    }

    // ---- priority

    @Test
    void readsAndWritesHaveAPriority() throws IOException {
        Files.writeString(file, "0123456789");
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.of(rig.memory(4))) {
            int fd = rig.open(file, CREATE);
            IoMemory memory = rig.memory(4);
            Sqe sqe = rig.next().prepareRead(fd, memory, 0, 4, 0, 1);
            sqe.setIoPriority(Linux.IOPRIO_CLASS_BE, 7);
            assertEquals(2 << 13 | 7, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
            assertEquals(4, rig.run(sqe));
            sqe = rig.next().prepareWritev(fd, vectors, 0, 1);
            assertEquals(4, rig.run(sqe.setIoPriority(Linux.IOPRIO_CLASS_IDLE, 0)));
        }
    }

    @Test
    void nothingElseHasAPriority() {
        try (Rig rig = new Rig()) {
            Sqe sqe = rig.next().prepareNop(1);
            assertThrows(IllegalArgumentException.class, () -> sqe.setIoPriority(2, 4));
            assertEquals(0, rig.run(sqe));
            Sqe read = rig.next().prepareRead(rig.open(file, CREATE), rig.memory(4), 0, 4, 0, 1);
            assertThrows(IllegalArgumentException.class, () -> read.setIoPriority(0, 4));
            assertThrows(IllegalArgumentException.class, () -> read.setIoPriority(4, 4));
            assertThrows(IllegalArgumentException.class, () -> read.setIoPriority(2, 8));
            assertEquals(0, Memory.getShort(read.address() + SqeLayout.IOPRIO));
            assertEquals(0, rig.run(read));
            assertThrows(IllegalStateException.class, () -> read.setIoPriority(2, 4));
        }
    }
}
