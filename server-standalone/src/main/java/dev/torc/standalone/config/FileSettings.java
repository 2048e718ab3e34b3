package dev.torc.standalone.config;

import dev.torc.core.StartException;
import dev.torc.core.spi.FileStrategy;
import dev.torc.http.MimeTypes;
import dev.torc.http.file.CacheRules;
import dev.torc.http.file.FileHandler;
import dev.torc.http.file.FileOptions;
import dev.torc.http.file.TagPolicy;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/// Which files are served, and how: [FileOptions].
public final class FileSettings {
    public static final Group GROUP = new Group("files.", "Files");

    private static final String BY_SIZE = "auto";
    private static final ValueType<String> PAGE = new Text("PAGE", "a path below the root");

    /// `--root`, or the argument of `torc serve`.
    public static final Setting<String> ROOT =
            GROUP.add(
                    Setting.of(
                                    "root",
                                    new Text("DIR", "a directory"),
                                    ".",
                                    "Directory whose files are served.")
                            .withShownInitial("the current one")
                            .everyday());

    public static final Setting<Boolean> LISTING =
            GROUP.add(
                    Setting.of(
                                    "files.listing",
                                    new Switch(),
                                    true,
                                    "Lists a directory without index.html; otherwise it is 404.")
                            .withHelpMeaning(
                                    "Answers 404 for a directory without index.html, and does not"
                                            + " list it.")
                            .everyday("--listing"));

    static final Setting<String> FALLBACK =
            GROUP.add(
                    Setting.of(
                                    "files.fallback",
                                    PAGE,
                                    "",
                                    "Serves PAGE for what is not there and has no dot in its name,"
                                            + " for an application that routes by itself.")
                            .withShownInitial("none")
                            .withBareValue("index.html")
                            .everyday("--spa"));

    static final Setting<String> NOT_FOUND_PAGE =
            GROUP.add(
                    Setting.of(
                                    "files.not-found-page",
                                    PAGE,
                                    "",
                                    "The body of 404: a file below DIR.")
                            .withShownInitial("none")
                            .everyday("--not-found"));

    static final Setting<List<String>> INDEX_NAMES =
            GROUP.add(
                    "index-names",
                    new Texts("NAME", "names of files"),
                    List.of("index.html"),
                    "What a directory is served as: the first of these that is a file in it.");

    static final Setting<Boolean> CLEAN_URLS =
            GROUP.add(
                    Setting.of(
                                    "files.clean-urls",
                                    new Switch(),
                                    false,
                                    "Serves /about from about.html.")
                            .everyday("--clean-urls"));

    static final Setting<List<Rule>> HEADERS =
            GROUP.add(
                    Setting.of(
                                    "files.headers",
                                    new Rules("'NAME: VALUE'", "NAME: VALUE"),
                                    List.<Rule>of(),
                                    "A field that goes with every file.")
                            .withShownInitial("none")
                            .everyday("--header"));

    static final Setting<List<Rule>> CACHE_RULES =
            GROUP.add(
                    Setting.of(
                                    "files.cache-rules",
                                    new Rules("'PATTERN: VALUE'", "PATTERN: VALUE"),
                                    List.<Rule>of(),
                                    "Cache-Control of the files that match, such as"
                                            + " '/assets/**: max-age=31536000' or"
                                            + " '*.html: no-cache'. The first that matches"
                                            + " decides.")
                            .withShownInitial("none")
                            .everyday("--cache"));

    static final Setting<Boolean> HIDDEN =
            GROUP.add(
                    Setting.of(
                                    "files.hidden",
                                    new Switch(),
                                    false,
                                    "Serves files whose names start with a dot, too.")
                            .everyday("--hidden"));

    static final Setting<Boolean> LINKS =
            GROUP.add(
                    Setting.of(
                                    "files.links",
                                    new Switch(),
                                    true,
                                    "Follows symbolic links that lead to something below the root.")
                            .withHelpMeaning("Does not follow symbolic links.")
                            .everyday("--links"));

