package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.uring.constants.Linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A [Rig] in a directory, which is open.
final class PathRig implements AutoCloseable {
    final Rig rig;
    final Path directory;
    final int fd;

    PathRig(Path directory) {
        this(directory, new Rig());
    }

    PathRig(Path directory, Rig rig) {
        this.directory = directory;
        this.rig = rig;
        fd = rig.open(directory, Linux.O_RDONLY | Linux.O_DIRECTORY);
    }

    Sqe next() {
        return rig.next();
    }

    int run(Sqe prepared) {
        return rig.run(prepared);
    }

    /// The operation fails with `errno`, and the ring goes on.
    void assertRefused(int errno, Sqe prepared) {
        assertEquals(-errno, rig.run(prepared));
        assertEquals(0, rig.run(rig.next().prepareNop(1)));
    }

    /// A path as the program passes it: below the directory when it is relative.
    IoMemory text(String path) {
        return rig.text(path);
    }

    /// The whole path of a file in the directory.
    IoMemory absolute(String name) {
        return rig.path(directory.resolve(name));
    }

    Path at(String name) {
        return directory.resolve(name);
    }

    Path write(String name, String content) {
        try {
            return Files.writeString(at(name), content);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String read(String name) {
        try {
            return Files.readString(at(name));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    boolean has(String name) {
        return Files.exists(at(name), java.nio.file.LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void close() {
        rig.close();
    }
}
