package dev.torc.http.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;

/// A directory below a root, held open to be read. It was reached from the root's name by name,
/// each relative to the directory before and without following a link (openat(2), `O_NOFOLLOW`),
/// and what is in it is looked at relative to it: whoever exchanges a directory for a link
/// meanwhile leads nobody out of the root.
///
/// Where the platform has no [SecureDirectoryStream] (Windows), all is done by path, which leaves
/// that gap.
///
/// Blocks; used by one thread.
final class HeldDirectory implements AutoCloseable {
    private final Path path;
    private final DirectoryStream<Path> children;

    private HeldDirectory(Path path, DirectoryStream<Path> children) {
        this.path = path;
        this.children = children;
    }

    /// The directory `path`, which is `root` or below it. Both are real paths, or were.
    @SuppressWarnings("StreamResourceLeak") // this closes it
    static HeldDirectory open(Path root, Path path) throws IOException {
        DirectoryStream<Path> top = Files.newDirectoryStream(root);
        if (top instanceof SecureDirectoryStream<Path> held) {
            return new HeldDirectory(path, descend(held, root.relativize(path)));
        }
        top.close();
        return new HeldDirectory(path, Files.newDirectoryStream(path));
    }

    /// The directory `below`, from `root` on, for whoever needs a descriptor.
    @SuppressWarnings("StreamResourceLeak") // the caller closes it
    static SecureDirectoryStream<Path> enter(Path root, Path below) throws IOException {
        DirectoryStream<Path> top = Files.newDirectoryStream(root);
        if (top instanceof SecureDirectoryStream<Path> held) return descend(held, below);
        top.close();
        throw new IOException("this platform cannot open files relative to a directory");
    }

    private static SecureDirectoryStream<Path> descend(SecureDirectoryStream<Path> top, Path steps)
            throws IOException {
        SecureDirectoryStream<Path> at = top;
        for (Path step : steps) {
            if (step.toString().isEmpty()) continue;
            try (SecureDirectoryStream<Path> parent = at) {
                // The JDK opens without O_DIRECTORY, and would wait for a FIFO's other end.
                boolean enterable = look(parent, step).isDirectory();
                if (!enterable) throw new NotDirectoryException(step.toString());
                at = parent.newDirectoryStream(step, LinkOption.NOFOLLOW_LINKS);
            }
        }
        return at;
    }

    /// What `path` is, which is `root` or below it; a link is told as one.
    static BasicFileAttributes look(Path root, Path path) throws IOException {
        if (path.equals(root)) {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        }
        try (HeldDirectory parent = open(root, path.resolveSibling(""))) {
            return parent.look(path);
        }
    }

    /// What is in it, once.
    Iterable<Path> children() {
        return children;
    }

    /// What its child of this path's name is; a link is told as one.
    BasicFileAttributes look(Path child) throws IOException {
        Path name = child.getFileName();
        if (children instanceof SecureDirectoryStream<Path> held) return look(held, name);
        return Files.readAttributes(
                path.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static BasicFileAttributes look(SecureDirectoryStream<Path> held, Path name)
            throws IOException {
        return held.getFileAttributeView(
                        name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    @Override
    public void close() throws IOException {
        children.close();
    }
}
