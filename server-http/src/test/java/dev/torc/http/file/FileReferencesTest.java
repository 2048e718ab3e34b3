package dev.torc.http.file;

import static dev.torc.http.file.CompressedReply.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.LogRecords;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Router;
import dev.torc.http.TestServer;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files and their content, where an action of the application's throws just before they are sent:
/// once the cache has let go of them, nothing else has a reference to them.
@EveryNetwork
class FileReferencesTest {
    private static final int LARGE_BYTES = 200_000;
    private static final FileCacheLimits ONE = FileCacheLimits.defaults().withFilesMax(1);

    @Parameter Network network;
    @TempDir Path root;

    private SteppedNetwork stepped;

    @BeforeEach
    void write() throws IOException {
        stepped = new SteppedNetwork(network);
        Files.write(root.resolve("large"), text(LARGE_BYTES, 1));
        Files.writeString(root.resolve("other"), "other");
    }

    private TestServer serve(FileCacheLimits cache) throws IOException {
        FileOptions options = FileOptions.defaults().withCache(cache);
        FileHandler files = new FileHandler(root, "path", options);
        return TestServer.start(
                stepped,
                new Router()
                        .filter(
                                (request, response, next) -> {
                                    if (isLarge(request)) failWhenCommitted(response);
                                    next.handle(request, response);
                                })
                        .get("/{path...}", files));
    }

    private static boolean isLarge(Request request) {
        return request.rawPath().equals("/large");
    }

    private static void failWhenCommitted(Response response) {
        response.whenCommitted(
                () -> {
                    throw new IllegalStateException("on purpose");
                });
    }

    private static void ask(TestServer server, String... fields) throws IOException {
        for (int i = 0; i < 3; i++) {
            try (TestClient client = server.connect()) {
                client.send(FileServer.request("GET", "/large", fields));
                assertTrue(client.restOrReset().length() < LARGE_BYTES);
            }
        }
        try (TestClient client = server.connect()) {
            assertEquals("other", client.get("/other").text());
        }
    }

    @Test
    void areGivenBackWhereTheFileIsOpen() throws IOException {
        try (LogRecords _ = new LogRecords("dev.torc");
                TestServer server = serve(ONE)) {
            ask(server);
            long open = server.ask(_ -> stepped.openCount());
            assertEquals(0, open);
        }
    }

    @Test
    void areGivenBackWhereItIsInMemory() throws IOException {
        try (LogRecords _ = new LogRecords("dev.torc");
                TestServer server = serve(ONE.withFileBytesMax(LARGE_BYTES))) {
            ask(server);
            ask(server, "Range: bytes=0-99999");
            long bytes = server.ask(shard -> shard.buffers().sharedBytes());
            assertEquals("other".length(), bytes);
        }
    }
}
