package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Cqe;
import dev.torc.uring.abi.Params;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/// The tests that Zig's `std.os.linux.IoUring` has of operations on files, under their names: what
/// it finds in the entries, the counters and the completions is here, too.
class ZigFileTest {
    private static final Path ZEROES = Path.of("/dev/zero");
    private static final int CREATED = Linux.O_RDWR | Linux.O_CREAT | Linux.O_TRUNC;

    @TempDir private Path directory = Path.of("");

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    private static Rig rig(int entries) {
        return new Rig(Ring.open(entries, 2 * entries));
    }

    @Test
    void structsOffsetsEntries() {
        assertEquals(120, Params.BYTES);
        assertEquals(64, SqeLayout.BYTES);
        assertEquals(16, Cqe.BYTES);
        assertEquals(0, IoUring.IORING_OFF_SQ_RING);
        assertEquals(0x8000000, IoUring.IORING_OFF_CQ_RING);
        assertEquals(0x10000000, IoUring.IORING_OFF_SQES);
        assertThrows(IllegalArgumentException.class, () -> Ring.open(0, 0));
        // Zig refuses what is no power of two; the kernel rounds up, and so it is here.
        try (Ring ring = Ring.open(RingSetup.of(3))) {
            assertEquals(4, ring.entries());
        }
    }

    @Test
    void readv() {
        try (Rig rig = rig(1)) {
            int zeroes = rig.open(ZEROES, Linux.O_RDONLY);
            DirectDescriptors files = DirectDescriptors.of(rig.ring, zeroes);
            IoMemory buffer = filled(rig, 42, 128);
            try (IoVectors vectors = IoVectors.of(buffer)) {
                Sqe sqe = rig.next().prepareReadv(0, vectors, 0, 0xcccccccc);
                assertEquals(IoUring.IORING_OP_READV, Memory.getByte(sqe.address()));
                sqe.addFlags(IoUring.IOSQE_FIXED_FILE);
                assertEquals(1, rig.ring.pendingCount()); // the queue is full
                assertThrows(IllegalArgumentException.class, () -> rig.ring.reserve(2));
                assertEquals(1, rig.ring.submit());
                assertEquals(new Completion(0xcccccccc, 128, 0), rig.take());
                assertEquals(filled(rig, 0, 128).segment().mismatch(buffer.segment()), -1);
            }
            files.close();
        }
    }

    @Test
    void writevFsyncReadv() {
        try (Rig rig = rig(4)) {
            int fd = rig.open(directory.resolve("writev_fsync_readv"), CREATED);
            IoMemory written = filled(rig, 42, 128);
            IoMemory read = filled(rig, 0, 128);
            try (IoVectors from = IoVectors.of(written);
                    IoVectors into = IoVectors.of(read)) {
                Sqe writev = rig.next().prepareWritev(fd, from, 17, 0xdddddddd);
                assertEntry(writev, IoUring.IORING_OP_WRITEV, fd, 17);
                writev.addFlags(IoUring.IOSQE_IO_LINK);
                Sqe fsync = rig.next().prepareFsync(fd, 0, 0xeeeeeeee);
                assertEntry(fsync, IoUring.IORING_OP_FSYNC, fd, 0);
                fsync.addFlags(IoUring.IOSQE_IO_LINK);
                Sqe readv = rig.next().prepareReadv(fd, into, 17, -2);
                assertEntry(readv, IoUring.IORING_OP_READV, fd, 17);

                assertEquals(3, rig.ring.pendingCount());
                assertEquals(3, rig.ring.submitAndWait(3, Rig.WAIT_NANOS));
                assertEquals(0, rig.ring.pendingCount());
                assertEquals(3, rig.ring.readyCount());
                assertEquals(new Completion(0xdddddddd, 128, 0), rig.take());
                assertEquals(2, rig.ring.readyCount());
                assertEquals(new Completion(0xeeeeeeee, 0, 0), rig.take());
                assertEquals(1, rig.ring.readyCount());
                assertEquals(new Completion(-2, 128, 0), rig.take());
                assertEquals(0, rig.ring.readyCount());
                assertEquals(-1, written.segment().mismatch(read.segment()));
            }
        }
    }

    @Test
    void writeRead() {
        try (Rig rig = rig(2)) {
            int fd = rig.open(directory.resolve("write_read"), CREATED);
            IoMemory written = filled(rig, 97, 20);
            IoMemory read = filled(rig, 98, 20);
            Sqe write = rig.next().prepareWrite(fd, written, 0, 20, 10, 0x11111111);
            assertEntry(write, IoUring.IORING_OP_WRITE, fd, 10);
            write.addFlags(IoUring.IOSQE_IO_LINK);
            Sqe sqe = rig.next().prepareRead(fd, read, 0, 20, 10, 0x22222222);
            assertEntry(sqe, IoUring.IORING_OP_READ, fd, 10);
            assertEquals(2, rig.ring.submit());
            assertEquals(new Completion(0x11111111, 20, 0), rig.take());
            assertEquals(new Completion(0x22222222, 20, 0), rig.take());
            assertEquals(-1, written.segment().mismatch(read.segment()));
        }
    }

