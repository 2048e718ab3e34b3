package dev.torc.http;

import dev.torc.core.Shard;
import dev.torc.core.spi.FileStrategy;
import dev.torc.core.spi.Filesystem;
import dev.torc.core.spi.Filesystem.OpenResult;
import dev.torc.core.spi.OpenFile;
import dev.torc.http.message.FileBody;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// Answers with a file that the application names: its real path is looked up on a virtual thread,
/// since that may wait for the disk, then the shard opens it without waiting.
final class PathResponse {
    /// To the end of the file.
    static final long ALL = -1;

    /// A shard has one thread, which the directory is closed with.
    private static final ThreadLocal<Filesystem.Directory> TOP = new ThreadLocal<>();

    private final Response response;
    private final Shard shard;
    private final Path path;
    private final long offset;
    private final long count;
    private final CountDownLatch answered = new CountDownLatch(1);

    PathResponse(Response response, Shard shard, Path path, long offset, long count) {
        boolean counted = count >= 0 && offset <= Long.MAX_VALUE - count;
        if (offset < 0 || !(counted || count == ALL)) {
            throw new IllegalArgumentException("offset=" + offset + ", count=" + count);
        }
        this.response = response;
        this.shard = shard;
        this.path = path;
        this.offset = offset;
        this.count = count;
    }

    /// On the shard's thread it returns at once, on any other when the response is committed.
    void send() {
        if (shard.isCurrent()) {
            Thread.ofVirtual().name("torc-file").start(this::find);
            return;
        }
        find();
        try {
            answered.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            response.fail(interrupted);
        }
    }

    private void find() {
        try {
            Path real = path.toRealPath();
            shard.execute(() -> guarded(() -> open(real)));
        } catch (IOException | RuntimeException failure) {
            fail(failure);
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void guarded(Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException failure) {
            fail(failure);
        }
    }

    private void open(Path real) throws IOException {
        Filesystem.Directory top = TOP.get();
        if (top == null) {
            top = shard.files().directory(real.getRoot(), true);
            TOP.set(top);
        }
        byte[] name = real.getRoot().relativize(real).toString().getBytes(StandardCharsets.UTF_8);
        if (name.length == 0) throw new FileSystemException(real.toString(), null, "a directory");
        shard.files().open(top, name, (result, file) -> guarded(() -> opened(result, file)));
    }

    private void opened(OpenResult result, @Nullable OpenFile file) throws IOException {
        if (file == null) throw refused(result);
        try {
            long start = offset;
            long end = count == ALL ? file.size() : start + count;
            if (start > end || end > file.size()) {
                throw new EOFException(
                        path + " has " + file.size() + " bytes: offset=" + start + ", end=" + end);
            }
            FileStrategy strategy = FileStrategy.recommended(end - start);
            response.sendNamed(path, FileBody.of(file, start, end, strategy));
        } finally {
            file.release();
        }
        answered.countDown();
    }

    private IOException refused(OpenResult result) {
        String name = path.toString();
        return switch (result) {
            case NOT_FOUND -> new NoSuchFileException(name);
            case FORBIDDEN -> new AccessDeniedException(name);
            case DIRECTORY, SPECIAL, LINK -> new FileSystemException(name, null, "no regular file");
            case EXHAUSTED -> new FileSystemException(name, null, "too many files are open");
            case OPENED, FAILED -> new FileSystemException(name, null, "it cannot be opened");
        };
    }

    private void fail(Exception failure) {
        response.fail(failure);
        answered.countDown();
    }
}
