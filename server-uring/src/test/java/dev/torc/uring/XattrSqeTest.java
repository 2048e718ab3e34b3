package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;

/// Extended attributes, by descriptor and by path. The JDK's view of them, whose names have no
/// `user.`, sets the scene and looks at what came of it.
class XattrSqeTest {
    private static final String NAME = "user.torc";

    @TempDir private Path directory = Path.of("");

    @BeforeAll
    static void probe(@TempDir Path probed) {
        Kernel.assumeIoUring();
        try (IoMemory path = IoMemory.ofString(probed.toString());
                IoMemory name = IoMemory.ofString(NAME)) {
            int result = Libc.setxattr(path, name, name);
            assumeTrue(
                    result != -Errno.EOPNOTSUPP,
                    () -> "no user.* attributes on the file system of " + probed);
            assertEquals(0, result);
        }
    }

    @Test
    @Does("FSETXATTR")
    void setsAnAttributeOfAnOpenFile() throws IOException {
        try (PathRig here = new PathRig(directory)) {
            int fd = here.rig.open(here.write("a", ""), Linux.O_RDWR);
            IoMemory name = here.text(NAME);
            IoMemory value = here.rig.bytes("a value");
            Sqe sqe = here.next().prepareFsetxattr(fd, name, value, 2, 3, 0, 5);
            assertTrue(name.isLent() && value.isLent());
            assertEquals(0, here.run(sqe));
            assertEquals("val", attribute(here.at("a")));
            int replace = Linux.XATTR_REPLACE;
            sqe = here.next().prepareFsetxattr(fd, name, value, 0, 1, replace, 5);
            assertEquals(0, here.run(sqe));
            assertEquals("a", attribute(here.at("a")));
        }
    }

    @Test
    @Does("SETXATTR")
    void setsAnAttributeByPath() throws IOException {
        try (PathRig here = new PathRig(directory)) {
            here.write("a", "");
            IoMemory path = here.absolute("a");
            IoMemory name = here.text(NAME);
            IoMemory value = here.rig.bytes("a value");
            int create = Linux.XATTR_CREATE;
            Sqe sqe = here.next().prepareSetxattr(path, name, value, 0, 7, create, 5);
            assertTrue(path.isLent() && name.isLent() && value.isLent());
            assertField(path.address(0, 1), sqe, SqeLayout.ADDR3);
            assertEquals(0, here.run(sqe));
            assertEquals("a value", attribute(here.at("a")));
            sqe = here.next().prepareSetxattr(path, name, value, 7, 0, 0, 5);
            assertEquals(0, here.run(sqe));
            assertEquals("", attribute(here.at("a")));
        }
    }

    @Test
    @Does("FGETXATTR")
    void readsAnAttributeOfAnOpenFile() throws IOException {
        try (PathRig here = new PathRig(directory)) {
            int fd = here.rig.open(here.write("a", ""), Linux.O_RDONLY);
            setAttribute(here.at("a"), "a value");
            IoMemory name = here.text(NAME);
            IoMemory value = here.rig.bytes("[             ]");
            Sqe sqe = here.next().prepareFgetxattr(fd, name, value, 1, 13, 5);
            assertTrue(name.isLent() && value.isLent());
            assertEquals(7, here.run(sqe));
            assertEquals("[a value      ]", value.text());
        }
    }

    @Test
    @Does("GETXATTR")
    void readsAnAttributeByPath() throws IOException {
        try (PathRig here = new PathRig(directory)) {
            setAttribute(here.write("a", ""), "a value");
            IoMemory path = here.absolute("a");
            IoMemory name = here.text(NAME);
            IoMemory value = here.rig.memory(20);
            Sqe sqe = here.next().prepareGetxattr(path, name, value, 10, 7, 5);
            assertTrue(path.isLent() && name.isLent() && value.isLent());
            assertField(path.address(0, 1), sqe, SqeLayout.ADDR3);
            assertField(value.address(10, 7), sqe, SqeLayout.OFF);
            assertEquals(7, here.run(sqe));
            byte[] read = new byte[7];
            Memory.copy(value.address(10, 7), read, 0, 7);
            assertEquals("a value", new String(read, UTF_8));
        }
    }

    @Test
    @Does({"FGETXATTR", "GETXATTR"})
    void saysHowMuchItNeedsWhenItIsGivenNothing() throws IOException {
        try (PathRig here = new PathRig(directory)) {
            int fd = here.rig.open(here.write("a", ""), Linux.O_RDONLY);
            setAttribute(here.at("a"), "a value");
            IoMemory path = here.absolute("a");
            IoMemory name = here.text(NAME);
            IoMemory value = here.rig.bytes("untouched");
            assertEquals(7, here.run(here.next().prepareFgetxattr(fd, name, value, 0, 0, 5)));
            assertEquals(7, here.run(here.next().prepareGetxattr(path, name, value, 0, 0, 5)));
            assertEquals("untouched", value.text());
        }
    }

