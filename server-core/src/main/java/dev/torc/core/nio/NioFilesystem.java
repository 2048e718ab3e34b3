package dev.torc.core.nio;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.Slice;
import dev.torc.core.spi.Filesystem;
import dev.torc.core.spi.OpenFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/// Opens and reads files on virtual threads, for one shard, and tells the shard. Used on the
/// shard's thread.
final class NioFilesystem implements Filesystem {
    private final NioTransport transport;
    private final ArrayDeque<Supplier<Runnable>> waiting = new ArrayDeque<>();
    private final Set<NioFile> files = new HashSet<>();
    private int running;

    NioFilesystem(NioTransport transport) {
        this.transport = transport;
    }

    /// The directory's real path, and whether links are followed below it.
    private record Root(Path path, boolean followsLinks) implements Directory {
        @Override
        public void close() {}
    }

    @Override
    public Directory directory(Path path, boolean followsLinks) throws IOException {
        Path real = path.toRealPath();
        if (!java.nio.file.Files.isDirectory(real)) {
            throw new IOException("cannot open " + path + ": it is not a directory");
        }
        return new Root(real, followsLinks);
    }

    /// The real path alone is looked at.
    @Override
    public boolean followsDetours() {
        return true;
    }

    @Override
    public void open(Directory directory, byte[] path, OpenHandler handler) {
        if (path.length == 0) throw new IllegalArgumentException("the path is empty");
        String text = new String(path, UTF_8);
        if (text.indexOf('\0') >= 0) throw new IllegalArgumentException("the path has a NUL in it");
        if (!(directory instanceof Root root)) {
            throw new IllegalArgumentException("the directory is not one of this shard's");
        }
        if (isFull()) {
            transport.shard().execute(() -> tell(handler, OpenResult.EXHAUSTED, null));
            return;
        }
        start(
                () -> {
                    Opening opening = open(root, text, path.length);
                    return () -> opened(opening, handler);
                });
    }

    @Override
    public void read(OpenFile file, long position, Slice slice, int bytes, ReadHandler handler) {
        if (position < 0 || bytes < 0 || bytes > slice.remaining()) {
            throw new IllegalArgumentException(
                    "position=" + position + ", bytes=" + bytes + ", room=" + slice.remaining());
        }
        NioFile ours = checked(file);
        if (isFull()) {
            transport.shard().execute(() -> tell(handler, -1));
            return;
        }
        ours.retain();
        int end = slice.length() + bytes;
        ByteBuffer target = slice.asByteBuffer().limit(end).position(slice.length());
        start(
                () -> {
                    IOException failure = fill(ours.channel(), position, target);
                    return () -> ended(ours, slice, target.position(), failure, handler);
                });
    }

    @Override
    public void check(OpenFile file, CheckHandler handler) {
        NioFile ours = checked(file);
        if (isFull()) {
            transport.shard().execute(() -> tell(handler, false));
            return;
        }
        ours.retain();
        start(
                () -> {
                    boolean same = ours.isTheSame();
                    return () -> {
                        ours.release();
                        tell(handler, same);
                    };
                });
    }

    NioFile checked(OpenFile file) {
        if (file instanceof NioFile ours && ours.belongsTo(this)) return ours;
        throw new IllegalArgumentException("the file is not one of this shard's");
    }

    boolean isIdle() {
        return running == 0 && waiting.isEmpty();
    }

    private boolean isFull() {
        return running == CONCURRENT_MAX && waiting.size() >= WAITING_MAX;
    }

    // ---- on other threads

    /// `work` is done by another thread and says what is then to be done by the shard's.
    private void start(Supplier<Runnable> work) {
        if (running == CONCURRENT_MAX) {
            waiting.add(work);
            return;
        }
        running++;
        Thread.ofVirtual()
                .name("torc-file")
                .start(
                        () -> {
                            Runnable then = work.get();
                            transport.shard().execute(() -> finished(then));
                        });
    }

    private void finished(Runnable then) {
        running--;
        Supplier<Runnable> next = waiting.poll();
        if (next != null) start(next);
        then.run();
    }

    /// How an open has ended: a file, or why there is none.
    private record Opening(OpenResult result, @Nullable NioFile file, String failure) {}

    private Opening open(Root root, String path, int bytes) {
        if (bytes > PATH_BYTES_MAX) return new Opening(OpenResult.NOT_FOUND, null, "");
        try {
            NioOpen open = NioOpen.open(root.path(), path, root.followsLinks());
            NioOpen.Opened opened = open.file();
            NioFile file = opened == null ? null : new NioFile(this, opened);
            return new Opening(open.result(), file, "");
        } catch (InvalidPathException never) {
            return new Opening(OpenResult.NOT_FOUND, null, "");
        } catch (IOException | RuntimeException failure) {
            OpenResult result = NioOpen.resultOf(failure);
            return new Opening(result, null, String.valueOf(failure.getMessage()));
        }
    }

    private static @Nullable IOException fill(FileChannel from, long position, ByteBuffer target) {
        long at = position;
        try {
            while (target.hasRemaining()) {
                int read = from.read(target, at);
                if (read < 0) break;
                at += read;
            }
            return null;
        } catch (IOException failure) {
            return failure;
        } catch (RuntimeException failure) {
            return new IOException(failure);
        }
    }

    // ---- on the shard's

    private void opened(Opening opening, OpenHandler handler) {
        NioFile file = opening.file();
        if (file != null) files.add(file);
        if (opening.result() == OpenResult.FAILED) transport.log("open: " + opening.failure());
        tell(handler, opening.result(), file);
    }

    private void ended(
            NioFile file,
            Slice slice,
            int length,
            @Nullable IOException failure,
            ReadHandler handler) {
        file.release();
        int bytes = length - slice.length();
        slice.length(length);
        if (failure != null) transport.log("read failed: " + failure.getMessage());
        tell(handler, failure == null ? bytes : -1);
    }

    private void tell(OpenHandler handler, OpenResult result, @Nullable OpenFile file) {
        try {
            handler.onOpened(result, file);
        } catch (Throwable failure) {
            transport.logFailure(failure);
        }
    }

    private void tell(ReadHandler handler, int bytes) {
        try {
            handler.onRead(bytes);
        } catch (Throwable failure) {
            transport.logFailure(failure);
        }
    }

    private void tell(CheckHandler handler, boolean same) {
        try {
            handler.onChecked(same);
        } catch (Throwable failure) {
            transport.logFailure(failure);
        }
    }

    /// Nothing happens when the transport has been closed before: it closed the channel.
    void close(NioFile file) {
        if (files.remove(file)) closeChannel(file);
    }

    /// Closes whatever its users still have open.
    void close() {
        for (NioFile file : files) closeChannel(file);
        files.clear();
    }

    private void closeChannel(NioFile file) {
        try {
            file.channel().close();
        } catch (IOException failure) {
            transport.log("close failed: " + failure.getMessage());
        }
    }
}
