package dev.torc.http.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What kind of place the path of a log leads to.
final class LogPath {
    private static final Path PROC = Path.of("/proc");
    private static final Path DEV = Path.of("/dev");
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private static final String UNIX = "unix";

    // inode(7)
    private static final int S_IFMT = 0xf000;
    private static final int S_IFIFO = 0x1000;

    /// As the kernel has it (path_resolution(7)).
    private static final int LINKS_MAX = 40;

    private LogPath() {}

    /// Whether to open `path` waits until somebody reads it (fifo(7)). A pipe that only a
    /// descriptor leads to, such as that of `/dev/stdout | cat`, has its reader.
    ///
    /// @throws IOException when a directory on the way is not there
    static boolean isNamedPipe(Path path) throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains(UNIX)) return false;
        if (!Files.exists(path) || leadsToDevices(path)) return false;
        int mode = (int) Files.getAttribute(path, UNIX + ":mode");
        return (mode & S_IFMT) == S_IFIFO;
    }

    /// Whether `path` lies in, or leads by symbolic links through, where the kernel shows devices
    /// and descriptors: `/dev/stdout` leads by `/proc/self/fd/1` to whatever file that is open on,
    /// whose name belongs to somebody else.
    ///
    /// @throws IOException when a directory on the way is not there
    static boolean leadsToDevices(Path path) throws IOException {
        Path at = path.toAbsolutePath();
        for (int links = 0; links < LINKS_MAX; links++) {
            Path directory = at.getParent();
            if (directory == null) return false;
            Path real = directory.toRealPath();
            if (isOfDevices(real)) return true;
            at = real.resolve(at.getFileName());
            if (!Files.isSymbolicLink(at)) return false;
            at = real.resolve(Files.readSymbolicLink(at));
        }
        return false;
    }

    private static boolean isOfDevices(Path directory) {
        boolean inMemory = directory.startsWith(SHARED_MEMORY);
        return directory.startsWith(PROC) || (directory.startsWith(DEV) && !inMemory);
    }
}
