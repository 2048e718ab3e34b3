package dev.torc.http.file;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.Iterator;
import java.util.Set;

/// A real directory on a disk that begins to fail: files can be created and renamed in it, but not
/// deleted, and nothing of it can be opened to be read.
final class FailingDirectory implements SecureDirectoryStream<Path> {
    private final SecureDirectoryStream<Path> real;

    FailingDirectory(SecureDirectoryStream<Path> real) {
        this.real = real;
    }

    private static FileSystemException failure(Path name) {
        return new FileSystemException(name.toString(), null, "No space left on device");
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        if (options.contains(StandardOpenOption.READ)) throw failure(path);
        return real.newByteChannel(path, options, attributes);
    }

    @Override
    public void deleteFile(Path path) throws IOException {
        throw failure(path);
    }

    @Override
    public void move(Path source, SecureDirectoryStream<Path> target, Path name)
            throws IOException {
        real.move(source, real, name);
    }

    @Override
    public SecureDirectoryStream<Path> newDirectoryStream(Path path, LinkOption... options)
            throws IOException {
        return real.newDirectoryStream(path, options);
    }

    @Override
    public void deleteDirectory(Path path) throws IOException {
        throw failure(path);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Class<V> type) {
        return real.getFileAttributeView(type);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return real.getFileAttributeView(path, type, options);
    }

    @Override
    public Iterator<Path> iterator() {
        return real.iterator();
    }

    @Override
    public void close() throws IOException {
        real.close();
    }
}
