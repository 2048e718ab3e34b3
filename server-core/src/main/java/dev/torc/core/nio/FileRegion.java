package dev.torc.core.nio;

import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.FileStrategy;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;

/// A part of a file on its way to a connection: by `FileChannel.transferTo`, which is `sendfile(2)`
/// where there is one, or read by another thread and written from memory. Holds a reference to its
/// file until it is over. On the shard's thread.
///
/// `transferTo` waits for the disk when the file is not in the page cache, and the shard with it:
/// the JDK has nothing that would tell beforehand. Copying does not, but allocates for each part.
final class FileRegion {
    private static final int COPY_BYTES = 1 << 16;
    private static final int TRANSFER_BYTES_MAX = 1 << 20;

    private final NioConnection connection;
    private final NioFile file;
    private final boolean copies;
    private long position;
    private long left;
    private @Nullable Slice part;
    private int partSent;
    private boolean reading;
    private boolean dropped;

    FileRegion(
            NioConnection connection,
            NioFile file,
            long position,
            long count,
            FileStrategy strategy) {
        this.connection = connection;
        this.file = file;
        this.position = position;
        left = count;
        copies = strategy == FileStrategy.COPY;
        file.retain();
    }

    boolean isOver() {
        return left == 0 && part == null && !reading;
    }

    /// Whether it goes by `transferTo`.
    boolean moves() {
        return !copies;
    }

    /// Whether another thread reads what is to go next.
    boolean isReading() {
        return reading;
    }

    /// Bytes of it in memory.
    long queuedBytes() {
        return part == null ? 0 : part.length() - partSent;
    }

    /// Writes once, and returns the bytes that have gone. 0 when the socket is full or while the
    /// file is being read.
    ///
    /// @throws FileFailedException when the file ends too early or cannot be read
    long write(SocketChannel channel) throws IOException, FileFailedException {
        return copies ? writePart(channel) : transfer(channel);
    }

    private long transfer(SocketChannel channel) throws IOException, FileFailedException {
        FileChannel from = file.channel();
        long bytes = Math.min(left, TRANSFER_BYTES_MAX);
        long sent = from.transferTo(position, bytes, channel);
        position += sent;
        left -= sent;
        if (sent == 0 && from.size() <= position) throw truncated();
        return sent;
    }

    private long writePart(SocketChannel channel) throws IOException {
        Slice slice = part;
        if (slice == null) {
            read();
            return 0;
        }
        ByteBuffer source = slice.asByteBuffer().limit(slice.length()).position(partSent);
        int sent = channel.write(source);
        partSent += sent;
        if (partSent == slice.length()) releasePart();
        return sent;
    }

    private void read() {
        if (reading) return;
        int bytes = (int) Math.min(left, COPY_BYTES);
        Slice slice = connection.shard().buffers().takeSpare(bytes);
        if (slice == null) {
            connection.abort(CloseReason.OUT_OF_BUFFERS);
            return;
        }
        reading = true;
        part = slice;
        connection.shard().files().read(file, position, slice, bytes, this::read);
    }

    private void read(int bytes) {
        reading = false;
        if (dropped) {
            end();
            return;
        }
        if (bytes <= 0) {
            releasePart();
            connection.fileFailed(
                    bytes == 0
                            ? truncated()
                            : new FileFailedException("a file being sent cannot be read"));
            return;
        }
        position += bytes;
        left -= bytes;
        connection.fileRead();
    }

    private FileFailedException truncated() {
        return new FileFailedException(
                "a file was truncated while it was sent: at byte "
                        + position
                        + ", with "
                        + left
                        + " yet to send");
    }

    /// Over, whether all has gone or not: releases everything as soon as nobody uses it.
    void drop() {
        if (dropped) return;
        dropped = true;
        if (!reading) end();
    }

    private void end() {
        releasePart();
        file.release();
    }

    private void releasePart() {
        if (part == null) return;
        part.release();
        part = null;
        partSent = 0;
    }
}
