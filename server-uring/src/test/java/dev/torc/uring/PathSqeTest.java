package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/// Names: those that are made, changed and removed. `OpenSqeTest` opens files.
class PathSqeTest {
    @TempDir private Path directory = Path.of("");

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    @Does("RENAMEAT")
    void renamesAFileAndReplacesWhatHasItsNewName() {
        try (PathRig here = new PathRig(directory)) {
            here.write("old", "mine");
            here.write("new", "replaced");
            IoMemory old = here.text("old");
            IoMemory renamed = here.text("new");
            Sqe sqe = here.next().prepareRenameat(here.fd, old, here.fd, renamed, 0, 5);
            assertTrue(old.isLent() && renamed.isLent());
            assertEquals(0, here.run(sqe));
            assertFalse(old.isLent() || renamed.isLent());
            assertFalse(here.has("old"));
            assertEquals("mine", here.read("new"));
        }
    }

    @Test
    @Does("RENAMEAT")
    void movesAFileToAnotherDirectoryAndSwapsTwo() throws IOException {
        Files.createDirectory(directory.resolve("inner"));
        try (PathRig here = new PathRig(directory)) {
            int inner = here.rig.open(here.at("inner"), Linux.O_RDONLY | Linux.O_DIRECTORY);
            here.write("a", "was a");
            here.write("b", "was b");
            IoMemory a = here.text("a");
            IoMemory b = here.text("b");
            assertEquals(0, here.run(here.next().prepareRenameat(here.fd, a, inner, b, 0, 5)));
            assertEquals("was a", here.read("inner/b"));
            int swap = Linux.RENAME_EXCHANGE;
            assertEquals(0, here.run(here.next().prepareRenameat(here.fd, b, inner, b, swap, 5)));
            assertEquals("was a", here.read("b"));
            assertEquals("was b", here.read("inner/b"));
        }
    }

    @Test
    @Refuses("RENAMEAT")
    void doesNotRenameWhatIsNotThereNorToWhatIs() {
        try (PathRig here = new PathRig(directory)) {
            here.write("a", "was a");
            here.write("b", "was b");
            IoMemory a = here.text("a");
            IoMemory b = here.text("b");
            int keep = Linux.RENAME_NOREPLACE;
            here.assertRefused(
                    Errno.EEXIST, here.next().prepareRenameat(here.fd, a, here.fd, b, keep, 5));
            here.assertRefused(
                    Errno.ENOENT,
                    here.next().prepareRenameat(here.fd, here.text("c"), here.fd, b, 0, 5));
            here.assertRefused(
                    Errno.EBADF,
                    here.next()
                            .prepareRenameat(here.fd, a, here.fd, b, 0, 5)
                            .addFlags(IoUring.IOSQE_FIXED_FILE));
            assertEquals("was b", here.read("b"));
        }
    }

    @Test
    @Does("UNLINKAT")
    void removesFilesAndEmptyDirectories() throws IOException {
        Files.createDirectory(directory.resolve("inner"));
        try (PathRig here = new PathRig(directory)) {
            here.write("a", "a");
            assertEquals(0, here.run(here.next().prepareUnlinkat(here.fd, here.text("a"), 0, 5)));
            assertFalse(here.has("a"));
            int directories = Linux.AT_REMOVEDIR;
            Sqe sqe = here.next().prepareUnlinkat(here.fd, here.text("inner"), directories, 5);
            assertEquals(0, here.run(sqe));
            assertFalse(here.has("inner"));
        }
    }

    @Test
    @Refuses("UNLINKAT")
    void doesNotRemoveWhatIsNotThereNorADirectoryThatIsNotEmpty() throws IOException {
        Files.createDirectory(directory.resolve("inner"));
        try (PathRig here = new PathRig(directory)) {
            here.write("inner/a", "a");
            IoMemory inner = here.text("inner");
            int directories = Linux.AT_REMOVEDIR;
            here.assertRefused(
                    Errno.ENOTEMPTY, here.next().prepareUnlinkat(here.fd, inner, directories, 5));
            here.assertRefused(Errno.EISDIR, here.next().prepareUnlinkat(here.fd, inner, 0, 5));
            here.assertRefused(
                    Errno.ENOENT, here.next().prepareUnlinkat(here.fd, here.text("a"), 0, 5));
            here.assertRefused(Errno.EINVAL, here.next().prepareUnlinkat(here.fd, inner, 1, 5));
            assertEquals("a", here.read("inner/a"));
        }
    }

    @Test
    @Does("MKDIRAT")
    void makesADirectoryWithItsPermissions() throws IOException {
        try (PathRig here = new PathRig(directory)) {
            assertEquals(0, here.run(here.next().prepareMkdirat(here.fd, here.text("a"), 0700, 5)));
            assertTrue(Files.isDirectory(here.at("a")));
            assertEquals(0700, (int) Files.getAttribute(here.at("a"), "unix:mode") & 0777);
        }
    }

