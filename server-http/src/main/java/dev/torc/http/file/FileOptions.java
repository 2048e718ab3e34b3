package dev.torc.http.file;

import dev.torc.core.spi.FileStrategy;
import dev.torc.http.MimeTypes;
import dev.torc.http.message.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// How a [FileHandler] serves its directory. Immutable:
///
/// ```java
/// FileOptions options =
///         FileOptions.defaults()
///                 .withListing(true)
///                 .withCacheRules(CacheRules.none().with("/assets/**", "max-age=31536000"));
/// ```
public final class FileOptions {
    private static final FileOptions DEFAULTS = new FileOptions();

    private List<String> indexNames = List.of("index.html");
    private @Nullable String fallback;
    private @Nullable String notFoundPage;
    private boolean cleanUrls;
    private boolean listing;
    private boolean hidden;
    private boolean uploads;
    private boolean links = true;
    private boolean precompressed = true;
    private Compression compression = Compression.defaults();
    private MimeTypes mimeTypes = MimeTypes.defaults();
    private CacheRules cacheRules = CacheRules.none();
    private TagPolicy tagPolicy = TagPolicy.HOST;
    private List<Glob> downloads = List.of();
    private byte[] fields = {};
    private FileCacheLimits cache = FileCacheLimits.defaults();
    private @Nullable FileStrategy strategy;

    private FileOptions() {}

    private FileOptions(FileOptions from) {
        indexNames = from.indexNames;
        fallback = from.fallback;
        notFoundPage = from.notFoundPage;
        cleanUrls = from.cleanUrls;
        listing = from.listing;
        hidden = from.hidden;
        uploads = from.uploads;
        links = from.links;
        precompressed = from.precompressed;
        compression = from.compression;
        mimeTypes = from.mimeTypes;
        cacheRules = from.cacheRules;
        tagPolicy = from.tagPolicy;
        downloads = from.downloads;
        fields = from.fields;
        cache = from.cache;
        strategy = from.strategy;
    }

    /// `index.html` for a directory, 404 for one without, no hidden files, links followed below the
    /// root, compressed files sent in place of those that they are next to, others compressed if
    /// that is worth it.
    public static FileOptions defaults() {
        return DEFAULTS;
    }

    /// What a directory is served as: the first of these names that is a file in it. None: never.
    public FileOptions withIndexNames(String... names) {
        for (String name : names) requireName(name);
        List<String> all = List.of(names);
        return with(draft -> draft.indexNames = all);
    }

    /// The file, by its path below the root, that is served, with status 200, for what is not
    /// there: the page of an application that routes by itself. Only where the last name of the
    /// path has no dot, so that a missing script is missing.
    public FileOptions withFallback(String path) {
        requirePath(path);
        return with(draft -> draft.fallback = path);
    }

    /// The file, by its path below the root, that is the body of 404.
    public FileOptions withNotFoundPage(String path) {
        requirePath(path);
        return with(draft -> draft.notFoundPage = path);
    }

    /// Whether `about` is served from `about.html` if there is no such file itself.
    public FileOptions withCleanUrls(boolean clean) {
        return with(draft -> draft.cleanUrls = clean);
    }

    /// Whether a directory without an index is listed: as a page, as JSON or as text, by `Accept`.
    public FileOptions withListing(boolean listed) {
        return with(draft -> draft.listing = listed);
    }

    /// Whether names that start with a dot are served. `.well-known` in the root always is.
    public FileOptions withHidden(boolean served) {
        return with(draft -> draft.hidden = served);
    }

    /// Whether PUT stores a file, for whoever may ask: put a filter that knows who does in front.
    /// Add the handler to a route for PUT as well. A file is replaced as a whole or not at all.
    public FileOptions withUploads(boolean stored) {
        return with(draft -> draft.uploads = stored);
    }

    /// Whether symbolic links are followed, as long as they lead to something below the root.
    /// Otherwise they are not there.
    public FileOptions withLinks(boolean followed) {
        return with(draft -> draft.links = followed);
    }

    /// Whether `app.js.br`, `app.js.zst` and `app.js.gz`, if not older than `app.js`, are sent in
    /// its place to clients that accept them.
    public FileOptions withPrecompressed(boolean sent) {
        return with(draft -> draft.precompressed = sent);
    }

