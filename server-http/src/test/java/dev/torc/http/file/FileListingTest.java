package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.LogRecords;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;

/// Directories of the real file system, with what can be in them.
@EveryNetwork
class FileListingTest {
    private static final FileOptions LISTS = FileOptions.defaults().withListing(true);
    private static final String HTML = "Accept: text/html";

    /// Longer than a path below any root can be, and each name of it short enough.
    private static final String LONG = "abcdefghi/".repeat(408);

    private static final int EXCHANGES = 500;

    @Parameter Network network;
    @TempDir Path directory;

    private FileServer serve(FileOptions options) throws IOException {
        return FileServer.start(network, root(), options);
    }

    private Path root() throws IOException {
        return Files.createDirectories(directory.resolve("root"));
    }

    private Path write(String name) throws IOException {
        Path file = root().resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        return Files.writeString(file, "content");
    }

    private Path link(String name, Path target) throws IOException {
        return Files.createSymbolicLink(root().resolve(name), target);
    }

    /// Anyone can ask for these: they are no failures, and nothing for the log.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/none/",
                "/file/",
                "/file/x/",
                "/loop/",
                "/loop/x/",
                "/broken/",
                "/out/",
                "/new%0aline/",
                "/LONG",
                "/sub/LONG"
            })
    void leavesOutWhatIsNoDirectory(String name) throws IOException {
        String path = name.replace("LONG", LONG);
        write("file");
        write("sub/file");
        link("loop", Path.of("loop"));
        link("broken", Path.of("nowhere"));
        link("out", directory);
        write("app.html");
        try (LogRecords log = new LogRecords("dev.torc")) {
            try (FileServer server = serve(LISTS)) {
                Reply reply = server.get(path, HTML);
                assertEquals(404, reply.status(), reply.text());
            }
            try (FileServer server = serve(LISTS.withFallback("app.html"))) {
                Reply reply = server.get(path, HTML);
                assertEquals(200, reply.status(), reply.text());
                assertEquals("content", reply.text());
            }
            assertEquals(List.of(), log.at(Level.SEVERE));
        }
    }

    /// Whose other end nobody opens: whoever waited for that would wait forever, with the thread.
    @Test
    void waitsForNoFifo() throws Exception {
        Process making =
                new ProcessBuilder("mkfifo", root().resolve("fifo").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            assertTrue(making.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        } finally {
            making.destroyForcibly();
        }
        assertTrue(Files.exists(root().resolve("fifo")));
        write("file");
        try (FileServer server = serve(LISTS)) {
            assertEquals(404, server.get("/fifo/").status());
            assertEquals(404, server.get("/fifo/x/").status());
            assertEquals(List.of("file"), hrefs(server, "/"));
        }
    }

    /// All that is listed can be asked for.
    @Test
    void listsWhatIsThere() throws IOException {
        write("file");
        write("sub/file");
        write("a+é b?.txt");
        write(".hidden");
        link("link", Path.of("file"));
        link("folder", Path.of("sub"));
        link("loop", Path.of("loop"));
        link("broken", Path.of("nowhere"));
        link("out", directory);
        try (FileServer server = serve(LISTS)) {
            assertEquals(
                    List.of("folder/", "sub/", "a%2B%C3%A9%20b%3F.txt", "file", "link"),
                    hrefs(server, "/"));
            assertEquals(List.of("file"), hrefs(server, "/folder/"));
        }
        try (FileServer server = serve(LISTS.withLinks(false))) {
            assertEquals(List.of("sub/", "a%2B%C3%A9%20b%3F.txt", "file"), hrefs(server, "/"));
            assertEquals(404, server.get("/folder/").status());
        }
    }

    /// On `uring` the kernel refuses a link that leaves the root, even if it comes back.
    @Test
    void listsNoLinkThatIsNotServed() throws IOException {
        write("sub/file");
        write("sub/deeper/file");
        link("sub/deeper/up", Path.of("../file"));
        link("absolute", root().resolve("sub/file"));
        link("folder", root().resolve("sub"));
        link("again", Path.of("absolute"));
        link("through", Path.of("folder/file"));
        link("back", Path.of("..", "root", "sub", "file"));
        link("self", Path.of("."));
        link("chain", Path.of("self/sub/deeper/up"));
        try (FileServer server = serve(LISTS)) {
            boolean detours = server.server().ask(shard -> shard.files().followsDetours());
            List<String> expected =
                    detours
                            ? List.of(
                                    "folder/",
                                    "self/",
                                    "sub/",
                                    "absolute",
                                    "again",
                                    "back",
                                    "chain",
                                    "through")
                            : List.of("self/", "sub/", "chain");
            assertEquals(expected, hrefs(server, "/"));
            assertEquals(expected, hrefs(server, "/self/"));
            assertEquals(List.of("file", "up"), hrefs(server, "/sub/deeper/"));
            assertEquals(detours ? 200 : 404, server.get("/folder/").status());
        }
    }

    /// It cannot be asked for, and is told from what only looks like it.
    @Test
    void showsANameThatIsNotUtf8AndLinksItToNothing() throws IOException {
        write("caf\u00e9 +1");
        Path named = Path.of(URI.create(root().toUri() + "caf%E9+%20%25"));
        Files.writeString(named, "content");
        Files.createDirectory(Path.of(URI.create(root().toUri() + "%FF+")));
        try (FileServer server = serve(LISTS)) {
            String page = server.get("/", HTML).text();
            assertEquals(3, page.split("This name is not UTF-8", -1).length, page);
            assertFalse(page.contains("href=\"caf%E") || page.contains("%EF%BF%BD"), page);
            assertTrue(page.contains("<a href=\"caf%C3%A9%20%2B1\">"), page);
            String json = server.get("/", "Accept: application/json").text();
            assertTrue(json.contains("\"href\":\"caf%E9%2B%20%25\""), json);
            assertTrue(json.contains("\"href\":\"%FF%2B/\""), json);
            byte[] text = server.get("/", "Accept: text/plain").body();
            String lines = new String(text, StandardCharsets.UTF_8);
            assertTrue(lines.contains("  caf\\xe9+ %\n"), lines);
            assertTrue(lines.contains("  \\xff+/\n"), lines);
            assertTrue(lines.contains("  caf\u00e9 +1\n"), lines);
        }
    }

    /// Whoever may write below the root exchanges a directory for a link, again and again.
    @Test
    void isNotLedOutOfTheRootByALinkInADirectorysPlace() throws Exception {
        write("sub/inside");
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        link("link", outside);
        AtomicBoolean isOver = new AtomicBoolean();
        try (FileServer server = serve(LISTS);
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<Integer> exchanging = other.submit(() -> exchange("sub", "link", isOver));
            try {
                for (int i = 0; i < EXCHANGES; i++) {
                    Reply reply = server.get("/sub/", "Accept: text/plain");
                    assertTrue(reply.status() == 200 || reply.status() == 404, reply.statusLine());
                    assertFalse(reply.text().contains("secret"), reply.text());
                }
            } finally {
                isOver.set(true);
            }
            assertTrue(exchanging.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS) > 0);
            assertEquals(List.of("inside"), hrefs(server, "/sub/"));
        }
    }

    /// Gives each the other's name and then its own, until it is over; how often.
    private int exchange(String one, String other, AtomicBoolean isOver) throws IOException {
        Path first = root().resolve(one);
        Path second = root().resolve(other);
        Path aside = directory.resolve("aside");
        int times = 0;
        for (; !isOver.get(); times++) {
            Files.move(first, aside);
            Files.move(second, first);
            Files.move(first, second);
            Files.move(aside, first);
        }
        return times;
    }

    /// What a listing links to, each of which is there.
    private static List<String> hrefs(FileServer server, String path) throws IOException {
        Reply listing = server.get(path, "Accept: application/json");
        assertEquals(200, listing.status(), listing.text());
        List<String> hrefs =
                listing.text()
                        .lines()
                        .filter(line -> line.contains("\"href\":\""))
                        .map(line -> line.replaceAll(".*\"href\":\"([^\"]*)\".*", "$1"))
                        .toList();
        for (String href : hrefs) {
            assertEquals(200, server.get(path + href).status(), href);
        }
        assertTrue(listing.text().contains("\"complete\":true"), listing.text());
        return hrefs;
    }
}
