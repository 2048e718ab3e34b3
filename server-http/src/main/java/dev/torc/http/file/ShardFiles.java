package dev.torc.http.file;

import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.Throttle;
import dev.torc.core.spi.Filesystem;
import dev.torc.core.spi.Filesystem.OpenHandler;
import dev.torc.core.spi.Filesystem.OpenResult;
import dev.torc.http.MediaType;
import dev.torc.http.Method;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Status;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// One shard's side of a [FileHandler]: what a path stands for, by what it knows of the files,
/// which it asks the file system for when it does not know, or not any more. A request that must
/// wait for that is served from the start again when the answer has come.
///
/// On the shard's thread. What is known, and in memory, is answered without allocating anything.
final class ShardFiles {
    private static final Logger LOG = System.getLogger(ShardFiles.class.getName());
    private static final byte[] HTML = ".html".getBytes(StandardCharsets.US_ASCII);

    /// How long a root stays the directory that had its name, should another get it.
    private static final long ROOT_NANOS = 1_000_000_000;

    /// How long nothing that is known is looked up again when no file could be opened.
    private static final long SHORTAGE_NANOS = 1_000_000_000;

    private final FileHandler handler;
    private final FileOptions options;
    private final Shard shard;
    private final Filesystem files;
    private final FileCache known;
    private final FileCache absent;
    private final FilePath path;
    private final FilePath scratch;
    private final Compressor compressor = new Compressor(this);
    private final Throttle failures = new Throttle();
    private final FileAnswer answer;
    private final Map<String, FileLoading> loadings = new HashMap<>();
    private final long stalenessNanos;
    private final byte[][] indexNames;
    private Filesystem.@Nullable Directory root;
    private long rootNanos;
    private int uploadsSeen;
    private long uploadedNanos;
    private long shortageEndNanos;
    private @Nullable FileRequest spare;

    ShardFiles(FileHandler handler, FileOptions options, Shard shard) {
        this.handler = handler;
        this.options = options;
        this.shard = shard;
        files = shard.files();
        FileCacheLimits limits = options.cache();
        known = new FileCache(limits.filesMax(), limits.contentBytesMax(), limits.openFilesMax());
        absent = new FileCache(limits.absentMax(), 0, 0);
        path = FilePath.in(Arena.global(), options.hidden());
        scratch = FilePath.in(Arena.global(), options.hidden());
        answer = new FileAnswer(options, compressor);
        uploadedNanos = shard.nowNanos();
        shortageEndNanos = shard.nowNanos();
        stalenessNanos = limits.staleness().toNanos();
        indexNames =
                options.indexNames().stream()
                        .map(name -> name.getBytes(StandardCharsets.UTF_8))
                        .toArray(byte[][]::new);
    }

    FileOptions options() {
        return options;
    }

    Shard shard() {
        return shard;
    }

    Filesystem files() {
        return files;
    }

    /// Which failures of ours are logged.
    Throttle failures() {
        return failures;
    }

    /// What is at most kept in memory of one file.
    long contentBytesMax() {
        return Math.min(options.cache().fileBytesMax(), options.cache().contentBytesMax());
    }

    void handle(Request request, Response response, @Nullable CountDownLatch answered) {
        noticeUploads();
        FileRequest call = spare == null ? new FileRequest() : spare;
        spare = null;
        call.begin(request, response, shard.nowNanos(), answered);
        serve(call);
        if (call.isOver()) spare = call;
    }

    /// What was found out before a file was stored is not trusted any more.
    private void noticeUploads() {
        int stored = handler.uploads().stored();
        if (stored == uploadsSeen) return;
        uploadsSeen = stored;
        uploadedNanos = shard.nowNanos();
    }

    private void serve(FileRequest call) {
        try {
            route(call);
        } catch (Throwable failure) {
            call.response().fail(failure);
        }
        call.tell();
    }

