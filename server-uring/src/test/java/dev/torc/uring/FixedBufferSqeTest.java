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
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reading and writing with buffers that are registered with the ring: of [FileSqe].
class FixedBufferSqeTest {
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

    /// Registers the memories as buffers 0, 1, ...
    private static void register(Rig rig, IoMemory... memories) {
        try (IoVectors vectors = IoVectors.of(memories)) {
            int opcode = IoUring.IORING_REGISTER_BUFFERS;
            rig.ring.register("buffers", opcode, vectors.address(), vectors.count());
        }
    }

    @Test
    @Does({"READ_FIXED", "WRITE_FIXED"})
    void readsAndWrites() throws IOException {
        try (Rig rig = new Rig()) {
            int fd = rig.open(file, CREATE);
            IoMemory zero = rig.memory(8);
            IoMemory one = rig.bytes("-hello-");
            register(rig, zero, one);
            Sqe sqe = rig.next().prepareWriteFixed(fd, one, 1, 5, 3, 1, 1);
            assertEquals(1, Memory.getShort(sqe.address() + SqeLayout.BUF_INDEX));
            assertTrue(one.isLent());
            assertEquals(5, rig.run(sqe));
            assertEquals("\0\0\0hello", Files.readString(file));

            Files.writeString(file, "0123456789");
            assertEquals(4, rig.run(rig.next().prepareReadFixed(fd, one, 2, 4, 5, 1, 2)));
            assertEquals("-h5678-", one.text());
            assertEquals(2, rig.run(rig.next().prepareReadFixed(fd, zero, 0, 8, 8, 0, 3)));
            assertEquals("89", zero.text());
        }
    }

    @Test
    @Does({"READV_FIXED", "WRITEV_FIXED"})
    void readsAndWritesPieces() throws IOException {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(2)) {
            int fd = rig.open(file, CREATE);
            IoMemory zero = rig.memory(8);
            IoMemory one = rig.bytes("abcdef");
            register(rig, zero, one);
            vectors.add(one, 4, 2).add(one, 0, 3);
            Sqe sqe = rig.next().prepareWritevFixed(fd, vectors, 1, 1, 0, 1);
            assertEquals(1, Memory.getShort(sqe.address() + SqeLayout.BUF_INDEX));
            assertTrue(vectors.isLent() && one.isLent());
            assertEquals(5, rig.run(sqe));
            assertEquals("\0efabc", Files.readString(file));

            Files.writeString(file, "0123456789");
            assertEquals(5, rig.run(rig.next().prepareReadvFixed(fd, vectors, 2, 1, 0, 2)));
            assertEquals("456d23", one.text());
        }
    }

    @Test
    void reachesBeyondTwoGibibytes() throws IOException {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(1)) {
            int fd = rig.open(file, CREATE);
            IoMemory memory = rig.bytes("hello");
            register(rig, memory);
            vectors.add(memory, 0, 5);
            assertEquals(5, rig.run(rig.next().prepareWriteFixed(fd, memory, 0, 5, FAR, 0, 1)));
            assertEquals(5, rig.run(rig.next().prepareWritevFixed(fd, vectors, FAR + 5, 0, 0, 2)));
            ByteBuffer found = ByteBuffer.allocate(16);
            try (FileChannel channel = FileChannel.open(file)) {
                assertEquals(10, channel.read(found, FAR));
            }
            assertEquals("hellohello", new String(found.array(), 0, 10, UTF_8));
            assertEquals(4, rig.run(rig.next().prepareReadFixed(fd, memory, 0, 4, FAR + 1, 0, 3)));
            assertEquals("elloo", memory.text());
            assertEquals(3, rig.run(rig.next().prepareReadvFixed(fd, vectors, FAR + 7, 0, 0, 4)));
            assertEquals("llooo", memory.text());
        }
    }

    @Test
    void doesAsTheFlagsSay() throws IOException {
        Files.writeString(file, "01");
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(1)) {
            int fd = rig.open(file, CREATE);
            IoMemory memory = rig.bytes("ab");
            register(rig, memory);
            vectors.add(memory, 1, 1);
            int append = Linux.RWF_APPEND;
            assertEquals(
                    2, rig.run(rig.next().prepareWriteFixed(fd, memory, 0, 2, 0, 0, append, 1)));
            assertEquals(1, rig.run(rig.next().prepareWritevFixed(fd, vectors, 0, 0, append, 2)));
            assertEquals("01abb", Files.readString(file));
            int pipe = rig.pipe()[0];
            int nowait = Linux.RWF_NOWAIT;
            rig.assertRefused(
                    Errno.EAGAIN,
                    sqe -> sqe.prepareReadFixed(pipe, memory, 0, 2, -1, 0, nowait, 3));
            rig.assertRefused(
                    Errno.EAGAIN, sqe -> sqe.prepareReadvFixed(pipe, vectors, -1, 0, nowait, 4));
        }
    }

    @Test
    @Refuses({"READ_FIXED", "WRITE_FIXED", "READV_FIXED", "WRITEV_FIXED"})
    void refusesMemoryThatIsNotInTheBuffer() throws IOException {
        Files.writeString(file, "0123");
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(2)) {
            int fd = rig.open(file, CREATE);
            IoMemory zero = rig.bytes("abcd");
            IoMemory one = rig.bytes("efgh");
            register(rig, zero, one);
            vectors.add(one, 0, 2).add(zero, 0, 2);
            for (int index : new int[] {0, 2, 65_535}) {
                int errno = Errno.EFAULT;
                rig.assertRefused(errno, s -> s.prepareReadFixed(fd, one, 0, 4, 0, index, 1));
                rig.assertRefused(errno, s -> s.prepareWriteFixed(fd, one, 0, 4, 0, index, 2));
                rig.assertRefused(errno, s -> s.prepareReadvFixed(fd, vectors, 0, index, 0, 3));
                rig.assertRefused(errno, s -> s.prepareWritevFixed(fd, vectors, 0, index, 0, 4));
            }
            assertEquals("0123", Files.readString(file));
            assertEquals("abcd", zero.text());
            assertEquals("efgh", one.text());
        }
    }

    @Test
    void argumentsAreLookedAtBeforeAnythingIsPrepared() {
        try (Rig rig = new Rig();
                IoVectors vectors = IoVectors.allocate(1)) {
            IoMemory memory = rig.memory(4);
            Sqe sqe = rig.next();
            for (int index : new int[] {-1, 65_536}) {
                Class<? extends Exception> none = IllegalArgumentException.class;
                assertThrows(none, () -> sqe.prepareReadFixed(0, memory, 0, 4, 0, index, 1));
                assertThrows(none, () -> sqe.prepareWriteFixed(0, memory, 0, 4, 0, index, 1));
                assertThrows(none, () -> sqe.prepareReadvFixed(0, vectors, 0, index, 0, 1));
                assertThrows(none, () -> sqe.prepareWritevFixed(0, vectors, 0, index, 0, 1));
            }
            Class<? extends Exception> outside = IndexOutOfBoundsException.class;
            assertThrows(outside, () -> sqe.prepareReadFixed(0, memory, 1, 4, 0, 0, 1));
            assertThrows(outside, () -> sqe.prepareWriteFixed(0, memory, 4, 1, 0, 0, 1));
            assertFalse(memory.isLent());
            assertEquals(0, rig.run(sqe.prepareNop(2)));
        }
    }
}
