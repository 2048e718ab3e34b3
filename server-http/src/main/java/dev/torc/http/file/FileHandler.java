package dev.torc.http.file;

import dev.torc.http.Handler;
import dev.torc.http.Handlers;
import dev.torc.http.MediaType;
import dev.torc.http.Method;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Status;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/// Serves the regular files below one directory, for a route that ends in `{path...}`.
///
/// What is not there is 404, and so is whatever a request must not reach: a name that starts with a
/// dot, dot segments, an encoded slash, backslash or NUL, and a symbolic link that leads out of the
/// directory. Reads and sends on a virtual thread.
public final class FileHandler implements Handler {
    private final Path root;
    private final String parameter;
    private final Handler blocking = Handlers.blocking(this::serve);

    /// Serves what is below `root`; the path parameter `parameter` says which file.
    ///
    /// @throws IOException when `root` is not a directory that can be read
    public FileHandler(Path root, String parameter) throws IOException {
        if (!Files.isDirectory(root)) throw new IOException("not a directory: " + root);
        if (!Files.isReadable(root)) throw new IOException("not permitted to read: " + root);
        this.root = root.toRealPath();
        this.parameter = parameter;
    }

    /// The directory, with symbolic links resolved.
    public Path root() {
        return root;
    }

    @Override
    public void handle(Request request, Response response) throws Exception {
        blocking.handle(request, response);
    }

    private void serve(Request request, Response response) throws IOException {
        Path file = find(request);
        if (file == null) {
            response.status(Status.NOT_FOUND).send("404 Not Found\n");
            return;
        }
        try (InputStream content = Files.newInputStream(file)) {
            response.contentType(MediaType.forFileName(file.getFileName().toString()));
            response.contentLength(Files.size(file));
            try (OutputStream body = response.outputStream()) {
                if (request.method() != Method.HEAD) content.transferTo(body);
            }
        }
    }

    private @Nullable Path find(Request request) {
        String raw = request.rawPath().toLowerCase(Locale.ROOT);
        if (raw.contains("%2f") || raw.contains("%5c") || raw.contains("%00")) return null;
        String path = request.pathParameter(parameter);
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.startsWith(".")) return null;
        }
        return regularFileWithin(path);
    }

    private @Nullable Path regularFileWithin(String path) {
        try {
            Path real = root.resolve(path).toRealPath();
            return real.startsWith(root) && Files.isRegularFile(real) ? real : null;
        } catch (IOException | InvalidPathException absentOrUnreadable) {
            return null;
        }
    }
}
