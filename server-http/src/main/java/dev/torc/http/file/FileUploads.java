package dev.torc.http.file;

import dev.torc.http.Request;
import dev.torc.http.Response;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/// The uploads of one [FileHandler], each on a virtual thread of its own: so many at once, more are
/// 503. Thread-safe.
final class FileUploads {
    static final int CONCURRENT_MAX = 64;

    private final Path directory;
    private final String parameter;
    private final FileOptions options;
    private final Semaphore places = new Semaphore(CONCURRENT_MAX);
    private final ReentrantLock committing = new ReentrantLock();
    private final AtomicInteger stored = new AtomicInteger();

    /// @throws IOException when nothing can be stored in the directory
    FileUploads(Path directory, String parameter, FileOptions options) throws IOException {
        this.directory = directory;
        this.parameter = parameter;
        this.options = options;
        if (!options.uploads()) return;
        if (!Files.isWritable(directory)) {
            throw new IOException("not permitted to write, as uploads need it: " + directory);
        }
        if (!UploadPlace.isPossibleIn(directory)) {
            throw new IOException("uploads are not possible on this platform: " + directory);
        }
    }

    /// Exchanges a file's state for another.
    interface Commit {
        UploadResult run() throws IOException;
    }

    /// Stores the body of `request` and answers, later if this is the shard's thread.
    void accept(Request request, Response response) {
        if (!places.tryAcquire()) {
            UploadResult.EXHAUSTED.answer(response);
        } else if (request.shard().isCurrent()) {
            request.retain();
            Thread.ofVirtual().name("torc-upload").start(() -> store(request, response));
        } else {
            store(request, response);
        }
    }

    private void store(Request request, Response response) {
        try {
            result(request).answer(response);
        } catch (Throwable failure) {
            response.fail(failure);
        } finally {
            places.release();
        }
    }

    private UploadResult result(Request request) throws IOException {
        try {
            boolean detours = request.shard().files().followsDetours();
            LinkRule links = new LinkRule(directory.toRealPath(), options.links(), detours);
            return new Upload(this, request, options).store(links, parameter);
        } catch (IOException failure) {
            UploadResult told = UploadResult.of(failure);
            if (told == null) throw failure;
            return told;
        }
    }

    /// Runs `commit` while no other runs.
    UploadResult commit(Commit commit) throws IOException {
        committing.lock();
        try {
            UploadResult result = commit.run();
            if (result.isStored()) stored.incrementAndGet();
            return result;
        } finally {
            committing.unlock();
        }
    }

    /// Changes whenever a file is stored, before its sender is told.
    int stored() {
        return stored.get();
    }
}
