package dev.torc.core.nio;

import dev.torc.core.spi.Filesystem.OpenResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/// One open below a directory, by the JDK's means: the real path is looked up and compared with the
/// directory's, then opened without following a link. Between the two, whoever may write below the
/// directory can exchange it; where that is a danger, use the `uring` transport, whose kernel does
/// both in one step. Blocks: not for a shard's thread.
///
/// @param file only when the result is `OPENED`
record NioOpen(OpenResult result, @Nullable Opened file) {
    /// What has been opened: its real path, and what was true of that.
    record Opened(FileChannel channel, Path path, NioStamp stamp) {}

    /// `path` below `root`, which is a real path.
    static NioOpen open(Path root, String path, boolean followsLinks) throws IOException {
        Path wanted = root.resolve(path);
        if (!wanted.normalize().startsWith(root)) return none(OpenResult.FORBIDDEN);
        Path real = wanted.toRealPath();
        if (!followsLinks && !real.equals(wanted.toRealPath(LinkOption.NOFOLLOW_LINKS))) {
            return none(OpenResult.LINK);
        }
        if (!real.startsWith(root)) return none(OpenResult.FORBIDDEN);
        BasicFileAttributes found =
                Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (found.isDirectory()) return none(OpenResult.DIRECTORY);
        if (!found.isRegularFile()) return none(OpenResult.SPECIAL);
        NioStamp stamp = NioStamp.of(real); // before it is opened: what is read is no older
        FileChannel channel =
                FileChannel.open(real, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try {
            Opened opened = new Opened(channel, real, stamp.withSize(channel.size()));
            return new NioOpen(OpenResult.OPENED, opened);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    private static NioOpen none(OpenResult result) {
        return new NioOpen(result, null);
    }

    /// The JDK passes most errors on only as the system's text.
    static OpenResult resultOf(Exception failure) {
        return switch (failure) {
            case NoSuchFileException _, NotDirectoryException _ -> OpenResult.NOT_FOUND;
            case AccessDeniedException _, SecurityException _ -> OpenResult.FORBIDDEN;
            case FileSystemLoopException _ -> OpenResult.LINK;
            case FileSystemException system -> resultOf(String.valueOf(system.getReason()));
            default -> OpenResult.FAILED;
        };
    }

    private static OpenResult resultOf(String reason) {
        if (reason.contains("Not a directory")) return OpenResult.NOT_FOUND;
        if (reason.contains("name too long")) return OpenResult.NOT_FOUND;
        if (reason.contains("symbolic links")) return OpenResult.LINK;
        if (reason.contains("Too many open files")) return OpenResult.EXHAUSTED;
        return OpenResult.FAILED;
    }
}
