package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The tests that Zig's `std.os.linux.IoUring` has of operations by path, under their names: what
/// it finds in the entries, the counters and the completions is here, too.
class ZigPathTest {
    private static final int OPENED = Linux.O_CLOEXEC | Linux.O_RDWR | Linux.O_CREAT;

    @TempDir private Path directory = Path.of("");

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    void openat() {
        try (PathRig tmp = scene()) {
            IoMemory path = tmp.text("test_io_uring_openat");
            Sqe sqe = tmp.next().prepareOpenat(tmp.fd, path, OPENED, 0666, 0x33333333);
            assertEquals(IoUring.IORING_OP_OPENAT, Memory.getByte(sqe.address()));
            assertEquals(0, Memory.getByte(sqe.address() + SqeLayout.FLAGS));
            assertEquals(0, Memory.getShort(sqe.address() + SqeLayout.IOPRIO));
            assertEquals(tmp.fd, field(sqe, SqeLayout.FD));
            assertEquals(0, Memory.getLong(sqe.address() + SqeLayout.OFF));
            assertEquals(path.address(0, 1), Memory.getLong(sqe.address() + SqeLayout.ADDR));
            assertEquals(0666, field(sqe, SqeLayout.LEN));
            assertEquals(OPENED, field(sqe, SqeLayout.OP_FLAGS));
            assertEquals(0, Memory.getShort(sqe.address() + SqeLayout.BUF_INDEX));
            assertEquals(0, Memory.getShort(sqe.address() + SqeLayout.PERSONALITY));
            assertEquals(0, field(sqe, SqeLayout.SPLICE_FD_IN));
            assertEquals(0, Memory.getLong(sqe.address() + SqeLayout.ADDR3));
            assertEquals(0, Memory.getLong(sqe.address() + SqeLayout.ADDR3 + 8));
            int fd = submitted(tmp, 0x33333333);
            assertTrue(fd > 0);
            assertEquals(0, Libc.close(fd));
        }
    }

    @Test
    void openatDirectCloseDirect() {
        try (PathRig tmp = new PathRig(directory, new Rig(Ring.open(2, 4)))) {
            new DirectDescriptors(tmp.rig.ring, 3);
            IoMemory path = tmp.text("test_io_uring_close_direct");
            int flags = Linux.O_RDWR | Linux.O_CREAT;
            tmp.next().prepareOpenatDirect(tmp.fd, path, flags, 0666, 0, 1);
            assertEquals(0, submitted(tmp, 1));
            tmp.next().prepareOpenatDirectAlloc(tmp.fd, path, flags, 0666, 2);
            int picked = submitted(tmp, 2);
            assertTrue(picked > 0 && picked < 3, () -> "picked=" + picked);
            for (int slot : new int[] {0, picked}) {
                Sqe sqe = tmp.next().prepareCloseDirect(slot, 3);
                assertEquals(IoUring.IORING_OP_CLOSE, Memory.getByte(sqe.address()));
                assertEquals(slot + 1, field(sqe, SqeLayout.FILE_INDEX));
                assertEquals(0, submitted(tmp, 3));
            }
        }
    }

    @Test
    void statx() {
        try (PathRig tmp = scene();
                Statx buf = new Statx()) {
            tmp.write("test_io_uring_statx", "foobar");
            IoMemory path = tmp.text("test_io_uring_statx");
            Sqe sqe = tmp.next().prepareStatx(tmp.fd, path, 0, Linux.STATX_SIZE, buf, 0xaaaaaaaaL);
            assertEquals(IoUring.IORING_OP_STATX, Memory.getByte(sqe.address()));
            assertEquals(tmp.fd, field(sqe, SqeLayout.FD));
            assertEquals(Linux.STATX_SIZE, field(sqe, SqeLayout.LEN));
            assertEquals(buf.address(), Memory.getLong(sqe.address() + SqeLayout.OFF));
            assertEquals(0, submitted(tmp, 0xaaaaaaaaL));
            assertEquals(Linux.STATX_SIZE, buf.mask() & Linux.STATX_SIZE);
            assertEquals(6, buf.size());
        }
    }

    @Test
    void renameat() {
        try (PathRig tmp = scene()) {
            tmp.write("test_io_uring_renameat_old", "hello");
            IoMemory old = tmp.text("test_io_uring_renameat_old");
            IoMemory renamed = tmp.text("test_io_uring_renameat_new");
            Sqe sqe = tmp.next().prepareRenameat(tmp.fd, old, tmp.fd, renamed, 0, 0x12121212);
            assertPair(sqe, IoUring.IORING_OP_RENAMEAT, tmp.fd, old, tmp.fd, renamed);
            assertEquals(0, submitted(tmp, 0x12121212));
            assertFalse(tmp.has("test_io_uring_renameat_old"));
            assertEquals("hello", tmp.read("test_io_uring_renameat_new"));
        }
    }