    static final Setting<Boolean> PRECOMPRESSED =
            GROUP.add(
                    "precompressed",
                    new Switch(),
                    true,
                    "Sends app.js.br, app.js.zst or app.js.gz in place of app.js to clients that"
                            + " accept them.");

    static final Setting<List<Rule>> MIME_TYPES =
            GROUP.add(
                    Setting.of(
                                    "files.mime-types",
                                    new Rules("'EXTENSION: TYPE'", "EXTENSION: TYPE"),
                                    List.<Rule>of(),
                                    "Media types of extensions, besides or in place of the built-in"
                                            + " ones: 'jsonc: application/json'.")
                            .withShownInitial("none"));

    static final Setting<String> TAG_POLICY =
            GROUP.add(
                    "tag-policy",
                    Choice.of("host", "copies"),
                    "host",
                    "What entity tags are made of. copies is for hosts behind one load balancer"
                            + " whose files have the same times.");

    static final Setting<List<String>> DOWNLOADS =
            GROUP.add(
                    Setting.of(
                                    "files.downloads",
                                    new Texts("PATTERN", "patterns, as of files.cache-rules"),
                                    List.<String>of(),
                                    "Files that are to be saved, not shown.")
                            .withShownInitial("none"));

    static final Setting<String> STRATEGY =
            GROUP.add(
                    "strategy",
                    Choice.of(BY_SIZE, "copy", "sendfile", "splice", "splice-loop"),
                    BY_SIZE,
                    "How files that are not kept in memory get to the socket; auto goes by size.");

    private FileSettings() {}

    /// Opens the root.
    ///
    /// @param change what a command sets besides
    /// @throws StartException if it cannot be served like this
    public static FileHandler handler(Settings settings, UnaryOperator<FileOptions> change) {
        String root = settings.of(ROOT);
        FileOptions options = change.apply(options(settings));
        try {
            return new FileHandler(Path.of(root), "path", options);
        } catch (IOException | InvalidPathException unusable) {
            throw new StartException(
                    root + " cannot be served: " + unusable.getMessage(), unusable);
        }
    }

    static FileOptions options(Settings settings) {
        FileOptions options =
                GROUP.checked(settings, () -> withPages(FileOptions.defaults(), settings));
        options =
                options.withListing(settings.of(LISTING))
                        .withCleanUrls(settings.of(CLEAN_URLS))
                        .withHidden(settings.of(HIDDEN))
                        .withLinks(settings.of(LINKS))
                        .withPrecompressed(settings.of(PRECOMPRESSED))
                        .withTagPolicy(TagPolicy.valueOf(constant(settings.of(TAG_POLICY))))
                        .withCompression(CompressionSettings.compression(settings))
                        .withCache(FileCacheSettings.limits(settings));
        String strategy = settings.of(STRATEGY);
        if (strategy.equals(BY_SIZE)) return options;
        return options.withStrategy(FileStrategy.valueOf(constant(strategy)));
    }

    private static FileOptions withPages(FileOptions plain, Settings settings) {
        FileOptions options = plain;
        if (!settings.of(FALLBACK).isEmpty()) options = options.withFallback(settings.of(FALLBACK));
        if (!settings.of(NOT_FOUND_PAGE).isEmpty()) {
            options = options.withNotFoundPage(settings.of(NOT_FOUND_PAGE));
        }
        CacheRules rules = CacheRules.none();
        for (Rule rule : settings.of(CACHE_RULES)) rules = rules.with(rule.name(), rule.value());
        for (Rule field : settings.of(HEADERS)) {
            options = options.withHeader(field.name(), field.value());
        }
        if (settings.isGiven(MIME_TYPES)) {
            MimeTypes types = MimeTypes.defaults();
            for (Rule type : settings.of(MIME_TYPES)) types = types.with(type.name(), type.value());
            options = options.withMimeTypes(types);
        }
        return options.withCacheRules(rules)
                .withIndexNames(settings.of(INDEX_NAMES).toArray(String[]::new))
                .withDownloads(settings.of(DOWNLOADS).toArray(String[]::new));
    }

    /// `SPLICE_LOOP` of `splice-loop`.
    private static String constant(String word) {
        return word.replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
