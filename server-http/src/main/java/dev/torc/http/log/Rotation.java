package dev.torc.http.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// When a file is put aside, and where: `access.log` becomes `access.log.1`, what was that becomes
/// `access.log.2`, and so on; beyond `filesMax` they are removed.
///
/// @param bytesMax 0 for never because of the size
/// @param millisMax 0 for never because of the time
record Rotation(long bytesMax, long millisMax, int filesMax) {
    static Rotation of(AccessLogConfig config) {
        return new Rotation(
                config.fileBytesMax(), config.fileTimeMax().toMillis(), config.filesMax());
    }

    /// Whether a file of this size is to be put aside.
    boolean isDue(long bytes) {
        return bytesMax > 0 && bytes >= bytesMax;
    }

    /// When a file that was last written at this time is to be put aside.
    long nextMillis(long epochMillis) {
        if (millisMax == 0) return Long.MAX_VALUE;
        return (Math.floorDiv(epochMillis, millisMax) + 1) * millisMax;
    }

    /// Puts `path` aside, which is no symbolic link.
    ///
    /// @throws IOException when it could not; the file itself is where it was
    void shift(Path path) throws IOException {
        int count = 0;
        while (count < filesMax && Files.exists(numbered(path, count + 1))) count++;
        // From the oldest on, so that each finds its place free, or overwrites what is too old.
        for (int number = Math.min(count, filesMax - 1); number >= 1; number--) {
            move(numbered(path, number), numbered(path, number + 1));
        }
        if (filesMax == 0) {
            Files.deleteIfExists(path);
        } else {
            move(path, numbered(path, 1));
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path numbered(Path path, int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }
}
