package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.StatxBuf;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

class StatxTest {
    private static final int WANTED = Linux.STATX_BASIC_STATS | Linux.STATX_BTIME;

    @TempDir private Path directory = Path.of("");

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    @Does("STATX")
    void saysOfAFileWhatTheJdkSays() throws IOException {
        try (PathRig here = new PathRig(directory);
                Statx statx = new Statx()) {
            Path file = here.write("a", "abcdef");
            Instant changed = Instant.parse("2001-02-03T04:05:06.25Z");
            Files.setLastModifiedTime(file, FileTime.from(changed));
            Files.createLink(here.at("b"), file);
            assertEquals(0, here.run(ask(here, "a", 0, WANTED, statx)));
            assertEquals(
                    Linux.STATX_BASIC_STATS, statx.mask() & Linux.STATX_BASIC_STATS, "the mask");
            assertEquals(6, statx.size());
            assertEquals(attribute(file, "mode"), statx.mode());
            assertEquals(Linux.S_IFREG, statx.mode() & Linux.S_IFMT);
            assertEquals(attribute(file, "ino"), statx.inode());
            assertEquals(2, statx.links());
            assertEquals(attribute(file, "uid"), statx.uid());
            assertEquals(attribute(file, "gid"), statx.gid());
            assertEquals(attribute(file, "dev"), device(statx.deviceMajor(), statx.deviceMinor()));
            assertEquals(changed, statx.mtime());
            assertEquals(changed.getEpochSecond(), statx.mtimeSeconds());
            assertEquals(250_000_000, statx.mtimeNanos());
            BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class);
            assertEquals(basic.lastAccessTime().toInstant(), statx.atime());
            FileTime inodeChanged = (FileTime) Files.getAttribute(file, "unix:ctime");
            assertEquals(inodeChanged.toInstant(), statx.ctime());
            if ((statx.mask() & Linux.STATX_BTIME) != 0) {
                assertEquals(basic.creationTime().toInstant(), statx.btime());
            }
        }
    }

    @Test
    @Does("STATX")
    void oneObjectServesOneFileAfterTheOther() throws IOException {
        Files.createSymbolicLink(directory.resolve("link"), Path.of("a"));
        try (PathRig here = new PathRig(directory);
                Statx statx = new Statx()) {
            here.write("a", "abcdef");
            assertEquals(0, here.run(ask(here, "link", 0, WANTED, statx)));
            assertEquals(Linux.S_IFREG, statx.mode() & Linux.S_IFMT);
            assertEquals(6, statx.size());
            assertEquals(0, here.run(ask(here, "link", Linux.AT_SYMLINK_NOFOLLOW, WANTED, statx)));
            assertEquals(Linux.S_IFLNK, statx.mode() & Linux.S_IFMT);
            assertEquals(1, statx.size());
            assertEquals(0, here.run(ask(here, "", Linux.AT_EMPTY_PATH, WANTED, statx)));
            assertEquals(Linux.S_IFDIR, statx.mode() & Linux.S_IFMT);
            assertEquals(attribute(directory, "ino"), statx.inode());
        }
    }

    @Test
    @Does("STATX")
    void saysWhichDeviceADeviceIs() throws IOException {
        Path device = Path.of("/dev/null");
        try (PathRig here = new PathRig(directory);
                Statx statx = new Statx()) {
            assertEquals(0, here.run(ask(here, device.toString(), 0, Linux.STATX_TYPE, statx)));
            assertEquals(Linux.S_IFCHR, statx.mode() & Linux.S_IFMT);
            int major = statx.specialDeviceMajor();
            int minor = statx.specialDeviceMinor();
            assertEquals(attribute(device, "rdev"), device(major, minor));
        }
    }

    @Test
    @Refuses("STATX")
    void saysNothingOfWhatIsNotThere() {
        try (PathRig here = new PathRig(directory);
                Statx statx = new Statx()) {
            here.write("a", "abcdef");
            here.assertRefused(Errno.ENOENT, ask(here, "b", 0, WANTED, statx));
            here.assertRefused(Errno.ENOENT, ask(here, "", 0, WANTED, statx));
            here.assertRefused(Errno.ENOTDIR, ask(here, "a/b", 0, WANTED, statx));
            here.assertRefused(Errno.EINVAL, ask(here, "a", 1, WANTED, statx));
            here.assertRefused(Errno.EINVAL, ask(here, "a", 0, 1 << 31, statx));
            here.assertRefused(
                    Errno.EBADF,
                    ask(here, "a", 0, WANTED, statx).addFlags(IoUring.IOSQE_FIXED_FILE));
            assertEquals(0, statx.mask());
            assertEquals(0, statx.size());
        }
    }

    @Test
    void cannotBeReadWhileAnOperationHoldsIt() {
        try (PathRig here = new PathRig(directory);
                Statx statx = new Statx()) {
            here.write("a", "abcdef");
            assertEquals(0, statx.size());
            Sqe sqe = ask(here, "a", 0, WANTED, statx);
            assertTrue(statx.isLent());
            assertThrows(IllegalStateException.class, statx::size);
            assertThrows(IllegalStateException.class, statx::mode);
            assertThrows(IllegalStateException.class, statx::mtime);
            assertEquals(0, here.run(sqe));
            assertFalse(statx.isLent());
            assertEquals(6, statx.size());
        }
    }

    @Test
    void mayBeClosedWhileAnOperationHoldsIt() {
        try (PathRig here = new PathRig(directory)) {
            Statx statx = new Statx();
            Sqe sqe = ask(here, "", Linux.AT_EMPTY_PATH, WANTED, statx);
            statx.close();
            assertTrue(statx.isLent());
            assertEquals(0, here.run(sqe));
            assertFalse(statx.isLent());
            assertThrows(IllegalStateException.class, statx::size);
            assertThrows(IllegalStateException.class, () -> ask(here, "", 0, WANTED, statx));
            assertEquals(0, here.rig.ring.lendingCount());
        }
    }

    /// Each byte of the structure is its offset, so that no two values are alike.
    @Test
    void everyAccessorReadsItsOwnField() {
        try (Statx statx = new Statx()) {
            for (int i = 0; i < StatxBuf.BYTES; i++) Memory.putByte(statx.address() + i, (byte) i);
            assertEquals(0x03020100, statx.mask());
            assertEquals(0x07060504, statx.blockBytes());
            assertEquals(0x0f0e0d0c0b0a0908L, statx.attributes());
            assertEquals(0x13121110, statx.links());
            assertEquals(0x17161514, statx.uid());
            assertEquals(0x1b1a1918, statx.gid());
            assertEquals(0x1d1c, statx.mode());
            assertEquals(0x2726252423222120L, statx.inode());
            assertEquals(0x2f2e2d2c2b2a2928L, statx.size());
            assertEquals(0x3736353433323130L, statx.blocks());
            assertEquals(0x3f3e3d3c3b3a3938L, statx.attributesMask());
            assertEquals(0x4746454443424140L, statx.atimeSeconds());
            assertEquals(0x4b4a4948, statx.atimeNanos());
            assertEquals(0x5756555453525150L, statx.btimeSeconds());
            assertEquals(0x5b5a5958, statx.btimeNanos());
            assertEquals(0x6766656463626160L, statx.ctimeSeconds());
            assertEquals(0x6b6a6968, statx.ctimeNanos());
            assertEquals(0x7776757473727170L, statx.mtimeSeconds());
            assertEquals(0x7b7a7978, statx.mtimeNanos());
            assertEquals(0x83828180, statx.specialDeviceMajor());
            assertEquals(0x87868584, statx.specialDeviceMinor());
            assertEquals(0x8b8a8988, statx.deviceMajor());
            assertEquals(0x8f8e8d8c, statx.deviceMinor());
            assertEquals(0x9796959493929190L, statx.mountId());
            assertEquals(0x9b9a9998, statx.directMemoryAlignment());
            assertEquals(0x9f9e9d9c, statx.directOffsetAlignment());
        }
    }

    @Test
    void timesBefore1970AreNegativeAndGoForward() {
        try (Statx statx = new Statx()) {
            Memory.putLong(statx.address() + StatxBuf.MTIME + StatxBuf.TV_SEC, -2);
            Memory.putInt(statx.address() + StatxBuf.MTIME + StatxBuf.TV_NSEC, 250_000_000);
            assertEquals(-2, statx.mtimeSeconds());
            assertEquals(Instant.parse("1969-12-31T23:59:58.25Z"), statx.mtime());
        }
    }

    private static Sqe ask(PathRig here, String path, int flags, int mask, Statx statx) {
        return here.next().prepareStatx(here.fd, here.text(path), flags, mask, statx, 5);
    }

    private static long attribute(Path file, String name) throws IOException {
        Object value = Files.getAttribute(file, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
        return ((Number) value).longValue();
    }

    /// `makedev(3)`.
    private static long device(int major, int minor) {
        return (major & 0xfffL) << 8
                | (minor & 0xffL)
                | (minor & 0xffffff00L) << 12
                | (major & 0xfffff000L) << 32;
    }
}
