package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.http.Router;
import dev.torc.http.file.CacheRules;
import dev.torc.http.file.FileHandler;
import dev.torc.http.file.FileOptions;

import java.io.IOException;
import java.nio.file.Path;

/// An application of one page beside its API: assets with a digest in their names are kept for a
/// year, the page is asked for again each time (304), and paths that the page routes by itself are
/// the page.
public final class SinglePage {
    private SinglePage() {}

    static HttpServer start(ServerConfig config, Path directory) throws IOException {
        FileOptions options =
                FileOptions.defaults()
                        .withFallback("index.html")
                        .withCacheRules(
                                CacheRules.none()
                                        .with("/assets/**", "public, max-age=31536000, immutable")
                                        .with("*.html", "no-cache"))
                        .withHeader("X-Content-Type-Options", "nosniff");
        Router router =
                new Router()
                        .get("/api/version", (_, response) -> response.send("1\n"))
                        .get("/{path...}", new FileHandler(directory, "path", options));
        return HttpServer.start(config, router);
    }

    public static void main(String[] arguments) throws Exception {
        Usage.require(arguments, "SinglePage", "DIRECTORY");
        HttpServer server = start(ServerConfig.defaults(), Path.of(arguments[0]));
        System.out.println("http://127.0.0.1:" + server.port() + "/");
        server.await();
    }
}