    @Test
    @Refuses("MKDIRAT")
    void makesNoDirectoryWhereSomethingIs() {
        try (PathRig here = new PathRig(directory)) {
            here.write("a", "a");
            here.assertRefused(
                    Errno.EEXIST, here.next().prepareMkdirat(here.fd, here.text("a"), 0700, 5));
            here.assertRefused(
                    Errno.ENOTDIR, here.next().prepareMkdirat(here.fd, here.text("a/b"), 0700, 5));
            here.assertRefused(
                    Errno.ENOENT, here.next().prepareMkdirat(here.fd, here.text("b/c"), 0700, 5));
            here.assertRefused(
                    Errno.EBADF, here.next().prepareMkdirat(-1, here.text("b"), 0700, 5));
            assertEquals("a", here.read("a"));
        }
    }

    @Test
    @Does("SYMLINKAT")
    void makesASymbolicLinkToWhateverItIsTold() throws IOException {
        try (PathRig here = new PathRig(directory)) {
            IoMemory target = here.text("nowhere/at all");
            IoMemory link = here.text("link");
            Sqe sqe = here.next().prepareSymlinkat(target, here.fd, link, 5);
            assertTrue(target.isLent() && link.isLent());
            assertEquals(0, here.run(sqe));
            assertEquals(Path.of("nowhere/at all"), Files.readSymbolicLink(here.at("link")));
        }
    }

    @Test
    @Refuses("SYMLINKAT")
    void makesNoSymbolicLinkWhereSomethingIsNorToNothing() {
        try (PathRig here = new PathRig(directory)) {
            here.write("a", "a");
            IoMemory a = here.text("a");
            here.assertRefused(
                    Errno.EEXIST, here.next().prepareSymlinkat(here.text("b"), here.fd, a, 5));
            here.assertRefused(
                    Errno.ENOENT, here.next().prepareSymlinkat(here.text(""), here.fd, a, 5));
            assertEquals("a", here.read("a"));
        }
    }

    @Test
    @Does("LINKAT")
    void givesAFileASecondName() throws IOException {
        try (PathRig here = new PathRig(directory)) {
            here.write("a", "shared");
            Sqe sqe =
                    here.next()
                            .prepareLinkat(here.fd, here.text("a"), here.fd, here.text("b"), 0, 5);
            assertEquals(0, here.run(sqe));
            assertTrue(Files.isSameFile(here.at("a"), here.at("b")));
            assertEquals(2, Files.getAttribute(here.at("a"), "unix:nlink"));
        }
    }

    @Test
    @Does("LINKAT")
    void namesWhatASymbolicLinkLeadsToWhenItIsTold() throws IOException {
        Files.createSymbolicLink(directory.resolve("link"), Path.of("a"));
        try (PathRig here = new PathRig(directory)) {
            here.write("a", "shared");
            IoMemory link = here.text("link");
            IoMemory b = here.text("b");
            IoMemory c = here.text("c");
            assertEquals(0, here.run(here.next().prepareLinkat(here.fd, link, here.fd, b, 0, 5)));
            assertTrue(Files.isSymbolicLink(here.at("b")));
            int follow = Linux.AT_SYMLINK_FOLLOW;
            assertEquals(
                    0, here.run(here.next().prepareLinkat(here.fd, link, here.fd, c, follow, 5)));
            assertFalse(Files.isSymbolicLink(here.at("c")));
            assertTrue(Files.isSameFile(here.at("a"), here.at("c")));
        }
    }

    @Test
    @Refuses("LINKAT")
    void givesNoNameThatSomethingHasNorToWhatIsNotThere() {
        try (PathRig here = new PathRig(directory)) {
            here.write("a", "was a");
            here.write("b", "was b");
            IoMemory a = here.text("a");
            IoMemory b = here.text("b");
            IoMemory c = here.text("c");
            here.assertRefused(
                    Errno.EEXIST, here.next().prepareLinkat(here.fd, a, here.fd, b, 0, 5));
            here.assertRefused(
                    Errno.ENOENT, here.next().prepareLinkat(here.fd, c, here.fd, c, 0, 5));
            here.assertRefused(
                    Errno.EINVAL, here.next().prepareLinkat(here.fd, a, here.fd, c, 1, 5));
            assertEquals("was b", here.read("b"));
        }
    }

