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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What [PathSqe] opens.
class OpenSqeTest {
    private static final int CREATE = Linux.O_RDWR | Linux.O_CREAT | Linux.O_CLOEXEC;
    private static final int CREATE_DIRECT = Linux.O_RDWR | Linux.O_CREAT;
    private static final int F_GETFL = 3;
    private static final int O_ACCMODE = 3;

    @TempDir private Path directory = Path.of("");

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    @Does("OPENAT")
    void makesAFileAndOpensIt() throws IOException {
        try (PathRig here = new PathRig(directory)) {
            IoMemory path = here.text("a");
            Sqe sqe = here.next().prepareOpenat(here.fd, path, CREATE, 0600, 5);
            assertTrue(path.isLent());
            int fd = here.rig.keep(here.run(sqe));
            assertEquals(3, Libc.write(fd, "abc".getBytes(UTF_8)));
            assertEquals("abc", here.read("a"));
            assertEquals(0600, (int) Files.getAttribute(here.at("a"), "unix:mode") & 0777);
        }
    }

    @Test
    @Does("OPENAT")
    void opensFromWhereTheProcessIs() {
        try (PathRig here = new PathRig(directory)) {
            here.write("a", "abc");
            Sqe sqe = here.next().prepareOpen(here.absolute("a"), Linux.O_CLOEXEC, 0, 5);
            assertEquals(Linux.AT_FDCWD, Memory.getInt(sqe.address() + SqeLayout.FD));
            int fd = here.rig.keep(here.run(sqe));
            assertEquals("abc", new String(Libc.read(fd, 10), UTF_8));
            assertEquals(Linux.O_RDONLY, Libc.fcntl(fd, F_GETFL, 0) & O_ACCMODE);
        }
    }

    @Test
    @Refuses("OPENAT")
    void doesNotOpenWhatItMustNot() throws IOException {
        Files.createSymbolicLink(directory.resolve("link"), Path.of("a"));
        try (PathRig here = new PathRig(directory)) {
            IoMemory a = here.text("a");
            assertOpenRefused(here, Errno.ENOENT, a, 0);
            here.write("a", "abc");
            assertOpenRefused(here, Errno.EEXIST, a, CREATE | Linux.O_EXCL);
            assertOpenRefused(here, Errno.ENOTDIR, a, Linux.O_DIRECTORY);
            assertOpenRefused(here, Errno.ELOOP, here.text("link"), Linux.O_NOFOLLOW);
            here.assertRefused(Errno.EBADF, here.next().prepareOpenat(-1, a, 0, 0, 5));
            here.assertRefused(
                    Errno.EBADF,
                    here.next()
                            .prepareOpenat(here.fd, a, 0, 0, 5)
                            .addFlags(IoUring.IOSQE_FIXED_FILE));
        }
    }

    private static void assertOpenRefused(PathRig here, int errno, IoMemory path, int flags) {
        here.assertRefused(errno, here.next().prepareOpenat(here.fd, path, flags, 0600, 5));
    }

