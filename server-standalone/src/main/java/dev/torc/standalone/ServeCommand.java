package dev.torc.standalone;

import dev.torc.core.ServerConfig;
import dev.torc.core.StartException;
import dev.torc.http.HttpLimits;
import dev.torc.http.HttpServer;
import dev.torc.http.Router;
import dev.torc.http.file.CacheRules;
import dev.torc.http.file.Compression;
import dev.torc.http.file.FileHandler;
import dev.torc.http.file.FileOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/// `torc serve`: the files of a directory.
@Command(
        name = "serve",
        description = "Serves the files of a directory.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ServeCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Directory to serve (default: the current one).")
    private Path directory = Path.of(".");

    @Mixin private ListenOptions listen = new ListenOptions();

    @Option(
            names = "--no-listing",
            description = "Answers 404 for a directory without index.html, and does not list it.")
    private boolean noListing;

    @Option(
            names = "--spa",
            arity = "0..1",
            paramLabel = "PAGE",
            fallbackValue = "index.html",
            description =
                    "Serves PAGE for what is not there and has no dot in its name, for an"
                            + " application that routes by itself (default: ${FALLBACK-VALUE}).")
    private @Nullable String fallback;

    @Option(
            names = "--not-found",
            paramLabel = "PAGE",
            description = "The body of 404: a file below DIR.")
    private @Nullable String notFoundPage;

    @Option(names = "--clean-urls", description = "Serves /about from about.html.")
    private boolean cleanUrls;

    @Option(
            names = "--header",
            paramLabel = "'NAME: VALUE'",
            description = "A field that goes with every file. May be repeated.")
    private List<String> headers = List.of();

    @Option(
            names = "--cache",
            paramLabel = "'PATTERN: VALUE'",
            description =
                    "Cache-Control of the files that match, such as '/assets/**: max-age=31536000'"
                            + " or '*.html: no-cache'. May be repeated; the first that matches"
                            + " decides.")
    private List<String> cacheRules = List.of();

    @Option(
            names = "--no-compression",
            description =
                    "Does not compress text by gzip. Compressed files next to others (.br, .zst,"
                            + " .gz) are sent nevertheless.")
    private boolean noCompression;

    @Option(names = "--hidden", description = "Serves files whose names start with a dot, too.")
    private boolean hidden;

    @Option(names = "--no-links", description = "Does not follow symbolic links.")
    private boolean noLinks;

    @Option(
            names = "--upload",
            description =
                    "Stores files by PUT, for whoever can reach the server: as in"
                            + " curl -T file http://HOST:PORT/dir/. Directories are not created.")
    private boolean upload;

    @Option(
            names = "--upload-max",
            paramLabel = "SIZE",
            description =
                    "The largest file that --upload stores, such as 500M or 20G (default: 1G).")
    private @Nullable String uploadMax;

    @Option(names = "--quiet", description = "Writes no line for each request.")
    private boolean quiet;

    ServeCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Logging.load();
        FileHandler files = files();
        ServerConfig config = listen.config();
        HttpLimits limits = limits();
        Router router = new Router().get("/{path...}", files);
        if (upload) router.put("/{path...}", files);
        if (!quiet) router.filter(new AccessLines(System.out, Terminal.ofThisProcess().style()));
        HttpServer server = HttpServer.start(config, limits, router);
        return Foreground.run(server, new Banner(server, files.root().toString()));
    }

    private HttpLimits limits() {
        HttpLimits limits = HttpLimits.defaults();
        if (uploadMax == null) return limits;
        if (!upload) throw new StartException("--upload-max is for --upload, which is not given");
        try {
            return limits.withStreamedBodyBytesMax(BinarySize.parse("--upload-max", uploadMax));
        } catch (IllegalArgumentException refused) {
            throw new StartException(String.valueOf(refused.getMessage()), refused);
        }
    }

    private FileHandler files() {
        try {
            return new FileHandler(directory, "path", options());
        } catch (IOException unusable) {
            throw new StartException(
                    directory + " cannot be served: " + unusable.getMessage(), unusable);
        } catch (IllegalArgumentException refused) {
            throw new StartException(String.valueOf(refused.getMessage()), refused);
        }
    }

    private FileOptions options() {
        FileOptions options =
                FileOptions.defaults()
                        .withListing(!noListing)
                        .withCleanUrls(cleanUrls)
                        .withHidden(hidden)
                        .withLinks(!noLinks)
                        .withUploads(upload);
        if (noCompression) options = options.withCompression(Compression.none());
        if (fallback != null) options = options.withFallback(fallback);
        if (notFoundPage != null) options = options.withNotFoundPage(notFoundPage);
        CacheRules rules = CacheRules.none();
        for (String rule : cacheRules) {
            int colon = colon("--cache", rule);
            rules = rules.with(rule.substring(0, colon).strip(), rule.substring(colon + 1).strip());
        }
        for (String header : headers) {
            int colon = colon("--header", header);
            String value = header.substring(colon + 1).strip();
            options = options.withHeader(header.substring(0, colon).strip(), value);
        }
        return options.withCacheRules(rules);
    }

    private static int colon(String option, String text) {
        int colon = text.indexOf(':');
        if (colon > 0) return colon;
        throw new IllegalArgumentException(option + " is two parts with a colon between: " + text);
    }
}
