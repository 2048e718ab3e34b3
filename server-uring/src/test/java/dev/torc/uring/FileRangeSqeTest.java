package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Pages;
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
import java.nio.file.Files;
import java.nio.file.Path;

/// What is done to a range of a file or of memory, and closing: of [FileSqe].
class FileRangeSqeTest {
    private static final int CREATE = Linux.O_RDWR | Linux.O_CREAT;
    private static final long FAR = (5L << 30) + 7; // no int has it
    private static final int PAGE = Pages.bytes();

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

    // ---- to the disk

    @Test
    @Does({"FSYNC", "SYNC_FILE_RANGE"})
    void whatWasWrittenGoesToTheDisk() throws IOException {
        try (Rig rig = new Rig()) {
            int fd = rig.open(file, CREATE);
            IoMemory text = rig.bytes("hello");
            int link = IoUring.IOSQE_IO_LINK;
            int all =
                    Linux.SYNC_FILE_RANGE_WAIT_BEFORE
                            | Linux.SYNC_FILE_RANGE_WRITE
                            | Linux.SYNC_FILE_RANGE_WAIT_AFTER;
            rig.ring.reserve(6);
            rig.next().prepareWrite(fd, text, 0, 5, FAR, 1).addFlags(link);
            rig.next().prepareFsync(fd, IoUring.IORING_FSYNC_DATASYNC, 2).addFlags(link);
            rig.next().prepareFsync(fd, 0, 3).addFlags(link);
            rig.next().prepareFsync(fd, FAR, 5, 0, 4).addFlags(link);
            rig.next().prepareSyncFileRange(fd, FAR, 5, all, 5).addFlags(link);
            rig.next().prepareSyncFileRange(fd, 0, 0, Linux.SYNC_FILE_RANGE_WRITE, 6);
            assertEquals(new Completion(1, 5, 0), rig.take());
            for (int i = 2; i <= 6; i++) assertEquals(new Completion(i, 0, 0), rig.take());
            rig.assertQuiet();
            assertEquals(FAR + 5, Files.size(file));
        }
    }

