package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.Handlers;
import dev.torc.http.HttpLimits;
import dev.torc.http.Router;
import dev.torc.http.TestServer;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Files that are stored by PUT.
@EveryNetwork
class FileUploadsTest {
    private static final int BIG_BYTES = 4 << 20;
    private static final int LIMIT_BYTES = 8 << 20;
    private static final FileOptions UPLOADS = FileOptions.defaults().withUploads(true);

    @Parameter Network network;
    @TempDir Path directory;

    private Path root = Path.of("");
    private TestServer server;
    private TestClient client;

    @BeforeEach
    void start() throws IOException {
        root = Files.createDirectories(directory.resolve("root"));
        Files.createDirectories(root.resolve("sub"));
        Files.writeString(directory.resolve("secret.txt"), "secret");
        Files.writeString(root.resolve("old.txt"), "old");
        serve(UPLOADS);
    }

    private void serve(FileOptions options) throws IOException {
        FileHandler files = new FileHandler(root, "path", options);
        Router router = new Router().get("/{path...}", files).put("/{path...}", files);
        HttpLimits limits = HttpLimits.defaults().withStreamedBodyBytesMax(LIMIT_BYTES);
        server = TestServer.start(network, limits, router);
        client = server.connect();
    }

    private void serveInstead(FileOptions options) throws IOException {
        stop();
        serve(options);
    }

