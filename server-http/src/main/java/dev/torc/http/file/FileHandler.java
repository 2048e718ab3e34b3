package dev.torc.http.file;

import dev.torc.http.Handler;
import dev.torc.http.Method;
import dev.torc.http.Request;
import dev.torc.http.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Serves the regular files below one directory, for a route that ends in `{path...}`:
///
/// ```java
/// router.get("/static/{path...}", new FileHandler(Path.of("public"), "path"));
/// ```
///
/// Answers GET and HEAD, with conditions (304, 412), ranges (206, 416), and compressed files where
/// the client accepts them. What is not there is 404, and so is whatever a request must not reach
/// or cannot: a name that starts with a dot, dot segments, an encoded slash, backslash or NUL, what
/// is no regular file, a symbolic link that leads out of the directory, a file that the server may
/// not read. `docs/files.md` says all of it.
///
/// With [FileOptions#withUploads(boolean)], a route for PUT with the same handler stores files.
///
/// A shard opens a file without waiting, keeps it open, or in memory if it is small, and asks after
/// a while whether it still is the same ([FileCacheLimits#staleness()]). One handler may serve any
/// number of routes and servers.
public final class FileHandler implements Handler {
    private static final long ANSWER_MINUTES_MAX = 5;

    private final Path directory;
    private final Path root;
    private final String parameter;
    private final FileOptions options;
    private final FileListing listing;
    private final FileUploads uploads;

    /// A shard has one thread, which it ends with.
    @SuppressWarnings("ThreadLocalUsage") // a handler is made once, and lives with its server
    private final ThreadLocal<ShardFiles> ofShard = new ThreadLocal<>();

    /// Serves what is below `root`; the path parameter `parameter` says which file.
    ///
    /// @throws IOException when `root` is not a directory that can be read, and written to if
    ///   uploads are wanted
    public FileHandler(Path root, String parameter) throws IOException {
        this(root, parameter, FileOptions.defaults());
    }

    /// Like [#FileHandler(Path, String)], as `options` say.
    public FileHandler(Path root, String parameter, FileOptions options) throws IOException {
        if (!Files.isDirectory(root)) throw new IOException("not a directory: " + root);
        if (!Files.isReadable(root)) throw new IOException("not permitted to read: " + root);
        this.directory = root.toAbsolutePath();
        this.root = root.toRealPath();
        this.parameter = parameter;
        this.options = options;
        listing = new FileListing(directory, options);
        uploads = new FileUploads(directory, parameter, options);
    }

    /// The directory, with symbolic links resolved, as it was at the start.
    public Path root() {
        return root;
    }

    @Override
    public boolean streamsBody(Request request) {
        return isUpload(request);
    }

    @Override
    public void handle(Request request, Response response) throws Exception {
        if (isUpload(request)) {
            uploads.accept(request, response);
            return;
        }
        if (request.shard().isCurrent()) {
            here(request).handle(request, response, null);
            return;
        }
        CountDownLatch answered = new CountDownLatch(1);
        request.shard().execute(() -> here(request).handle(request, response, answered));
        if (!answered.await(ANSWER_MINUTES_MAX, TimeUnit.MINUTES)) {
            throw new IOException("the file system does not answer");
        }
    }

    private boolean isUpload(Request request) {
        return options.uploads() && request.method() == Method.PUT;
    }

    private ShardFiles here(Request request) {
        ShardFiles files = ofShard.get();
        if (files == null) {
            files = new ShardFiles(this, options, request.shard());
            ofShard.set(files);
        }
        return files;
    }

    /// What the shard whose thread this is knows; null if it has not been asked for anything yet.
    @Nullable ShardFiles here() {
        return ofShard.get();
    }

    /// The directory by the name that it was given.
    Path directory() {
        return directory;
    }

    String parameter() {
        return parameter;
    }

    FileListing listing() {
        return listing;
    }

    FileUploads uploads() {
        return uploads;
    }
}