    @Test
    @Does({"MKDIRAT", "SYMLINKAT", "LINKAT", "RENAMEAT", "UNLINKAT"})
    void shortFormsBeginWhereTheProcessIs() throws IOException {
        try (PathRig here = new PathRig(directory)) {
            assertEquals(
                    0, runFromHere(here, here.next().prepareMkdir(here.absolute("d"), 0700, 5)));
            here.write("d/a", "a");
            IoMemory a = here.absolute("d/a");
            IoMemory b = here.absolute("d/b");
            IoMemory c = here.absolute("d/c");
            assertEquals(0, runFromHere(here, here.next().prepareSymlink(a, b, 5)));
            assertEquals(here.at("d/a"), Files.readSymbolicLink(here.at("d/b")));
            assertEquals(0, runFromHere(here, here.next().prepareUnlink(b, 0, 5)));
            assertFalse(here.has("d/b"));
            Sqe sqe = here.next().prepareLink(a, b, 0, 5);
            assertEquals(Linux.AT_FDCWD, Memory.getInt(sqe.address() + SqeLayout.LEN));
            assertEquals(0, runFromHere(here, sqe));
            assertTrue(Files.isSameFile(here.at("d/a"), here.at("d/b")));
            sqe = here.next().prepareRename(b, c, 5);
            assertEquals(Linux.AT_FDCWD, Memory.getInt(sqe.address() + SqeLayout.LEN));
            assertEquals(0, runFromHere(here, sqe));
            assertTrue(here.has("d/c") && !here.has("d/b"));
        }
    }

    private static int runFromHere(PathRig here, Sqe prepared) {
        assertEquals(Linux.AT_FDCWD, Memory.getInt(prepared.address() + SqeLayout.FD));
        return here.run(prepared);
    }

    @Test
    void aPathMayBeClosedAsSoonAsItIsPrepared() {
        try (PathRig here = new PathRig(directory)) {
            IoMemory path = IoMemory.ofString("a");
            Sqe sqe = here.next().prepareMkdirat(here.fd, path, 0700, 5);
            path.close();
            assertTrue(path.isLent());
            assertEquals(0, here.run(sqe));
            assertFalse(path.isLent());
            assertTrue(here.has("a"));
            assertThrows(
                    IllegalStateException.class,
                    () -> here.next().prepareMkdirat(here.fd, path, 0700, 5));
            assertEquals(0, here.rig.ring.pendingCount());
        }
    }

    @Test
    void whatIsNoTextIsRefusedBeforeAnythingIsPrepared() {
        try (PathRig here = new PathRig(directory)) {
            IoMemory text = here.text("a");
            IoMemory open = here.rig.bytes("a");
            Sqe sqe = here.next();
            assertNoText(() -> sqe.prepareMkdirat(here.fd, open, 0700, 5));
            assertNoText(() -> sqe.prepareUnlinkat(here.fd, open, 0, 5));
            assertNoText(() -> sqe.prepareOpenat(here.fd, open, 0, 0, 5));
            assertNoText(() -> sqe.prepareOpenat2(here.fd, open, 0, 0, 0, 5));
            assertNoText(() -> sqe.prepareRenameat(here.fd, text, here.fd, open, 0, 5));
            assertNoText(() -> sqe.prepareLinkat(here.fd, open, here.fd, text, 0, 5));
            assertNoText(() -> sqe.prepareSymlinkat(open, here.fd, text, 5));
            assertNoText(() -> sqe.prepareGetxattr(text, open, text, 0, 1, 5));
            assertNoText(() -> sqe.prepareSetxattr(open, text, text, 0, 1, 0, 5));
            assertEquals(0, here.rig.ring.pendingCount());
            assertEquals(0, here.rig.ring.lendingCount());
            assertEquals(0, here.run(sqe.prepareMkdirat(here.fd, text, 0700, 5)));
        }
    }

    private static void assertNoText(Runnable prepare) {
        Exception refusal = assertThrows(IllegalArgumentException.class, prepare::run);
        assertEquals("text must end in a NUL: use IoMemory.ofString", refusal.getMessage());
    }

    /// Otherwise the kernel could write to memory that has been freed.
    @Test
    void managedMemoryIsHeldAlsoBesideUnmanaged() {
        try (PathRig here = new PathRig(directory);
                Arena arena = Arena.ofConfined()) {
            here.write("a", "a");
            IoMemory unmanaged = IoMemory.unmanaged(arena.allocateFrom("a"));
            IoMemory managed = here.text("b");
            Sqe sqe = here.next().prepareRenameat(here.fd, unmanaged, here.fd, managed, 0, 5);
            assertTrue(managed.isLent());
            assertFalse(unmanaged.isLent());
            assertEquals(1, here.rig.ring.lendingCount());
            assertEquals(0, here.run(sqe));
            assertFalse(managed.isLent());
            assertEquals("a", here.read("b"));
        }
    }
}