    /// Looked up for each request, and tags that stay the same while the file does: the simulated
    /// kernel makes inode numbers up.
    private void serveUnderTagsThatHold() throws IOException {
        serveInstead(
                UPLOADS.withTagPolicy(network.isReal() ? TagPolicy.HOST : TagPolicy.COPIES)
                        .withCache(FileCacheLimits.defaults().withStaleness(Duration.ZERO)));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    private static String head(String path, int length, String... fields) {
        StringBuilder text = new StringBuilder("PUT " + path + " HTTP/1.1\r\nHost: a\r\n");
        for (String field : fields) text.append(field).append("\r\n");
        return text.append("Content-Length: " + length + "\r\n\r\n").toString();
    }

    private Reply put(String path, String content, String... fields) throws IOException {
        return client.send(head(path, content.length(), fields) + content).reply();
    }

    private String stored(String name) throws IOException {
        return Files.readString(root.resolve(name));
    }

    /// Nothing but what a test has stored is there, no temporary file either.
    private List<String> names(String of) {
        try (Stream<Path> all = Files.list(root.resolve(of))) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void storesAFileThatIsNew() throws IOException {
        assertEquals(404, client.get("/sub/n%C3%A9w.txt").status());
        Reply reply = put("/sub/n%C3%A9w.txt", "content");
        assertEquals(201, reply.status());
        assertEquals("", reply.text());
        assertEquals("content", client.get("/sub/n%C3%A9w.txt").text());
        assertEquals(List.of("n\u00e9w.txt"), names("sub"));
    }

    @Test
    void replacesAFile() throws IOException {
        for (int i = 0; i < 20; i++) {
            assertEquals(204, put("/old.txt", "state " + i).status());
            assertEquals("state " + i, client.get("/old.txt").text());
        }
        assertEquals(201, put("/empty.txt", "").status());
        assertEquals("", client.get("/empty.txt").text());
        assertEquals(List.of("empty.txt", "old.txt", "sub"), names(""));
    }

    @Test
    void storesWhatComesInPiecesOrChunks() throws IOException {
        byte[] content = new byte[BIG_BYTES];
        new Random(1).nextBytes(content);
        client.send(head("/big.bin", BIG_BYTES)).send(content);
        assertEquals(201, client.reply().status());
        assertArrayEquals(content, Files.readAllBytes(root.resolve("big.bin")));
        client.send("PUT /big.bin HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int at = 0; at < 1 << 20; at += 1 << 16) {
            client.send("10000\r\n").send(content, at, at + (1 << 16)).send("\r\n");
        }
        client.send("0\r\n\r\n");
        assertEquals(204, client.reply().status());
        byte[] half = Files.readAllBytes(root.resolve("big.bin"));
        assertArrayEquals(Arrays.copyOf(content, 1 << 20), half);
    }

    @Test
    void storesWithinAHandlerThatBlocks() throws IOException {
        FileHandler files = new FileHandler(root, "path", UPLOADS);
        Router router = new Router().put("/{path...}", Handlers.blocking(files));
        try (TestServer blocking = TestServer.start(network, router);
                TestClient other = blocking.connect()) {
            other.send(head("/new.txt", 3) + "new");
            assertEquals(201, other.reply().status());
            assertEquals("new", stored("new.txt"));
        }
    }

    @Test
    void storesNothingUnlessTold() throws IOException {
        serveInstead(FileOptions.defaults());
        Reply reply = put("/new.txt", "new");
        assertEquals(405, reply.status());
        assertEquals("GET, HEAD", reply.header("Allow"));
        assertEquals(List.of("old.txt", "sub"), names(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../new.txt",
                "/%2e%2e/new.txt",
                "/sub/%2e%2e/%2e%2e/new.txt",
                "/..%2fnew.txt",
                "/..%5cnew.txt",
                "/new%00.txt",
                "/.env",
                "/.git/config",
                "/sub//new.txt",
                "/new%ff.txt",
                "/.torc-upload-1"
            })
    void storesNothingUnderANameThatIsNotServed(String path) throws IOException {
        Reply reply = put(path, "new");
        assertTrue(reply.status() == 404 || reply.status() == 400, reply.statusLine());
        assertEquals(List.of("old.txt", "sub"), names(""));
        assertEquals(List.of(), names("sub"));
        assertFalse(Files.exists(directory.resolve("new.txt")));
    }

    @Test
    void storesNothingWhereThereIsNoPlace() throws IOException {
        Files.createSymbolicLink(root.resolve("out.txt"), directory.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("up"), directory);
        Files.createSymbolicLink(root.resolve("broken"), root.resolve("nowhere"));
        Files.createSymbolicLink(root.resolve("loop"), root.resolve("loop"));
        for (String path :
                new String[] {
                    "/",
                    "/sub",
                    "/sub/",
                    "/none/a",
                    "/old.txt/a",
                    "/out.txt",
                    "/up/a",
                    "/up/root",
                    "/broken",
                    "/broken/a",
                    "/loop",
                    "/loop/a"
                }) {
            assertEquals(409, put(path, "new").status(), path);
        }
        assertEquals("secret", Files.readString(directory.resolve("secret.txt")));
        assertEquals(List.of("broken", "loop", "old.txt", "out.txt", "sub", "up"), names(""));
    }

    @Test
    void followsLinksBelowTheRootIfItMay() throws IOException {
        Files.createSymbolicLink(root.resolve("link.txt"), Path.of("old.txt"));
        Files.createSymbolicLink(root.resolve("link"), Path.of("sub"));
        assertEquals(204, put("/link.txt", "new").status());
        assertEquals(201, put("/link/new.txt", "new").status());
        assertTrue(Files.isSymbolicLink(root.resolve("link.txt")));
        assertEquals("new", stored("old.txt"));
        assertEquals("new", stored("sub/new.txt"));
        Files.createSymbolicLink(root.resolve("absolute"), root.resolve("sub"));
        boolean detours = server.ask(shard -> shard.files().followsDetours());
        assertEquals(detours ? 201 : 409, put("/absolute/detour.txt", "new").status());
        serveInstead(UPLOADS.withLinks(false));
        assertEquals(409, put("/link.txt", "newer").status());
        assertEquals(409, put("/link/new.txt", "newer").status());
        assertEquals(204, put("/old.txt", "newest").status());
        assertEquals("new", stored("sub/new.txt"));
    }

    @Test
    void obeysConditions() throws IOException {
        assertEquals(412, put("/old.txt", "new", "If-None-Match: *").status());
        assertEquals(412, put("/old.txt", "new", "If-Match: \"x\"").status());
        assertEquals(400, put("/old.txt", "new", "If-Match: x").status());
        assertEquals(412, put("/new.txt", "new", "If-Match: *").status());
        assertEquals("old", stored("old.txt"));
        assertEquals(List.of("old.txt", "sub"), names(""));
        assertEquals(201, put("/new.txt", "new", "If-None-Match: *").status());
        assertEquals(204, put("/new.txt", "newer", "If-Match: *").status());
        assertEquals("newer", stored("new.txt"));
    }

    @Test
    void replacesOnlyWhatTheClientHasSeen() throws IOException {
        serveUnderTagsThatHold();
        Await.until("the tag is strong", () -> !tag().startsWith("W/"));
        String seen = tag();
        assertEquals(204, put("/old.txt", "new", "If-Match: " + seen).status());
        assertEquals(412, put("/old.txt", "newer", "If-Match: " + seen).status());
        assertEquals("new", stored("old.txt"));
    }

    /// Browsers always accept gzip: what they have seen is the file, compressed.
    @Test
    void replacesWhatTheClientHasSeenCompressed() throws IOException {
        serveUnderTagsThatHold();
        assertEquals(204, put("/old.txt", "old ".repeat(1000)).status());
        Await.until("the tag is strong", () -> !tag().startsWith("W/"));
        client.send(FileServer.request("GET", "/old.txt", "Accept-Encoding: gzip"));
        Reply seen = client.reply();
        assertEquals("gzip", seen.header("Content-Encoding"));
        String condition = "If-Match: " + seen.header("ETag");
        assertEquals(204, put("/old.txt", "new", condition).status());
        assertEquals(412, put("/old.txt", "newer", condition).status());
        assertEquals("new", stored("old.txt"));
    }

    private String tag() {
        try {
            return client.get("/old.txt").header("ETag");
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void createsOnceOfManyThatCreateAtOnce() throws IOException {
        List<TestClient> clients = new ArrayList<>();
        try {
            String head = head("/new.txt", 2, "If-None-Match: *");
            for (int i = 10; i < 26; i++) {
                clients.add(server.connect().send(head));
            }
            Await.until("all are under way", () -> names("").size() == 2 + clients.size());
            for (int i = 0; i < clients.size(); i++) clients.get(i).send(10 + i + "");
            List<Integer> winners = new ArrayList<>();
            for (int i = 0; i < clients.size(); i++) {
                int status = clients.get(i).reply().status();
                assertTrue(status == 201 || status == 412, "status " + status);
                if (status == 201) winners.add(10 + i);
            }
            assertEquals(1, winners.size());
            assertEquals(winners.getFirst() + "", stored("new.txt"));
            assertEquals(List.of("new.txt", "old.txt", "sub"), names(""));
        } finally {
            for (TestClient each : clients) each.close();
        }
    }

    @Test
    void refusesMoreAtOnceThanItHasPlacesFor() throws IOException {
        List<TestClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < FileUploads.CONCURRENT_MAX; i++) {
                clients.add(server.connect().send(head("/" + i, 1)));
            }
            Await.until("all are under way", () -> names("").size() == 2 + clients.size());
            Reply refused = put("/more.txt", "new");
            assertEquals(503, refused.status());
            assertEquals("1", refused.header("Retry-After"));
            for (TestClient each : clients) assertEquals(201, each.send("x").reply().status());
            try (TestClient next = server.connect()) {
                assertEquals(201, next.send(head("/more.txt", 3) + "new").reply().status());
            }
        } finally {
            for (TestClient each : clients) each.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsNothingOfAnUploadThatBreaksOff(boolean byReset) throws IOException {
        client.send(head("/old.txt", BIG_BYTES)).send(new byte[BIG_BYTES / 2]);
        Await.until("it is under way", () -> names("").size() == 3);
        if (byReset) client.reset();
        else client.close();
        Await.until("it is forgotten", () -> names("").size() == 2);
        assertEquals("old", stored("old.txt"));
    }

    /// Somebody who cleans up takes what is not complete for nobody's.
    @Test
    void tellsHowItEndedAlsoIfNothingIsLeftToRemove() throws IOException {
        client.send(head("/new.txt", 3, "If-None-Match: *"));
        Await.until("it is under way", () -> names("").size() == 3);
        Files.delete(root.resolve(names("").getFirst()));
        Files.writeString(root.resolve("new.txt"), "other");
        client.send("new");
        Reply reply = client.reply();
        assertEquals(412, reply.status(), reply.text());
        assertEquals("other", stored("new.txt"));
    }

    @Test
    void refusesWhatIsTooLarge() throws IOException {
        client.send(head("/new.bin", LIMIT_BYTES + 1));
        assertEquals(413, client.reply().status());
        client.close();
        client = server.connect();
        client.send("PUT /new.bin HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.send("400000\r\n").send(new byte[4 << 20]).send("\r\n");
        client.send("400001\r\n");
        assertEquals(413, client.reply().status());
        Await.until("it is forgotten", () -> names("").size() == 2);
    }

    @Test
    void refusesBeforeTheBodyIsSent() throws IOException {
        client.send(head("/old.txt", 3, "If-None-Match: *", "Expect: 100-continue"));
        assertEquals(412, client.reply().status());
        client.close();
        client = server.connect();
        client.send(head("/new.txt", 3, "If-None-Match: *", "Expect: 100-continue"));
        assertEquals(100, client.reply().status());
        client.send("new");
        assertEquals(201, client.reply().status());
        assertEquals("new", stored("new.txt"));
    }

    @Test
    void refusesPartsAndCodings() throws IOException {
        assertEquals(400, put("/old.txt", "new", "Content-Range: bytes 0-2/3").status());
        assertEquals(415, put("/old.txt", "new", "Content-Encoding: gzip").status());
        assertEquals("old", stored("old.txt"));
        assertEquals(204, put("/old.txt", "new", "Content-Encoding: identity").status());
    }

    @Test
    void neverServesWhatIsNotComplete() throws IOException {
        serveInstead(UPLOADS.withHidden(true).withListing(true));
        Files.writeString(root.resolve(".torc-upload-left"), "half");
        assertEquals(404, client.get("/.torc-upload-left").status());
        assertFalse(client.get("/").text().contains("torc-upload"));
        assertEquals(201, put("/.hidden", "new").status());
        assertEquals("new", client.get("/.hidden").text());
    }
}