    /// Which files are compressed by gzip for clients that accept it, unless there is a compressed
    /// one next to them; [Compression#none()] for none.
    public FileOptions withCompression(Compression which) {
        return with(draft -> draft.compression = which);
    }

    public FileOptions withMimeTypes(MimeTypes types) {
        return with(draft -> draft.mimeTypes = types);
    }

    public FileOptions withCacheRules(CacheRules rules) {
        return with(draft -> draft.cacheRules = rules);
    }

    public FileOptions withTagPolicy(TagPolicy policy) {
        return with(draft -> draft.tagPolicy = policy);
    }

    /// Files that are to be saved, not shown: patterns as in [CacheRules].
    ///
    /// @throws IllegalArgumentException for one that is malformed
    public FileOptions withDownloads(String... patterns) {
        List<Glob> globs = Arrays.stream(patterns).map(Glob::of).toList();
        return with(draft -> draft.downloads = globs);
    }

    /// A field that goes with every file, such as `X-Content-Type-Options: nosniff`.
    ///
    /// @throws IllegalArgumentException for a name or value that HTTP cannot carry
    public FileOptions withHeader(String name, String value) {
        ResponseHead head = new ResponseHead();
        head.add(fields);
        head.add(name, value);
        if (head.fieldsLength() == fields.length || head.hasDate() || head.hasServer()) {
            throw new IllegalArgumentException(name + " is not to be set for files");
        }
        byte[] all = Arrays.copyOf(head.fields(), head.fieldsLength());
        return with(draft -> draft.fields = all);
    }

    public FileOptions withCache(FileCacheLimits limits) {
        return with(draft -> draft.cache = limits);
    }

    /// How files that are not kept in memory get to the socket; without it, as is best for their
    /// size ([FileStrategy#recommended(long)]).
    public FileOptions withStrategy(FileStrategy chosen) {
        return with(draft -> draft.strategy = chosen);
    }

    List<String> indexNames() {
        return indexNames;
    }

    @Nullable String fallback() {
        return fallback;
    }

    @Nullable String notFoundPage() {
        return notFoundPage;
    }

    boolean cleanUrls() {
        return cleanUrls;
    }

    boolean listing() {
        return listing;
    }

    boolean hidden() {
        return hidden;
    }

    boolean uploads() {
        return uploads;
    }

    boolean links() {
        return links;
    }

    boolean precompressed() {
        return precompressed;
    }

    Compression compression() {
        return compression;
    }

    MimeTypes mimeTypes() {
        return mimeTypes;
    }

    CacheRules cacheRules() {
        return cacheRules;
    }

    TagPolicy tagPolicy() {
        return tagPolicy;
    }

    /// Field lines that go with every file. The array is shared: only to be read.
    byte[] fields() {
        return fields;
    }

    FileCacheLimits cache() {
        return cache;
    }

    FileStrategy strategy(long bytes) {
        FileStrategy chosen = strategy;
        return chosen == null ? FileStrategy.recommended(bytes) : chosen;
    }

    /// Whether the file at this path, in native memory, is to be saved.
    boolean isDownload(long address, int length) {
        for (Glob glob : downloads) if (glob.matches(address, length)) return true;
        return false;
    }

    private FileOptions with(Consumer<FileOptions> change) {
        FileOptions copy = new FileOptions(this);
        change.accept(copy);
        return copy;
    }

    private static void requireName(String name) {
        if (name.isEmpty() || name.contains("/")) {
            throw new IllegalArgumentException("an index is a file's name, without /: " + name);
        }
        requireOpenable("an index", name, FilePath.NAME_BYTES_MAX);
    }

    private static void requirePath(String path) {
        List<String> names = new ArrayList<>(List.of(path.split("/", -1)));
        if (names.contains("") || names.contains(".") || names.contains("..")) {
            throw new IllegalArgumentException(
                    "a page is a path below the root, such as errors/404.html: " + path);
        }
        requireOpenable("a page", path, FilePath.PATH_BYTES_MAX - 1);
        for (String name : names) requireOpenable("a name", name, FilePath.NAME_BYTES_MAX);
    }

    /// No file has another name, and a [FilePath] no room for one.
    private static void requireOpenable(String what, String name, int bytesMax) {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(what + " has no NUL: " + name.replace('\0', '?'));
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > bytesMax) {
            throw new IllegalArgumentException(
                    what + " has at most " + bytesMax + " bytes in UTF-8: bytes=" + bytes);
        }
    }
}