    private void route(FileRequest call) throws IOException {
        Method method = call.request().method();
        if (method != Method.GET && method != Method.HEAD) {
            Response response = call.response();
            response.status(Status.METHOD_NOT_ALLOWED).header("Allow", allowed());
            response.send("405 Method Not Allowed\n");
            return;
        }
        switch (decode(call.request())) {
            case FILE -> serveFile(call);
            case DIRECTORY -> serveDirectory(call);
            case DOT_SEGMENT, HIDDEN, EMPTY_SEGMENT, NOT_A_NAME, MALFORMED, TOO_LONG ->
                    notFound(call);
        }
    }

    private String allowed() {
        return options.uploads() ? "GET, HEAD, PUT" : "GET, HEAD";
    }

    private FilePath.Outcome decode(Request request) {
        String name = handler.parameter();
        return path.decode(request.rawParameterAddress(name), request.rawParameterLength(name));
    }

    private void serveFile(FileRequest call) throws IOException {
        CachedFile file = look(call);
        if (file == null) return;
        if (file.isFile()) {
            answer.send(call, file);
        } else if (file.result() == OpenResult.DIRECTORY) {
            answer.redirect(call, path.name());
        } else if (options.cleanUrls() && path.append(HTML)) {
            CachedFile page = look(call);
            if (page == null) return;
            if (page.isFile()) answer.send(call, page);
            else missing(call);
        } else {
            missing(call);
        }
    }

    private void serveDirectory(FileRequest call) throws IOException {
        for (byte[] name : indexNames) {
            decode(call.request());
            if (!path.enter(name)) continue;
            CachedFile file = look(call);
            if (file == null) return;
            if (file.isFile()) {
                answer.send(call, file);
                return;
            }
        }
        decode(call.request());
        if (options.listing()) {
            handler.listing().list(call, path, this::absent);
        } else {
            missing(call);
        }
    }