    @Test
    @Refuses({"FSYNC", "SYNC_FILE_RANGE"})
    void refusesToSyncWhatIsOnNoDisk() {
        try (Rig rig = new Rig()) {
            int pipe = rig.pipe()[1];
            int fd = rig.open(file, CREATE);
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.prepareFsync(pipe, 0, 1));
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.prepareFsync(fd, 1 << 20, 2));
            rig.assertRefused(Errno.ESPIPE, sqe -> sqe.prepareSyncFileRange(pipe, 0, 1, 2, 3));
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.prepareSyncFileRange(fd, -2, 1, 2, 4));
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.prepareSyncFileRange(fd, 0, 1, 64, 5));
            Class<? extends Exception> none = IllegalArgumentException.class;
            assertThrows(none, () -> rig.next().prepareFsync(fd, 0, -1, 0, 6));
            assertThrows(none, () -> rig.next().prepareSyncFileRange(fd, 0, -1, 0, 6));
        }
    }

    // ---- size

    @Test
    @Does("FALLOCATE")
    void allocatesAndPunchesHoles() throws IOException {
        Files.writeString(file, "0123456789");
        try (Rig rig = new Rig()) {
            int fd = rig.open(file, CREATE);
            assertEquals(0, rig.run(rig.next().prepareFallocate(fd, 8, 12, 0, 1)));
            assertEquals(20, Files.size(file));
            int keep = Linux.FALLOC_FL_KEEP_SIZE;
            assertEquals(0, rig.run(rig.next().prepareFallocate(fd, 0, 100, keep, 2)));
            assertEquals(20, Files.size(file));
            int punch = keep | Linux.FALLOC_FL_PUNCH_HOLE;
            assertEquals(0, rig.run(rig.next().prepareFallocate(fd, 2, 3, punch, 3)));
            String expected = "01\0\0\0" + "56789" + "\0".repeat(10);
            assertArrayEquals(expected.getBytes(UTF_8), Files.readAllBytes(file));
            assertEquals(0, rig.run(rig.next().prepareFallocate(fd, 0, FAR, punch, 4)));
            assertArrayEquals(new byte[20], Files.readAllBytes(file));
            assertEquals(0, rig.run(rig.next().prepareFallocate(fd, FAR, 1, 0, 5)));
            assertEquals(FAR + 1, Files.size(file));
        }
    }

    @Test
    @Refuses("FALLOCATE")
    void refusesToAllocateWhereNothingCanBe() throws IOException {
        Files.writeString(file, "0123");
        try (Rig rig = new Rig()) {
            int reading = rig.open(file, Linux.O_RDONLY);
            int writing = rig.open(file, Linux.O_WRONLY);
            int pipe = rig.pipe()[1];
            rig.assertRefused(Errno.EBADF, sqe -> sqe.prepareFallocate(reading, 0, 9, 0, 1));
            rig.assertRefused(Errno.ESPIPE, sqe -> sqe.prepareFallocate(pipe, 0, 9, 0, 2));
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.prepareFallocate(writing, -1, 9, 0, 3));
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.prepareFallocate(writing, 0, 0, 0, 4));
            assertEquals(4, Files.size(file));
        }
    }

    @Test
    @Does("FTRUNCATE")
    void makesFilesShorterAndLonger() throws IOException {
        Files.writeString(file, "0123456789");
        try (Rig rig = new Rig()) {
            int fd = rig.open(file, CREATE);
            assertEquals(0, rig.run(rig.next().prepareFtruncate(fd, 3, 1)));
            assertEquals("012", Files.readString(file));
            assertEquals(0, rig.run(rig.next().prepareFtruncate(fd, FAR, 2)));
            assertEquals(FAR, Files.size(file));
        }
    }

    @Test
    @Refuses("FTRUNCATE")
    void refusesToTruncateWhatIsOpenToRead() throws IOException {
        Files.writeString(file, "0123");
        try (Rig rig = new Rig()) {
            int reading = rig.open(file, Linux.O_RDONLY);
            int writing = rig.open(file, Linux.O_WRONLY);
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.prepareFtruncate(reading, 0, 1));
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.prepareFtruncate(writing, -1, 2));
            rig.assertRefused(Errno.EBADF, sqe -> sqe.prepareFtruncate(-1, 0, 3));
            assertEquals("0123", Files.readString(file));
        }
    }

    // ---- advice

    @Test
    @Does("FADVISE")
    void takesAdviceOnFiles() throws IOException {
        Files.writeString(file, "0123");
        try (Rig rig = new Rig()) {
            int fd = rig.open(file, Linux.O_RDONLY);
            int advice = Linux.POSIX_FADV_SEQUENTIAL;
            Sqe sqe = rig.next().prepareFadvise(fd, FAR, 4096, advice, 1);
            assertFields(sqe, FAR, 0, 4096, advice);
            assertEquals(0, rig.run(sqe));
            sqe = rig.next().prepareFadvise64(fd, 1, FAR, advice, 2);
            assertFields(sqe, 1, FAR, 0, advice);
            assertEquals(0, rig.run(sqe));
            int drop = Linux.POSIX_FADV_DONTNEED;
            assertEquals(0, rig.run(rig.next().prepareFadvise(fd, 0, 0, drop, 3)));
            assertEquals("0123", Files.readString(file));
        }
    }

    private static void assertFields(Sqe sqe, long off, long addr, int len, int opFlags) {
        assertEquals(off, Memory.getLong(sqe.address() + SqeLayout.OFF));
        assertEquals(addr, Memory.getLong(sqe.address() + SqeLayout.ADDR));
        assertEquals(len, Memory.getInt(sqe.address() + SqeLayout.LEN));
        assertEquals(opFlags, Memory.getInt(sqe.address() + SqeLayout.OP_FLAGS));
    }

    @Test
    @Refuses("FADVISE")
    void refusesAdviceOnPipesAndUnknownAdvice() {
        try (Rig rig = new Rig()) {
            int pipe = rig.pipe()[0];
            int fd = rig.open(file, CREATE);
            rig.assertRefused(Errno.ESPIPE, sqe -> sqe.prepareFadvise(pipe, 0, 1, 0, 1));
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.prepareFadvise(fd, 0, 1, 77, 2));
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.prepareFadvise64(fd, 0, FAR, 77, 3));
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.prepareFadvise64(fd, 0, -5, 0, 4));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> rig.next().prepareFadvise(fd, 0, -1, 0, 5));
        }
    }

    @Test
    @Does("MADVISE")
    void takesAdviceOnMemory() {
        try (Rig rig = new Rig();
                IoMemory memory = IoMemory.allocate(4L * PAGE, PAGE)) {
            memory.segment().fill((byte) 1);
            int drop = Linux.MADV_DONTNEED; // anonymous memory is zero then
            Sqe sqe = rig.next().prepareMadvise(memory, PAGE, 1, drop, 1);
            assertFields(sqe, 0, memory.address(PAGE, PAGE), 1, drop);
            assertTrue(memory.isLent());
            assertEquals(0, rig.run(sqe));
            assertPages("1011", memory);
            sqe = rig.next().prepareMadvise64(memory, 2L * PAGE, 2L * PAGE, drop, 2);
            assertFields(sqe, 2L * PAGE, memory.address(2L * PAGE, PAGE), 0, drop);
            assertEquals(0, rig.run(sqe));
            assertPages("1000", memory);
        }
    }

    private static void assertPages(String expected, IoMemory memory) {
        StringBuilder pages = new StringBuilder();
        for (long page = 0; page < memory.bytes(); page += PAGE) {
            byte first = memory.segment().get(ValueLayout.JAVA_BYTE, page);
            byte last = memory.segment().get(ValueLayout.JAVA_BYTE, page + PAGE - 1);
            assertEquals(first, last);
            pages.append(first);
        }
        assertEquals(expected, pages.toString());
    }

    @Test
    @Refuses("MADVISE")
    void refusesAdviceOnPartsOfPagesAndUnknownAdvice() {
        try (Rig rig = new Rig();
                IoMemory memory = IoMemory.allocate(2L * PAGE, PAGE)) {
            memory.segment().fill((byte) 1);
            int drop = Linux.MADV_DONTNEED;
            int errno = Errno.EINVAL;
            rig.assertRefused(errno, sqe -> sqe.prepareMadvise(memory, 16, PAGE, drop, 1));
            rig.assertRefused(errno, sqe -> sqe.prepareMadvise64(memory, 16, PAGE, drop, 2));
            rig.assertRefused(errno, sqe -> sqe.prepareMadvise(memory, 0, PAGE, 999, 3));
            assertPages("11", memory);
        }
    }

    /// The kernel rounds up: it would drop what is behind the memory too.
    @Test
    void adviceIsForPagesThatAreWhollyWithin() {
        try (Rig rig = new Rig();
                IoMemory memory = IoMemory.allocate(PAGE + 100L, PAGE)) {
            int drop = Linux.MADV_DONTNEED;
            Sqe sqe = rig.next();
            Class<? extends Exception> outside = IndexOutOfBoundsException.class;
            assertThrows(outside, () -> sqe.prepareMadvise(memory, PAGE, 100, drop, 1));
            assertThrows(outside, () -> sqe.prepareMadvise(memory, 0, PAGE + 1, drop, 1));
            assertThrows(outside, () -> sqe.prepareMadvise64(memory, 0, PAGE + 1, drop, 1));
            assertThrows(outside, () -> sqe.prepareMadvise64(memory, 0, Long.MAX_VALUE, drop, 1));
            assertThrows(outside, () -> sqe.prepareMadvise(memory, 0, -1, drop, 1));
            assertEquals(0, rig.run(sqe.prepareMadvise(memory, 0, PAGE, drop, 2)));
        }
    }

    @Test
    void adviceOnClosedMemoryIsRefused() {
        try (Rig rig = new Rig()) {
            IoMemory memory = IoMemory.allocate(PAGE, PAGE);
            memory.close();
            Sqe sqe = rig.next();
            int drop = Linux.MADV_DONTNEED;
            Class<? extends Exception> gone = IllegalStateException.class;
            assertThrows(gone, () -> sqe.prepareMadvise(memory, 0, PAGE, drop, 1));
            assertThrows(gone, () -> sqe.prepareMadvise64(memory, 0, PAGE, drop, 1));
            assertEquals(0, rig.ring.pendingCount());
            assertEquals(0, rig.run(sqe.prepareNop(2)));
        }
    }

    // ---- closing

    @Test
    @Does("CLOSE")
    void closes() {
        try (Rig rig = new Rig()) {
            int[] pipe = rig.pipe();
            assertEquals(0, rig.run(rig.next().prepareClose(pipe[1], 1)));
            rig.forget(pipe[1]);
            assertEquals(0, Libc.read(pipe[0], 8).length);
        }
    }

    @Test
    @Refuses("CLOSE")
    void refusesToCloseWhatIsNotOpen() {
        try (Rig rig = new Rig()) {
            int own = rig.ring.fd();
            rig.assertRefused(Errno.EBADF, sqe -> sqe.prepareClose(-1, 1));
            rig.assertRefused(Errno.EBADF, sqe -> sqe.prepareClose(own, 2));
            rig.assertRefused(Errno.ENXIO, sqe -> sqe.prepareCloseDirect(0, 3));
            DirectDescriptors descriptors = new DirectDescriptors(rig.ring, 4);
            assertEquals(4, descriptors.count());
            rig.assertRefused(Errno.EBADF, sqe -> sqe.prepareCloseDirect(3, 4));
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.prepareCloseDirect(4, 5));
            int max = Integer.MAX_VALUE - 1;
            rig.assertRefused(Errno.EINVAL, sqe -> sqe.prepareCloseDirect(max, 6));
        }
    }

    /// One slot too low would be a regular descriptor, and 0 at that.
    @Test
    void refusesSlotsThatAreNone() {
        try (Rig rig = new Rig()) {
            Sqe sqe = rig.next();
            Class<? extends Exception> none = IllegalArgumentException.class;
            assertThrows(none, () -> sqe.prepareCloseDirect(-1, 1));
            assertThrows(none, () -> sqe.prepareCloseDirect(-2, 1));
            assertFalse(rig.ring.pendingCount() > 0);
            assertEquals(0, rig.run(sqe.prepareNop(2)));
        }
    }
}
