package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.concurrent.TimeUnit.SECONDS;

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
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/// Files that a handler names.
@EveryNetwork
class PathResponseTest {
    private static final int BIG_BYTES = 3 << 20;

    @Parameter Network network;
    @TempDir Path directory;

    private final byte[] big = new byte[BIG_BYTES];
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        new Random(5).nextBytes(big);
        Files.write(directory.resolve("big.bin"), big);
        Files.writeString(directory.resolve("page.html"), "<p>");
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("big.bin"));
        Router router =
                new Router()
                        .onException(NoSuchFileException.class, PathResponseTest::missing)
                        .get("/file/{name}", (q, r) -> r.file(path(q)))
                        .get("/part/{name}", (q, r) -> r.file(path(q), 1000, 2_000_000))
                        .get("/blocking/{name}", Handlers.blocking((q, r) -> r.file(path(q))))
                        .get("/later/{name}", this::later)
                        .get("/channel/{name}", Handlers.blocking(this::channel));
        server = TestServer.start(network, router);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Path path(Request request) {
        return directory.resolve(request.pathParameter("name"));
    }

    private static void missing(NoSuchFileException failure, Request request, Response response) {
        response.status(404).send("no file");
    }

    private void later(Request request, Response response) {
        Path path = path(request);
        Thread.ofVirtual().start(() -> response.file(path));
    }

    private void channel(Request request, Response response) throws IOException {
        try (FileChannel channel = FileChannel.open(path(request))) {
            response.file(channel, 1000, 2_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "blocking", "later"})
    void sendsAFileFromAnyThread(String way) throws IOException {
        try (TestClient client = server.connect()) {
            for (String name : new String[] {"big.bin", "link"}) {
                assertArrayEquals(big, client.get("/" + way + "/" + name).body());
            }
            Reply page = client.get("/" + way + "/page.html");
            assertEquals("<p>", page.text());
            assertTrue(page.header("Content-Type").startsWith("text/html"));
            client.send("HEAD /" + way + "/big.bin HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(BIG_BYTES, client.replyToHead().contentLength().orElseThrow());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"part", "channel"})
    void sendsAPart(String way) throws IOException {
        byte[] expected = Arrays.copyOfRange(big, 1000, 2_001_000);
        try (TestClient client = server.connect()) {
            assertArrayEquals(expected, client.get("/" + way + "/big.bin").body());
            assertArrayEquals(expected, client.get("/" + way + "/big.bin").body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "blocking", "later"})
    void failsWithTheReasonWhyThereIsNone(String way) throws IOException {
        try (TestClient client = server.connect()) {
            assertEquals("no file", client.get("/" + way + "/none").text());
            assertEquals(500, client.get("/" + way + "/..").status());
            assertEquals("<p>", client.get("/" + way + "/page.html").text());
        }
    }

    @Test
    void failsWhereThereAreFewerBytes() throws IOException {
        try (TestClient client = server.connect()) {
            assertEquals(500, client.get("/part/page.html").status());
            client.send("GET /channel/page.html HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(client.restOrReset().length() < 1000);
        }
    }

    @Test
    void refusesWhatCannotBe() throws IOException {
        CompletableFuture<Response> responses = new CompletableFuture<>();
        Handler keeps = (request, response) -> responses.complete(response);
        try (TestServer other = TestServer.start(network, keeps);
                TestClient client = other.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Response response = responses.orTimeout(20, SECONDS).join();
            Path path = directory.resolve("page.html");
            assertThrows(IllegalArgumentException.class, () -> response.file(path, -1, 1));
            assertThrows(IllegalArgumentException.class, () -> response.file(path, 1, -2));
            assertThrows(
                    IllegalArgumentException.class, () -> response.file(path, 9, Long.MAX_VALUE));
            response.file(path);
            assertEquals("<p>", client.reply().text());
        }
    }
}