    /// There is no such directory.
    private void absent(FileRequest call) {
        attempt(call, () -> missing(call));
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private static void attempt(FileRequest call, Attempt toAnswer) {
        try {
            toAnswer.run();
        } catch (Throwable failure) {
            call.response().fail(failure);
        }
        call.tell();
    }

    private void missing(FileRequest call) throws IOException {
        String fallback = options.fallback();
        decode(call.request());
        if (fallback == null || path.hasDot()) {
            notFound(call);
            return;
        }
        path.set(fallback.getBytes(StandardCharsets.UTF_8));
        CachedFile page = look(call);
        if (page == null) return;
        if (page.isFile()) answer.send(call, page);
        else notFound(call);
    }

    private void notFound(FileRequest call) throws IOException {
        String name = options.notFoundPage();
        if (name == null) {
            answer.notFound(call);
            return;
        }
        path.set(name.getBytes(StandardCharsets.UTF_8));
        CachedFile page = look(call);
        if (page == null) return;
        Representation shown = page.representation(ContentCoding.IDENTITY);
        if (shown == null) answer.notFound(call);
        else answer.notFound(call, shown);
    }

    // ---- what is known

    /// What is known of [#path], or null: then `call` is served again when it is known.
    private @Nullable CachedFile look(FileRequest call) throws IOException {
        CachedFile found = known.find(path.address(), path.length());
        if (found == null) found = absent.find(path.address(), path.length());
        if (found != null && isFresh(found, call)) return found;
        if (!call.waits()) {
            answer.unavailable(call);
            return null;
        }
        byte[] wanted = path.bytes();
        String key = new String(wanted, StandardCharsets.ISO_8859_1);
        FileLoading loading = loadings.get(key);
        if (loading == null) {
            openRoot();
            loading = new FileLoading(this, wanted);
            loadings.put(key, loading);
            loading.waiting().add(call);
            loading.start();
        } else {
            loading.waiting().add(call);
        }
        return null;
    }

    private boolean isFresh(CachedFile found, FileRequest call) {
        long checked = found.checkedNanos();
        boolean recent = shard.nowNanos() - checked < stalenessNanos || isShort();
        return (recent && checked - uploadedNanos >= 0) || checked - call.sinceNanos() >= 0;
    }

    /// While no descriptor is left, whoever holds them all by reading slowly does not keep others
    /// from what is known. With a staleness of zero nothing is sent that has not been looked up.
    private boolean isShort() {
        return stalenessNanos > 0 && shard.nowNanos() - shortageEndNanos < 0;
    }

    /// Whoever deploys by renaming directories, or by moving a link, is followed.
    private void openRoot() throws IOException {
        Filesystem.Directory before = root;
        if (before != null && shard.nowNanos() - rootNanos < ROOT_NANOS) return;
        try {
            root = files.directory(handler.directory(), options.links());
            if (before != null) before.close();
        } catch (IOException gone) {
            if (before == null) throw gone;
            LOG.log(Level.WARNING, "the root of files stays as it was: " + gone.getMessage());
        }
        rootNanos = shard.nowNanos();
    }

    void open(byte[] name, OpenHandler told) {
        Filesystem.Directory from = root;
        if (from == null) throw new IllegalStateException("the root is not open");
        files.open(from, name, told);
    }

    /// No file can be opened any more: closes some. False if there is none to close.
    boolean closeSome() {
        if (known.openFiles() == 0) return false;
        known.closeHalf();
        return true;
    }

    /// What is known of a file. Its content is there for as long.
    @Nullable CachedFile known(byte[] name) {
        return known.peek(name);
    }

    /// What has been found out.
    CachedFile described(FileLoading loading) {
        return loading.file(scratch, FileAnswer.nowEpochSeconds());
    }

    /// It is known what a name stands for: `found`; null if that was not found out.
    void loaded(FileLoading loading, @Nullable CachedFile found) {
        byte[] name = loading.path();
        loadings.remove(new String(name, StandardCharsets.ISO_8859_1), loading);
        if (found != null) remember(found);
        OpenResult result = loading.result();
        boolean answers = found != null;
        if (result == OpenResult.EXHAUSTED) {
            shortageEndNanos = shard.nowNanos() + SHORTAGE_NANOS;
            answers = isShort() && known.peek(name) != null;
        }
        while (!loading.waiting().isEmpty()) {
            FileRequest call = loading.waiting().remove();
            if (answers) {
                serve(call);
            } else {
                attempt(call, () -> failed(call, result));
            }
        }
    }

    private void failed(FileRequest call, OpenResult result) {
        if (result == OpenResult.EXHAUSTED) {
            answer.unavailable(call);
        } else {
            answer.unreadable(call);
        }
    }

    // ---- compressing

    Compressor compressor() {
        return compressor;
    }

    /// Whether a file of this name and size is compressed for those who accept it.
    boolean isCompressed(FilePath name, long bytes) {
        MediaType type = options.mimeTypes().forName(name.address(), name.length());
        try {
            return bytes <= options.cache().contentBytesMax()
                    && options.compression().covers(type, bytes);
        } catch (RuntimeException failure) {
            boolean told = failures.allows(shard.nowNanos());
            if (told) LOG.log(Level.ERROR, "what is compressed is not known: " + type, failure);
            return false;
        }
    }

    /// What has been made, with a reference to it; null without memory for it.
    @Nullable Representation made(Compressing job) {
        Slice made = shard.buffers().share(job.made());
        if (made == null) return null;
        Representation original = job.original();
        scratch.set(job.path());
        long now = FileAnswer.nowEpochSeconds();
        Validators validators =
                Validators.ofMade(original.stamp(), options.tagPolicy(), job.made(), now);
        FileFields fields = FileFields.of(scratch, validators, ContentCoding.GZIP, true, options);
        return original.compressed(made, fields);
    }

    /// What has come of compressing a file, unless it has changed meanwhile.
    void remember(Compressing job, @Nullable Representation made) {
        CachedFile now = known.peek(job.path());
        if (now != null && job.isOf(now)) known.put(now.compressed(made));
    }

    void send(FileRequest call, Representation chosen) {
        attempt(call, () -> answer.send(call, chosen));
    }

    void serveAsItIs(FileRequest call) {
        call.asItIs();
        serve(call);
    }

    private void remember(CachedFile file) {
        (file.isFile() ? absent : known).remove(file.path());
        (file.isFile() ? known : absent).put(file);
    }
}
