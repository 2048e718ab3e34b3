package dev.torc.http.log;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import dev.torc.core.Throttle;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.Objects;

/// A file that is appended to: rotated when it is large or old enough, and opened anew within a
/// second when somebody else, as logrotate does, has renamed or removed it. A write that fails
/// leaves no part of a line behind. A symbolic link stays one: the file that it leads to is
/// rotated, beside itself. What is no regular file, such as a terminal, and what only leads to a
/// descriptor, as `/dev/stdout` does, is never rotated.
final class FileSink implements LogSink {
    private static final Logger LOG = System.getLogger(FileSink.class.getName());
    private static final long LOOK_MILLIS = 1000;
    private static final long RETRY_MILLIS = 60_000;

    private final Path path;
    private final Rotation rotation;
    private final InstantSource clock;
    private final Throttle failures = new Throttle();
    private @Nullable FileChannel channel;
    private @Nullable Object key;
    private boolean regular;
    private boolean rotates;
    private long bytes;
    private long rotateAtMillis;
    private long rotateAgainMillis;
    private long lookMillis;

    /// @throws IOException when the file cannot be written, or is a FIFO
    FileSink(Path path, Rotation rotation, InstantSource clock) throws IOException {
        this.path = path;
        this.rotation = rotation;
        this.clock = clock;
        open();
    }

    @Override
    public void tend() throws IOException {
        long now = clock.millis();
        // A clock that has been set back must not keep it from looking.
        if (now >= lookMillis || now < lookMillis - LOOK_MILLIS) look(now);
        if (channel == null) open();
        // An empty file is not put aside, so its time begins anew.
        if (bytes == 0 && now >= rotateAtMillis) rotateAtMillis = rotation.nextMillis(now);
        boolean due = rotation.isDue(bytes) || (bytes > 0 && now >= rotateAtMillis);
        if (rotates && due && now >= rotateAgainMillis) rotate(now);
    }

    @Override
    public void write(ByteBuffer lines) throws IOException {
        FileChannel current = channel;
        if (current == null) throw new NoSuchFileException(path.toString());
        long before = bytes;
        try {
            while (lines.hasRemaining()) bytes += current.write(lines);
        } catch (IOException failure) {
            if (regular && bytes > before) current.truncate(before);
            bytes = before;
            throw failure;
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel current = channel;
        channel = null;
        if (current != null) current.close();
    }

    private void open() throws IOException {
        if (LogPath.isNamedPipe(path)) {
            throw new IOException(
                    path
                            + " is a FIFO: nothing could be written until somebody reads it."
                            + " Name a file, or write to standard output, into a pipe");
        }
        FileChannel opened = FileChannel.open(path, CREATE, APPEND);
        channel = opened;
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        key = attributes.fileKey();
        regular = attributes.isRegularFile();
        rotates = regular && !LogPath.leadsToDevices(path);
        bytes = regular ? attributes.size() : 0;
        lookMillis = clock.millis() + LOOK_MILLIS;
        // An old file is as old as its last line.
        long since = bytes > 0 ? attributes.lastModifiedTime().toMillis() : clock.millis();
        rotateAtMillis = rotation.nextMillis(since);
    }

    /// Whether the path still leads to the open file, and how large that is by now.
    private void look(long now) throws IOException {
        lookMillis = now + LOOK_MILLIS;
        if (!regular) return;
        try {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            if (Objects.equals(found.fileKey(), key)) {
                bytes = found.size();
            } else {
                close();
            }
        } catch (NoSuchFileException renamed) {
            close();
        }
    }

    /// Where it fails, the file is written on, and rotated later.
    private void rotate(long now) throws IOException {
        try {
            rotation.shift(path.toRealPath());
        } catch (IOException failure) {
            rotateAgainMillis = now + RETRY_MILLIS;
            if (failures.allows(System.nanoTime())) {
                LOG.log(Level.WARNING, "the access log is not rotated: " + failure);
            }
            return;
        }
        close();
        open();
    }
}