    @Test
    @Refuses({"FSETXATTR", "SETXATTR"})
    void setsNoAttributeThatIsThereOrNotAgainstItsFlags() throws IOException {
        try (PathRig here = new PathRig(directory)) {
            int fd = here.rig.open(here.write("a", ""), Linux.O_RDWR);
            IoMemory path = here.absolute("a");
            IoMemory name = here.text(NAME);
            IoMemory value = here.rig.bytes("new");
            int replace = Linux.XATTR_REPLACE;
            here.assertRefused(
                    Errno.ENODATA, here.next().prepareFsetxattr(fd, name, value, 0, 3, replace, 5));
            here.assertRefused(
                    Errno.ENODATA,
                    here.next().prepareSetxattr(path, name, value, 0, 3, replace, 5));
            setAttribute(here.at("a"), "old");
            int create = Linux.XATTR_CREATE;
            here.assertRefused(
                    Errno.EEXIST, here.next().prepareFsetxattr(fd, name, value, 0, 3, create, 5));
            here.assertRefused(
                    Errno.EEXIST, here.next().prepareSetxattr(path, name, value, 0, 3, create, 5));
            assertEquals("old", attribute(here.at("a")));
        }
    }

    @Test
    @Refuses({"FSETXATTR", "SETXATTR"})
    void setsNothingOfNoFileNorWithoutAName() {
        try (PathRig here = new PathRig(directory)) {
            IoMemory missing = here.absolute("b");
            IoMemory file = here.rig.path(here.write("a", ""));
            IoMemory name = here.text(NAME);
            IoMemory value = here.rig.bytes("new");
            here.assertRefused(
                    Errno.EBADF, here.next().prepareFsetxattr(-1, name, value, 0, 3, 0, 5));
            here.assertRefused(
                    Errno.ENOENT, here.next().prepareSetxattr(missing, name, value, 0, 3, 0, 5));
            here.assertRefused(
                    Errno.ERANGE,
                    here.next().prepareSetxattr(file, here.text(""), value, 0, 3, 0, 5));
            here.assertRefused(
                    Errno.EOPNOTSUPP,
                    here.next().prepareSetxattr(file, here.text("torc"), value, 0, 3, 0, 5));
        }
    }

    @Test
    @Refuses({"FGETXATTR", "GETXATTR"})
    void readsNoAttributeThatIsNotThereOrDoesNotFit() throws IOException {
        try (PathRig here = new PathRig(directory)) {
            int fd = here.rig.open(here.write("a", ""), Linux.O_RDONLY);
            IoMemory path = here.absolute("a");
            IoMemory name = here.text(NAME);
            IoMemory value = here.rig.bytes("untouched");
            here.assertRefused(
                    Errno.ENODATA, here.next().prepareFgetxattr(fd, name, value, 0, 9, 5));
            here.assertRefused(
                    Errno.ENODATA, here.next().prepareGetxattr(path, name, value, 0, 9, 5));
            setAttribute(here.at("a"), "a value");
            here.assertRefused(
                    Errno.ERANGE, here.next().prepareFgetxattr(fd, name, value, 0, 6, 5));
            here.assertRefused(
                    Errno.ERANGE, here.next().prepareGetxattr(path, name, value, 0, 6, 5));
            here.assertRefused(Errno.EBADF, here.next().prepareFgetxattr(-1, name, value, 0, 9, 5));
            here.assertRefused(
                    Errno.ENOENT,
                    here.next().prepareGetxattr(here.absolute("b"), name, value, 0, 9, 5));
            assertEquals("untouched", value.text());
        }
    }

    @Test
    void aValueIsWithinItsMemory() {
        try (PathRig here = new PathRig(directory)) {
            IoMemory name = here.text(NAME);
            IoMemory value = here.rig.memory(8);
            Sqe sqe = here.next();
            assertOutside(() -> sqe.prepareFsetxattr(here.fd, name, value, 1, 8, 0, 5));
            assertOutside(() -> sqe.prepareSetxattr(name, name, value, 9, 0, 0, 5));
            assertOutside(() -> sqe.prepareFgetxattr(here.fd, name, value, 0, 9, 5));
            assertOutside(() -> sqe.prepareGetxattr(name, name, value, 0, -1, 5));
            assertEquals(0, here.rig.ring.pendingCount());
            assertFalse(value.isLent());
        }
    }

    private static void assertOutside(Runnable prepare) {
        assertThrows(IndexOutOfBoundsException.class, prepare::run);
    }

    private static void assertField(long expected, Sqe sqe, int offset) {
        assertEquals(expected, Memory.getLong(sqe.address() + offset));
    }

    private static String attribute(Path file) throws IOException {
        return new String((byte[]) Files.getAttribute(file, "user:torc"), UTF_8);
    }

    private static void setAttribute(Path file, String value) throws IOException {
        UserDefinedFileAttributeView view =
                Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        view.write("torc", ByteBuffer.wrap(value.getBytes(UTF_8)));
    }
}