    @Test
    void spliceRead() throws IOException {
        Path source =
                Files.write(directory.resolve("splice_src"), "a".repeat(20).getBytes(US_ASCII));
        try (Rig rig = rig(4)) {
            int from = rig.open(source, Linux.O_RDONLY);
            int to = rig.open(directory.resolve("splice_dst"), CREATED);
            int[] pipe = rig.pipe();
            IoMemory read = filled(rig, 98, 20);
            Sqe in = rig.next().prepareSplice(from, 0, pipe[1], -1, 20, 0, 0x11111111);
            assertEntry(in, IoUring.IORING_OP_SPLICE, pipe[1], -1);
            assertEquals(0, Memory.getLong(in.address() + SqeLayout.ADDR));
            in.addFlags(IoUring.IOSQE_IO_LINK);
            Sqe out = rig.next().prepareSplice(pipe[0], -1, to, 10, 20, 0, 0x22222222);
            assertEntry(out, IoUring.IORING_OP_SPLICE, to, 10);
            assertEquals(-1, Memory.getLong(out.address() + SqeLayout.ADDR));
            out.addFlags(IoUring.IOSQE_IO_LINK);
            assertEntry(
                    rig.next().prepareRead(to, read, 0, 20, 10, 0x33333333),
                    IoUring.IORING_OP_READ,
                    to,
                    10);
            assertEquals(3, rig.ring.submit());
            assertEquals(new Completion(0x11111111, 20, 0), rig.take());
            assertEquals(new Completion(0x22222222, 20, 0), rig.take());
            assertEquals(new Completion(0x33333333, 20, 0), rig.take());
            assertArrayEquals(Files.readAllBytes(source), bytes(read));
        }
    }

    @Test
    void writeFixedReadFixed() {
        try (Rig rig = rig(2)) {
            int fd = rig.open(directory.resolve("write_read_fixed"), CREATED);
            IoMemory first = filled(rig, 'z', 11);
            first.segment().asSlice(0, 6).copyFrom(rig.bytes("foobar").segment());
            IoMemory second = filled(rig, 'z', 11);
            try (RegisteredBuffers buffers = RegisteredBuffers.of(rig.ring, first, second)) {
                assertEquals(2, buffers.count());
                Sqe write = rig.next().prepareWriteFixed(fd, first, 0, 11, 3, 0, 0x45454545);
                assertEntry(write, IoUring.IORING_OP_WRITE_FIXED, fd, 3);
                write.addFlags(IoUring.IOSQE_IO_LINK);
                Sqe read = rig.next().prepareReadFixed(fd, second, 0, 11, 0, 1, 0x12121212);
                assertEntry(read, IoUring.IORING_OP_READ_FIXED, fd, 0);
                assertEquals(2, rig.ring.submit());
                assertEquals(new Completion(0x45454545, 11, 0), rig.take());
                assertEquals(new Completion(0x12121212, 11, 0), rig.take());
                assertArrayEquals("\0\0\0foobarzz".getBytes(US_ASCII), bytes(second));
            }
        }
    }

    @Test
    void close() {
        try (Rig rig = rig(1)) {
            int fd = RingException.check("open", Libc.open(directory, Linux.O_RDONLY, 0));
            Sqe sqe = rig.next().prepareClose(fd, 0x44444444);
            assertEntry(sqe, IoUring.IORING_OP_CLOSE, fd, 0);
            assertEquals(1, rig.ring.submit());
            assertEquals(new Completion(0x44444444, 0, 0), rig.take());
            assertEquals(-Errno.EBADF, Libc.close(fd));
        }
    }

    @Test
    void fallocate() throws IOException {
        Path path = directory.resolve("fallocate");
        try (Rig rig = rig(1)) {
            int fd = rig.open(path, CREATED);
            assertEquals(0, Files.size(path));
            Sqe sqe = rig.next().prepareFallocate(fd, 0, 65536, 0, 0xaaaaaaaa);
            assertEntry(sqe, IoUring.IORING_OP_FALLOCATE, fd, 0);
            assertEquals(1, rig.ring.submit());
            assertEquals(new Completion(0xaaaaaaaa, 0, 0), rig.take());
            assertEquals(65536, Files.size(path));
        }
    }

    @Test
    void registerFilesUpdate() {
        try (Rig rig = rig(1)) {
            int none = DirectDescriptors.NONE;
            int fd = rig.open(ZEROES, Linux.O_RDONLY);
            try (DirectDescriptors files = DirectDescriptors.of(rig.ring, fd, none)) {
                int other = rig.open(ZEROES, Linux.O_RDONLY);
                assertEquals(2, files.update(0, other, none));
                assertEquals(128, readFirst(rig));
                // Away from the start: the first is still there.
                assertEquals(1, files.update(1, none));
                assertEquals(128, readFirst(rig));
                assertEquals(2, files.update(0, none, none));
                assertEquals(-Errno.EBADF, readFirst(rig));
            }
        }
    }

    /// What reading from the first of the registered files completes with.
    private static int readFirst(Rig rig) {
        IoMemory buffer = filled(rig, 42, 128);
        Sqe sqe = rig.next().prepareRead(0, buffer, 0, 128, 0, 0xcccccccc);
        assertEntry(sqe, IoUring.IORING_OP_READ, 0, 0);
        sqe.addFlags(IoUring.IOSQE_FIXED_FILE);
        assertEquals(1, rig.ring.submit());
        Completion completion = rig.take();
        assertEquals(0xcccccccc, completion.userData());
        byte expected = (byte) (completion.result() == 128 ? 0 : 42);
        for (byte each : bytes(buffer)) assertEquals(expected, each);
        return completion.result();
    }

    private static void assertEntry(Sqe sqe, int opcode, int fd, long off) {
        assertEquals(opcode, Memory.getByte(sqe.address()));
        assertEquals(fd, Memory.getInt(sqe.address() + SqeLayout.FD));
        assertEquals(off, Memory.getLong(sqe.address() + SqeLayout.OFF));
    }

    private static IoMemory filled(Rig rig, int value, int bytes) {
        IoMemory memory = rig.memory(bytes);
        memory.segment().fill((byte) value);
        return memory;
    }

    private static byte[] bytes(IoMemory memory) {
        return memory.segment().toArray(ValueLayout.JAVA_BYTE);
    }
}
