package dev.torc.http.file;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Where an upload goes: a name in a [HeldDirectory]. Everything is done relative to its descriptor
/// (openat(2), renameat(2), unlinkat(2)): whoever exchanges a directory meanwhile does not lead it
/// out of the root.
///
/// Blocks; used by one thread.
final class UploadPlace implements AutoCloseable {
    private static final Set<StandardOpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final SecureDirectoryStream<Path> directory;
    private final Path path;
    private final Path name;

    /// The place with this path, in a directory that it closes.
    UploadPlace(SecureDirectoryStream<Path> directory, Path path) {
        this.directory = directory;
        this.path = path;
        this.name = path.getFileName();
    }

    /// The place of the file whose path below the root of `links` is `text`; null if it has none,
    /// since there is no such directory, or a link on the way may not be followed. Of one that may,
    /// the file that it leads to is replaced, not the link.
    static @Nullable UploadPlace find(LinkRule links, String text) throws IOException {
        Path root = links.root();
        Path wanted = root.resolve(text);
        try {
            Path parent = links.resolve(wanted.resolveSibling(""));
            if (parent == null) return null;
            Path place = parent.resolve(wanted.getFileName());
            if (links.follows() && Files.isSymbolicLink(place) && Files.exists(place)) {
                place = links.resolve(place);
            }
            if (place == null || place.equals(root) || !place.startsWith(root)) return null;
            Path below = root.relativize(place.resolveSibling(""));
            return new UploadPlace(HeldDirectory.enter(root, below), place);
        } catch (FileSystemException unreachable) {
            if (UploadResult.of(unreachable) != null) throw unreachable;
            return null; // missing, no directory, a loop of links, or exchanged meanwhile
        }
    }

    /// Whether this platform can hold a directory and name files relative to it.
    static boolean isPossibleIn(Path root) throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
            return stream instanceof SecureDirectoryStream;
        }
    }

    /// What has the name now; null if nothing. A link is told as one.
    @Nullable BasicFileAttributes occupant() throws IOException {
        try {
            return directory
                    .getFileAttributeView(
                            name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
        } catch (NoSuchFileException free) {
            return null;
        }
    }

    /// The state of the file that has the name, as its entity tag is made of it; null if it has
    /// gone. By path, since there is no other way to its ctime: it decides on conditions alone.
    @Nullable FileStamp stamp() throws IOException {
        try {
            Map<String, Object> found =
                    Files.readAttributes(
                            path,
                            "unix:ino,size,lastModifiedTime,ctime",
                            LinkOption.NOFOLLOW_LINKS);
            return FileStamp.ofNanos(
                    found.get("ino") instanceof Long inode ? inode : 0,
                    found.get("size") instanceof Long size ? size : 0,
                    nanos(found.get("lastModifiedTime")),
                    nanos(found.get("ctime")));
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    private static long nanos(@Nullable Object time) {
        return time instanceof FileTime known ? known.to(TimeUnit.NANOSECONDS) : 0;
    }

    /// A new file in the directory, to be written.
    FileChannel create(Path temporary) throws IOException {
        return channel(temporary, NEW);
    }

    /// Gives the temporary file the name, in one step, whatever had it.
    void rename(Path temporary) throws IOException {
        directory.move(temporary, directory, name);
    }

    /// Has the directory survive a crash as it is now.
    void force() throws IOException {
        try (FileChannel itself = channel(Path.of("."), Set.of(StandardOpenOption.READ))) {
            itself.force(true);
        }
    }

    void delete(Path temporary) throws IOException {
        directory.deleteFile(temporary);
    }

    private FileChannel channel(Path named, Set<StandardOpenOption> how) throws IOException {
        if (directory.newByteChannel(named, how) instanceof FileChannel channel) return channel;
        throw new IOException("this platform's channels cannot be forced to the disk");
    }

    @Override
    public void close() throws IOException {
        directory.close();
    }
}