    @Test
    @Does({"OPENAT", "OPENAT2"})
    void opensAsTheDirectDescriptorThatItIsTold() {
        try (PathRig here = new PathRig(directory)) {
            new DirectDescriptors(here.rig.ring, 4);
            here.write("a", "was a");
            here.write("b", "was b");
            here.write("c", "was c");
            IoMemory a = here.text("a");
            Sqe sqe = here.next().prepareOpenatDirect(here.fd, a, 0, 0, 2, 5);
            assertEquals(3, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
            assertEquals(0, here.run(sqe));
            assertEquals("was a", content(here, 2));
            sqe = here.next().prepareOpenat2Direct(here.fd, here.text("b"), 0, 0, 0, 2, 5);
            assertEquals(3, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
            assertEquals(0, here.run(sqe));
            assertEquals("was b", content(here, 2));
            sqe = here.next().prepareOpenDirect(here.absolute("c"), 0, 0, 0, 5);
            assertEquals(Linux.AT_FDCWD, Memory.getInt(sqe.address() + SqeLayout.FD));
            assertEquals(1, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
            assertEquals(0, here.run(sqe));
            assertEquals("was c", content(here, 0));
            assertEquals(0, here.run(here.next().prepareCloseDirect(2, 5)));
            here.assertRefused(Errno.EBADF, here.next().prepareCloseDirect(2, 5));
        }
    }

    @Test
    @Does({"OPENAT", "OPENAT2"})
    void opensAsDirectDescriptorsThatTheKernelPicksUntilThereAreNone() {
        try (PathRig here = new PathRig(directory)) {
            new DirectDescriptors(here.rig.ring, 3);
            here.write("a", "was a");
            IoMemory a = here.text("a");
            Sqe sqe = here.next().prepareOpenatDirectAlloc(here.fd, a, 0, 0, 5);
            assertEquals(-1, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
            assertEquals(0, here.run(sqe));
            sqe = here.next().prepareOpenat2DirectAlloc(here.fd, a, 0, 0, 0, 5);
            assertEquals(-1, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
            assertEquals(1, here.run(sqe));
            sqe = here.next().prepareOpenDirectAlloc(here.absolute("a"), 0, 0, 5);
            assertEquals(Linux.AT_FDCWD, Memory.getInt(sqe.address() + SqeLayout.FD));
            assertEquals(2, here.run(sqe));
            assertEquals("was a", content(here, 1));
            here.assertRefused(
                    Errno.ENFILE, here.next().prepareOpenatDirectAlloc(here.fd, a, 0, 0, 5));
            assertEquals(0, here.run(here.next().prepareCloseDirect(1, 5)));
            sqe = here.next().prepareOpenat2DirectAlloc(here.fd, a, 0, 0, 0, 5);
            assertEquals(1, here.run(sqe));
        }
    }

    private static String content(PathRig here, int slot) {
        try (IoMemory memory = IoMemory.allocate(10)) {
            Sqe sqe = here.next().prepareRead(slot, memory, 0, 10, 0, 5);
            assertEquals(5, here.run(sqe.addFlags(IoUring.IOSQE_FIXED_FILE)));
            return memory.text();
        }
    }

    @Test
    @Refuses({"OPENAT", "OPENAT2"})
    void opensNoDirectDescriptorWithoutAPlaceOrToBeClosedOnExec() {
        try (PathRig here = new PathRig(directory)) {
            IoMemory a = here.text("a");
            int flags = CREATE_DIRECT;
            here.assertRefused(
                    Errno.ENXIO, here.next().prepareOpenatDirect(here.fd, a, flags, 0600, 0, 5));
            new DirectDescriptors(here.rig.ring, 4);
            here.assertRefused(
                    Errno.EINVAL, here.next().prepareOpenatDirect(here.fd, a, flags, 0600, 4, 5));
            here.assertRefused(
                    Errno.EINVAL,
                    here.next().prepareOpenat2Direct(here.fd, a, flags, 0600, 0, 4, 5));
            int closed = flags | Linux.O_CLOEXEC;
            here.assertRefused(
                    Errno.EINVAL, here.next().prepareOpenatDirect(here.fd, a, closed, 0600, 0, 5));
            here.assertRefused(
                    Errno.EINVAL,
                    here.next().prepareOpenat2DirectAlloc(here.fd, a, closed, 0600, 0, 5));
        }
    }

    /// -1 would open a regular descriptor, and -2 one that the kernel picks.
    @Test
    void aSlotIsNotNegative() {
        try (PathRig here = new PathRig(directory)) {
            IoMemory a = here.text("a");
            Sqe sqe = here.next();
            assertNoSlot(-1, () -> sqe.prepareOpenatDirect(here.fd, a, 0, 0, -1, 5));
            assertNoSlot(-2, () -> sqe.prepareOpenDirect(a, 0, 0, -2, 5));
            assertNoSlot(-1, () -> sqe.prepareOpenat2Direct(here.fd, a, 0, 0, 0, -1, 5));
            assertEquals(0, here.rig.ring.pendingCount());
            assertEquals(0, here.rig.ring.lendingCount());
        }
    }

    private static void assertNoSlot(int slot, Runnable prepare) {
        Exception refusal = assertThrows(IllegalArgumentException.class, prepare::run);
        assertEquals("slot must not be negative: slot=" + slot, refusal.getMessage());
    }

    @Test
    void olderKernelsOpenNoDirectDescriptors() {
        try (PathRig here = new PathRig(directory)) {
            IoMemory a = here.text("a");
            IoMemory entry = here.rig.memory(SqeLayout.BYTES);
            Sqe sqe = new Sqe(here.rig.ring, new Support(0, 0, "5.10.3"), new Leases());
            sqe.open(entry.address(0, SqeLayout.BYTES));
            assertNeeds("5.15", () -> sqe.prepareOpenatDirect(here.fd, a, 0, 0, 1, 5));
            assertNeeds("5.15", () -> sqe.prepareOpenat2Direct(here.fd, a, 0, 0, 0, 1, 5));
            assertNeeds("5.19", () -> sqe.prepareOpenatDirectAlloc(here.fd, a, 0, 0, 5));
            assertNeeds("5.19", () -> sqe.prepareOpenat2DirectAlloc(here.fd, a, 0, 0, 0, 5));
        }
    }

    private static void assertNeeds(String release, Runnable prepare) {
        UnsupportedException refusal = assertThrows(UnsupportedException.class, prepare::run);
        assertEquals(KernelRelease.parse(release), refusal.needed());
    }

    @Test
    @Does("OPENAT2")
    void takesTheDirectoryForTheRootWhenItIsTold() {
        try (PathRig here = new PathRig(directory)) {
            IoMemory path = here.text("/../a");
            int root = Linux.RESOLVE_IN_ROOT;
            Sqe sqe = here.next().prepareOpenat2(here.fd, path, CREATE, 0600, root, 5);
            assertTrue(path.isLent());
            assertEquals(24, Memory.getInt(sqe.address() + SqeLayout.LEN));
            int fd = here.rig.keep(here.run(sqe));
            assertEquals(3, Libc.write(fd, "abc".getBytes(UTF_8)));
            assertEquals("abc", here.read("a"));
        }
    }

    /// The second operation's `struct open_how` is where the first's was.
    @Test
    @Does("OPENAT2")
    void whatItIsToldIsCopiedWhenItIsSubmitted() {
        try (PathRig here = new PathRig(directory, new Rig(Ring.open(1, 8)))) {
            Ring ring = here.rig.ring;
            here.write("b", "was b");
            IoMemory a = here.text("a");
            IoMemory b = here.text("b");
            here.next()
                    .prepareOpenat2(here.fd, a, CREATE, 0600, 0, 1)
                    .addFlags(IoUring.IOSQE_ASYNC);
            assertEquals(1, ring.submit());
            here.next().prepareOpenat2(here.fd, b, Linux.O_CLOEXEC, 0, Linux.RESOLVE_BENEATH, 2);
            int[] fds = new int[3];
            for (int i = 0; i < 2; i++) {
                Completion completion = here.rig.take();
                fds[(int) completion.userData()] = here.rig.keep(completion.result());
            }
            assertEquals(Linux.O_RDWR, Libc.fcntl(fds[1], F_GETFL, 0) & O_ACCMODE);
            assertEquals(Linux.O_RDONLY, Libc.fcntl(fds[2], F_GETFL, 0) & O_ACCMODE);
            assertTrue(here.has("a"));
        }
    }

    @Test
    @Refuses("OPENAT2")
    void doesNotFollowAPathToWhereItMustNotLead() throws IOException {
        Files.createDirectory(directory.resolve("inner"));
        Files.createSymbolicLink(directory.resolve("inner/link"), Path.of("a"));
        try (PathRig outer = new PathRig(directory)) {
            outer.write("a", "outside");
            outer.write("inner/a", "inside");
            int inner = outer.rig.open(outer.at("inner"), Linux.O_RDONLY | Linux.O_DIRECTORY);
            IoMemory outside = outer.text("../a");
            int beneath = Linux.RESOLVE_BENEATH;
            outer.assertRefused(
                    Errno.EXDEV, outer.next().prepareOpenat2(inner, outside, 0, 0, beneath, 5));
            outer.assertRefused(
                    Errno.EXDEV,
                    outer.next().prepareOpenat2(inner, outer.absolute("a"), 0, 0, beneath, 5));
            outer.assertRefused(
                    Errno.ELOOP,
                    outer.next()
                            .prepareOpenat2(
                                    inner, outer.text("link"), 0, 0, Linux.RESOLVE_NO_SYMLINKS, 5));
            outer.rig.keep(outer.run(outer.next().prepareOpenat2(inner, outside, 0, 0, 0, 5)));
        }
    }

    @Test
    @Refuses("OPENAT2")
    void doesNotIgnoreWhatItDoesNotKnow() {
        try (PathRig here = new PathRig(directory)) {
            here.write("a", "a");
            IoMemory a = here.text("a");
            here.assertRefused(Errno.EINVAL, here.next().prepareOpenat2(here.fd, a, 0, 0600, 0, 5));
            here.assertRefused(
                    Errno.EINVAL, here.next().prepareOpenat2(here.fd, a, 1L << 40, 0, 0, 5));
            here.assertRefused(
                    Errno.EINVAL, here.next().prepareOpenat2(here.fd, a, 0, 0, 1L << 40, 5));
            here.assertRefused(
                    Errno.ENOENT, here.next().prepareOpenat2(here.fd, here.text("b"), 0, 0, 0, 5));
        }
    }
}
