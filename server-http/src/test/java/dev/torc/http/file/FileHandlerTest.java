package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.Router;
import dev.torc.http.TestServer;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

@EveryNetwork
class FileHandlerTest {
    private static final int BIG_BYTES = 20 << 20;
    private static final String SECRET = "outside the root";

    @Parameter Network network;

    @TempDir private static Path directory = Path.of("");
    private static Path root = Path.of("");

    private TestServer server;

    @BeforeAll
    static void write() throws IOException {
        root = Files.createDirectories(directory.resolve("root"));
        Files.writeString(directory.resolve("secret.txt"), SECRET);
        Files.createDirectories(root.resolve("sub/.hidden"));
        Files.writeString(root.resolve("plain.txt"), "plain");
        Files.writeString(root.resolve("page.html"), "<p>");
        Files.writeString(root.resolve("unknown.qqq"), "q");
        Files.writeString(root.resolve("empty.txt"), "");
        Files.writeString(root.resolve("with space.txt"), "space");
        Files.writeString(root.resolve("a%2Fb.txt"), "percent");
        Files.writeString(root.resolve(".env"), SECRET);
        Files.writeString(root.resolve("sub/inner.css"), "inner");
        Files.writeString(root.resolve("sub/.hidden/x.txt"), SECRET);
        Files.createSymbolicLink(root.resolve("escape.txt"), directory.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("up"), directory);
        Files.createSymbolicLink(root.resolve("inside.txt"), Path.of("plain.txt"));
        Files.createSymbolicLink(root.resolve("broken.txt"), root.resolve("nowhere"));
        Files.createSymbolicLink(root.resolve("loop.txt"), root.resolve("loop.txt"));
        byte[] big = new byte[BIG_BYTES];
        new Random(1).nextBytes(big);
        Files.write(root.resolve("big.bin"), big);
    }

    @BeforeEach
    void start() throws IOException {
        server =
                TestServer.start(
                        network, new Router().get("/f/{path...}", new FileHandler(root, "path")));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "plain.txt, plain, text/plain",
        "page.html, <p>, text/html",
        "unknown.qqq, q, application/octet-stream",
        "empty.txt, '', text/plain",
        "with%20space.txt, space, text/plain",
        "sub/inner.css, inner, text/css",
        "inside.txt, plain, text/plain",
        "a%252Fb.txt, percent, text/plain"
    })
    void servesAFileWithItsTypeAndLength(String path, String content, String type)
            throws IOException {
        try (TestClient client = server.connect()) {
            Reply reply = client.get("/f/" + path);
            assertEquals(200, reply.status());
            assertEquals(content, reply.text());
            assertTrue(reply.header("Content-Type").startsWith(type), reply.header("Content-Type"));
            assertEquals(content.length(), reply.contentLength().orElseThrow());
            client.send("HEAD /f/" + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(content.length(), client.replyToHead().contentLength().orElseThrow());
            assertEquals(content, client.get("/f/" + path).text());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "missing.txt",
                "sub/",
                "plain.txt/",
                "plain.txt/x",
                "/plain.txt",
                "sub//inner.css",
                "../secret.txt",
                "sub/../../secret.txt",
                "sub/../plain.txt",
                "./plain.txt",
                "%2e%2e/secret.txt",
                "%2E%2E/secret.txt",
                ".%2e/secret.txt",
                "..%2fsecret.txt",
                "..%2Fsecret.txt",
                "%2e%2e%2fsecret.txt",
                "..%5csecret.txt",
                "..%5Csecret.txt",
                "sub%2finner.css",
                "plain.txt%00",
                "plain.txt%00.html",
                "..%c0%afsecret.txt",
                "..%252fsecret.txt",
                "..;/secret.txt",
                ".env",
                "%2eenv",
                "sub/.hidden/x.txt",
                "sub/%2ehidden/x.txt",
                "escape.txt",
                "up/secret.txt",
                "up/root/plain.txt/../../secret.txt",
                "broken.txt",
                "loop.txt",
                "%E2%82%AC.txt",
                "%0d%0aX-Injected:%20x"
            })
    void knowsNothingOfWhatIsNotServed(String path) throws IOException {
        try (TestClient client = server.connect()) {
            Reply reply = client.get("/f/" + path);
            assertTrue(reply.status() == 404 || reply.status() == 400, reply.statusLine());
            assertFalse(reply.text().contains(SECRET));
            assertFalse(reply.has("X-Injected"));
            assertEquals("plain", client.get("/f/plain.txt").text());
        }
    }

    @Test
    void aNameThatIsTooLongIsNotFound() throws IOException {
        try (TestClient client = server.connect()) {
            assertEquals(404, client.get("/f/" + "x".repeat(300)).status());
            assertEquals(404, client.get("/f/" + "x/".repeat(2500) + "x").status());
        }
    }

    @Test
    void servesABigFileToASlowReader() throws IOException {
        byte[] big = Files.readAllBytes(root.resolve("big.bin"));
        try (TestClient client = server.connect()) {
            client.send("GET /f/big.bin HTTP/1.1\r\nHost: a\r\n\r\n");
            // Nothing is read until as much is under way as ever will be.
            Await.until("it is under way", () -> server.counters().sends() > 1);
            assertTrue(server.ask(shard -> shard.buffers().bytes()) < 8 << 20);
            assertArrayEquals(big, client.reply().body());
            assertEquals("plain", client.get("/f/plain.txt").text());
        }
    }

    @Test
    void abortsWhenAFileIsTruncatedMeanwhile() throws IOException {
        Path file = root.resolve("shrinking.bin");
        Files.write(file, new byte[BIG_BYTES]);
        try (TestClient client = server.connectNarrow()) {
            client.send("GET /f/shrinking.bin HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(1000, client.read(1000).length);
            try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
                opened.setLength(10);
            }
            assertTrue(client.restOrReset().length() < BIG_BYTES - 1000);
        }
    }

    @Test
    void refusesARootThatIsNoDirectory() {
        for (String name : new String[] {"root/plain.txt", "nowhere"}) {
            Path wrong = directory.resolve(name);
            IOException refused =
                    assertThrows(IOException.class, () -> new FileHandler(wrong, "path"));
            assertTrue(String.valueOf(refused.getMessage()).contains("not a directory"));
        }
    }

    @Test
    void namesItsRootWithLinksResolved() throws IOException {
        FileHandler handler = new FileHandler(root.resolve("up/root"), "path");
        assertEquals(root.toRealPath(), handler.root());
    }
}