    @Test
    void unlinkat() {
        try (PathRig tmp = scene()) {
            tmp.write("test_io_uring_unlinkat", "");
            IoMemory path = tmp.text("test_io_uring_unlinkat");
            Sqe sqe = tmp.next().prepareUnlinkat(tmp.fd, path, 0, 0x12121212);
            assertEquals(IoUring.IORING_OP_UNLINKAT, Memory.getByte(sqe.address()));
            assertEquals(tmp.fd, field(sqe, SqeLayout.FD));
            assertEquals(0, submitted(tmp, 0x12121212));
            assertFalse(tmp.has("test_io_uring_unlinkat"));
        }
    }

    @Test
    void mkdirat() {
        try (PathRig tmp = scene()) {
            IoMemory path = tmp.text("test_io_uring_mkdirat");
            Sqe sqe = tmp.next().prepareMkdirat(tmp.fd, path, 0755, 0x12121212);
            assertEquals(IoUring.IORING_OP_MKDIRAT, Memory.getByte(sqe.address()));
            assertEquals(tmp.fd, field(sqe, SqeLayout.FD));
            assertEquals(0755, field(sqe, SqeLayout.LEN));
            assertEquals(0, submitted(tmp, 0x12121212));
            assertTrue(Files.isDirectory(tmp.at("test_io_uring_mkdirat")));
        }
    }

    @Test
    void symlinkat() {
        try (PathRig tmp = scene()) {
            tmp.write("test_io_uring_symlinkat", "linked");
            IoMemory path = tmp.text("test_io_uring_symlinkat");
            IoMemory link = tmp.text("test_io_uring_symlinkat_link");
            Sqe sqe = tmp.next().prepareSymlinkat(path, tmp.fd, link, 0x12121212);
            assertPair(sqe, IoUring.IORING_OP_SYMLINKAT, tmp.fd, path, 0, link);
            assertEquals(0, submitted(tmp, 0x12121212));
            assertEquals("linked", tmp.read("test_io_uring_symlinkat_link"));
        }
    }

    @Test
    void linkat() throws IOException {
        try (PathRig tmp = scene()) {
            tmp.write("test_io_uring_linkat_first", "hello");
            IoMemory first = tmp.text("test_io_uring_linkat_first");
            IoMemory second = tmp.text("test_io_uring_linkat_second");
            Sqe sqe = tmp.next().prepareLinkat(tmp.fd, first, tmp.fd, second, 0, 0x12121212);
            assertPair(sqe, IoUring.IORING_OP_LINKAT, tmp.fd, first, tmp.fd, second);
            assertEquals(0, submitted(tmp, 0x12121212));
            assertEquals("hello", tmp.read("test_io_uring_linkat_second"));
            assertTrue(
                    Files.isSameFile(
                            tmp.at("test_io_uring_linkat_first"),
                            tmp.at("test_io_uring_linkat_second")));
        }
    }

    private PathRig scene() {
        return new PathRig(directory, new Rig(Ring.open(1, 2)));
    }

    /// Submits the one entry, and returns the result of its one completion.
    private static int submitted(PathRig tmp, long userData) {
        Ring ring = tmp.rig.ring;
        int before = ring.consumedCount();
        assertEquals(before + 1, ring.preparedCount());
        assertEquals(1, ring.pendingCount());
        assertEquals(1, ring.submit());
        assertEquals(before + 1, ring.consumedCount());
        assertEquals(0, ring.pendingCount());
        Completion completion = tmp.rig.take();
        assertEquals(new Completion(userData, completion.result(), 0), completion);
        assertEquals(0, ring.readyCount());
        assertEquals(0, ring.lendingCount());
        return completion.result();
    }

    private static int field(Sqe sqe, int offset) {
        return Memory.getInt(sqe.address() + offset);
    }

    private static void assertPair(
            Sqe sqe, int opcode, int fd, IoMemory path, int otherFd, IoMemory other) {
        assertEquals(opcode, Memory.getByte(sqe.address()));
        assertEquals(fd, field(sqe, SqeLayout.FD));
        assertEquals(otherFd, field(sqe, SqeLayout.LEN));
        assertEquals(path.address(0, 1), Memory.getLong(sqe.address() + SqeLayout.ADDR));
        assertEquals(other.address(0, 1), Memory.getLong(sqe.address() + SqeLayout.OFF));
        assertEquals(0, field(sqe, SqeLayout.OP_FLAGS));
    }
}
