package dev.torc.http.file;

import dev.torc.http.Response;
import dev.torc.http.Status;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Answers with what a directory has. There is no reading of directories without waiting, so each
/// is read on a virtual thread of its own, a few at a time: more are 503. Thread-safe.
///
/// Names are the file system's bytes in any locale; but without one of UTF-8 the JDK finds no
/// directory whose name is not ASCII.
final class FileListing {
    private static final int ENTRIES_MAX = 10_000;
    private static final int CONCURRENT_MAX = 8;

    private final Path directory;
    private final FileOptions options;
    private final FilePath names;
    private final String rootName;
    private final String policy = HtmlListing.contentSecurityPolicy();
    private final Semaphore places = new Semaphore(CONCURRENT_MAX);

    FileListing(Path directory, FileOptions options) {
        this.directory = directory;
        this.options = options;
        names = new FilePath(0, options.hidden());
        rootName = Objects.toString(directory.normalize().getFileName(), "files");
    }

    /// Answers later, or leaves it to `absent`, on the shard's thread as this is, if there is no
    /// such directory.
    void list(FileRequest call, FilePath path, Consumer<FileRequest> absent) {
        String text = path.toString();
        ListingFormat format = AcceptedFormat.choose(call.request().fields());
        if (!call.waits() || !places.tryAcquire()) {
            unavailable(call.response(), "too many directories are being read");
            return;
        }
        boolean detours = call.request().shard().files().followsDetours();
        Thread.ofVirtual()
                .name("torc-listing")
                .start(() -> answer(call, text, detours, format, absent));
    }

    private void answer(
            FileRequest call,
            String path,
            boolean detours,
            ListingFormat format,
            Consumer<FileRequest> absent) {
        Response response = call.response();
        try {
            byte[] body = rendered(path, detours, format);
            response.contentType(format.type()).header("Vary", "Accept");
            response.header("Cache-Control", "no-cache");
            if (format == ListingFormat.HTML) response.header("Content-Security-Policy", policy);
            response.head().add(options.fields());
            response.send(body);
        } catch (FileSystemException unreachable) {
            if (isShortage(unreachable)) unavailable(response, "too many files are open");
            else call.request().shard().execute(() -> absent.accept(call));
        } catch (InvalidPathException unnamed) {
            call.request().shard().execute(() -> absent.accept(call));
        } catch (Throwable failure) {
            response.fail(failure);
        } finally {
            call.tell();
        }
    }

    /// Frees its place before the answer goes out: who has that may ask again.
    private byte[] rendered(String path, boolean detours, ListingFormat format) throws IOException {
        try {
            return read(path, detours).render(format);
        } finally {
            places.release();
        }
    }

    /// Whether it would be there, had the process a descriptor left.
    private static boolean isShortage(FileSystemException failure) {
        return UploadResult.of(failure) == UploadResult.EXHAUSTED;
    }

    private static void unavailable(Response response, String reason) {
        response.status(Status.SERVICE_UNAVAILABLE).header("Retry-After", "1");
        response.send("503 Service Unavailable: " + reason + "\n");
    }

    private DirectoryListing read(String path, boolean detours) throws IOException {
        Path root = directory.toRealPath();
        LinkRule links = new LinkRule(root, options.links(), detours);
        Path real = links.resolve(root.resolve(path));
        if (real == null) throw new AccessDeniedException(path);
        List<ListingEntry> entries = new ArrayList<>();
        boolean complete = true;
        try (HeldDirectory held = HeldDirectory.open(root, real)) {
            for (Path child : held.children()) {
                if (entries.size() == ENTRIES_MAX) {
                    complete = false;
                    break;
                }
                byte[] name = bytesOfName(child);
                if (names.admits(name, path.isEmpty())) add(name, child, held, links, entries);
            }
        }
        List<byte[]> above = new ArrayList<>();
        for (String name : path.split("/", -1)) {
            if (!name.isEmpty()) above.add(name.getBytes(StandardCharsets.UTF_8));
        }
        return new DirectoryListing(rootName, above, entries, complete);
    }

    /// Adds what can be asked for. What vanishes meanwhile is left out.
    private void add(
            byte[] name, Path child, HeldDirectory held, LinkRule links, List<ListingEntry> entries)
            throws IOException {
        try {
            BasicFileAttributes found = held.look(child);
            if (found.isSymbolicLink()) {
                Path real = links.resolve(child);
                if (real == null) return;
                found = HeldDirectory.look(links.root(), real);
            }
            long modified = found.lastModifiedTime().to(TimeUnit.SECONDS);
            if (found.isDirectory()) {
                entries.add(ListingEntry.directory(name, modified));
            } else if (found.isRegularFile()) {
                entries.add(ListingEntry.file(name, found.size(), modified));
            }
        } catch (FileSystemException gone) {
            // not there any more, or not to be looked at
            if (isShortage(gone)) throw gone;
        }
    }

    /// As the file system has it. A path's text has U+FFFD for what is none in the locale's
    /// encoding; its URI is made of the bytes.
    private static byte[] bytesOfName(Path child) {
        String text = child.getFileName().toString();
        if (text.chars().allMatch(c -> c < 0x80)) return text.getBytes(StandardCharsets.US_ASCII);
        String uri = child.toUri().toASCIIString();
        int end = uri.endsWith("/") ? uri.length() - 1 : uri.length(); // a directory's
        String name = uri.substring(uri.lastIndexOf('/', end - 1) + 1, end);
        return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.ISO_8859_1)
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
