package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.MimeTypes;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/// What a path stands for, and in which coding it is sent.
@EveryNetwork
class FileNamesTest {
    @Parameter Network network;
    @TempDir Path root;

    private void write(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private FileServer serve(FileOptions options) throws IOException {
        return FileServer.start(network, root, options);
    }

    @Test
    void servesTheIndexOfADirectory() throws IOException {
        write("index.html", "root");
        write("sub dir/index.htm", "sub");
        write("bare/file", "x");
        FileOptions options = FileOptions.defaults().withIndexNames("index.html", "index.htm");
        try (FileServer server = serve(options)) {
            assertEquals("root", server.get("/").text());
            assertEquals("sub", server.get("/sub%20dir/").text());
            assertTrue(server.get("/sub%20dir/").header("Content-Type").startsWith("text/html"));
            assertEquals(404, server.get("/bare/").status());
            Reply moved = server.get("/sub%20dir?a=b");
            assertEquals(301, moved.status());
            assertEquals("sub%20dir/?a=b", moved.header("Location"));
        }
    }

    @Test
    void servesNoIndexWhereNoneIsWanted() throws IOException {
        write("index.html", "root");
        try (FileServer server = serve(FileOptions.defaults().withIndexNames())) {
            assertEquals(404, server.get("/").status());
            assertEquals("root", server.get("/index.html").text());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/about, 200, about",
        "/about.html, 200, about",
        "/users/17, 200, app",
        "/users/, 200, app",
        "/missing.js, 404, sorry",
        "/../etc, 404, sorry",
        "/.hidden, 404, sorry"
    })
    void fallsBack(String path, int status, String content) throws IOException {
        write("app.html", "app");
        write("about.html", "about");
        write("errors/404.html", "sorry");
        write(".hidden", "secret");
        FileOptions options =
                FileOptions.defaults()
                        .withFallback("app.html")
                        .withNotFoundPage("errors/404.html")
                        .withCleanUrls(true);
        try (FileServer server = serve(options)) {
            Reply reply = server.get(path);
            assertEquals(status, reply.status());
            assertEquals(content, reply.text());
            assertTrue(reply.header("Content-Type").startsWith("text/html"));
            assertFalse(status == 404 && reply.has("ETag"));
        }
    }

    @Test
    void fallsBackFromADirectoryThatIsNotThereToBeListed() throws IOException {
        write("app.html", "app");
        FileOptions options = FileOptions.defaults().withListing(true);
        try (FileServer server = serve(options.withFallback("app.html"))) {
            assertEquals("app", server.get("/users/").text());
            assertTrue(server.get("/").text().contains("app.html"));
        }
        try (FileServer server = serve(options.withNotFoundPage("app.html"))) {
            Reply reply = server.get("/users/");
            assertEquals(404, reply.status());
            assertEquals("app", reply.text());
        }
    }

    @Test
    void answersWithoutAPageThatIsNotThere() throws IOException {
        FileOptions options = FileOptions.defaults().withFallback("a").withNotFoundPage("b");
        try (FileServer server = serve(options)) {
            assertEquals("404 Not Found\n", server.get("/x").text());
        }
    }

    @Test
    void servesHiddenFilesOnlyIfTold() throws IOException {
        write(".env", "secret");
        write(".well-known/acme", "token");
        try (FileServer server = serve(FileOptions.defaults())) {
            assertEquals(404, server.get("/.env").status());
            assertEquals("token", server.get("/.well-known/acme").text());
        }
        try (FileServer server = serve(FileOptions.defaults().withHidden(true))) {
            assertEquals("secret", server.get("/.env").text());
        }
    }

    @Test
    void followsLinksOnlyIfTold() throws IOException {
        write("file", "content");
        Files.createSymbolicLink(root.resolve("link"), Path.of("file"));
        try (FileServer server = serve(FileOptions.defaults())) {
            assertEquals("content", server.get("/link").text());
        }
        try (FileServer server = serve(FileOptions.defaults().withLinks(false))) {
            assertEquals(404, server.get("/link").status());
            assertEquals("content", server.get("/file").text());
        }
    }

    @Test
    void sendsWhatWasCompressedBeforehand() throws IOException {
        write("app.js", "plain");
        write("app.js.br", "brotli");
        write("app.js.gz", "gzip");
        write("alone.css", "plain");
        try (FileServer server = serve(FileOptions.defaults())) {
            Reply plain = server.get("/app.js");
            assertEquals("plain", plain.text());
            assertEquals("Accept-Encoding", plain.header("Vary"));
            Reply gzip = server.get("/app.js", "Accept-Encoding: gzip, zstd");
            assertEquals("gzip", gzip.text());
            assertEquals("gzip", gzip.header("Content-Encoding"));
            assertTrue(gzip.header("Content-Type").startsWith("text/javascript"));
            assertFalse(gzip.header("ETag").equals(plain.header("ETag")));
            Reply brotli = server.get("/app.js", "Accept-Encoding: gzip, br");
            assertEquals("brotli", brotli.text());
            String none = "Accept-Encoding: zstd, identity;q=0";
            Reply refused = server.get("/app.js", none);
            assertEquals(406, refused.status());
            assertEquals("Accept-Encoding", refused.header("Vary"));
            String known = "If-None-Match: " + brotli.header("ETag");
            assertEquals(304, server.get("/app.js", "Accept-Encoding: br", known).status());
            assertEquals(200, server.get("/app.js", "Accept-Encoding: gzip", known).status());
            Reply alone = server.get("/alone.css", "Accept-Encoding: gzip");
            assertEquals("plain", alone.text());
            assertFalse(alone.has("Vary"));
        }
        try (FileServer server = serve(FileOptions.defaults().withPrecompressed(false))) {
            assertEquals("plain", server.get("/app.js", "Accept-Encoding: br").text());
        }
    }

    @Test
    void passesOverACompressedFileThatIsOlder() throws IOException {
        write("app.js", "new");
        write("app.js.gz", "old");
        Instant before = Instant.now().minusSeconds(100);
        Files.setLastModifiedTime(root.resolve("app.js.gz"), FileTime.from(before));
        try (FileServer server = serve(FileOptions.defaults())) {
            assertEquals("new", server.get("/app.js", "Accept-Encoding: gzip").text());
        }
    }

    @Test
    void saysWhatTheOptionsSay() throws IOException {
        write("a/x.css", "x");
        write("b/report é.pdf", "x");
        FileOptions options =
                FileOptions.defaults()
                        .withCacheRules(CacheRules.none().with("*.css", "max-age=60"))
                        .withDownloads("/b/**")
                        .withMimeTypes(MimeTypes.defaults().with("css", "text/x-css"))
                        .withHeader("X-Content-Type-Options", "nosniff");
        try (FileServer server = serve(options)) {
            Reply style = server.get("/a/x.css");
            assertEquals("max-age=60", style.header("Cache-Control"));
            assertEquals("text/x-css", style.header("Content-Type"));
            assertEquals("nosniff", style.header("X-Content-Type-Options"));
            assertFalse(style.has("Content-Disposition"));
            String tag = "If-None-Match: " + style.header("ETag");
            assertEquals("max-age=60", server.get("/a/x.css", tag).header("Cache-Control"));
            String saved = "attachment; filename=\"report _.pdf\"; ";
            for (String range : new String[] {"bytes=0-0", "lines=1-2"}) {
                Reply report = server.get("/b/report%20%C3%A9.pdf", "Range: " + range);
                assertEquals(
                        saved + "filename*=UTF-8''report%20%C3%A9.pdf",
                        report.header("Content-Disposition"));
                assertEquals("x", report.text());
                assertEquals("application/pdf", report.header("Content-Type"));
            }
        }
    }

    @Test
    void listsADirectoryByWhatIsAccepted() throws IOException {
        write("sub/a.txt", "12345");
        write("sub/<b>.txt", "1");
        write("sub/.hidden", "1");
        Files.createDirectories(root.resolve("sub/deeper"));
        Files.createSymbolicLink(root.resolve("sub/out"), Path.of("/"));
        try (FileServer server = serve(FileOptions.defaults().withListing(true))) {
            Reply page = server.get("/sub/", "Accept: text/html");
            assertEquals(200, page.status());
            assertEquals("Accept", page.header("Vary"));
            assertTrue(page.header("Content-Security-Policy").contains("sha256-"));
            assertTrue(page.text().contains("a.txt") && page.text().contains("&lt;b&gt;.txt"));
            assertFalse(page.text().contains("hidden\"") || page.text().contains("out/"));
            Reply json = server.get("/sub/", "Accept: application/json");
            assertEquals("application/json", json.header("Content-Type"));
            assertTrue(json.text().contains("\"name\":\"a.txt\""), json.text());
            assertTrue(server.get("/sub/", "Accept: text/plain").text().contains("5  a.txt"));
            assertEquals(page.contentLength(), server.head("/sub/").contentLength());
            assertEquals(404, server.get("/none/").status());
            assertEquals(404, server.get("/sub/a.txt/").status());
            assertEquals(404, server.get("/sub/out/").status());
            assertEquals(301, server.get("/sub").status());
        }
        try (FileServer server = serve(FileOptions.defaults())) {
            assertEquals(404, server.get("/sub/").status());
        }
    }
}
