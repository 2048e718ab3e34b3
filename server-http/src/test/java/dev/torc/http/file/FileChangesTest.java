package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.spi.FileStrategy;
import dev.torc.http.Handlers;
import dev.torc.http.HttpLimits;
import dev.torc.http.HttpTimeouts;
import dev.torc.http.Router;
import dev.torc.http.TestServer;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.ManualTime;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Random;

/// Files that change, vanish and appear while they are served, and clients that do.
@EveryNetwork
class FileChangesTest {
    private static final int BIG_BYTES = 8 << 20;
    private static final FileOptions ALWAYS =
            FileOptions.defaults()
                    .withCache(FileCacheLimits.defaults().withStaleness(Duration.ZERO));
    private static final FileOptions NEVER =
            FileOptions.defaults()
                    .withCache(FileCacheLimits.defaults().withStaleness(Duration.ofDays(1)));

    @Parameter Network network;
    @TempDir Path root;

    private FileServer serve(FileOptions options) throws IOException {
        return FileServer.start(network, root, options);
    }

    private byte[] writeBig(String name, int seed) throws IOException {
        byte[] content = new byte[BIG_BYTES];
        new Random(seed).nextBytes(content);
        Files.write(root.resolve(name), content);
        return content;
    }

    @Test
    void noticesAChangeAtOnceWithoutStaleness() throws IOException {
        Path file = root.resolve("file");
        try (FileServer server = serve(ALWAYS)) {
            assertEquals(404, server.get("/file").status());
            for (int i = 0; i < 50; i++) {
                Files.writeString(file, "state " + i);
                assertEquals("state " + i, server.get("/file").text());
            }
            Files.delete(file);
            assertEquals(404, server.get("/file").status());
            Files.createDirectory(file);
            assertEquals(301, server.get("/file").status());
        }
    }

    @Test
    void noticesAFileThatTookAnothersPlace() throws IOException {
        byte[] first = writeBig("file", 1);
        try (FileServer server = serve(ALWAYS)) {
            assertArrayEquals(first, server.get("/file").body());
            byte[] second = writeBig("other", 2);
            Files.setLastModifiedTime(
                    root.resolve("other"), Files.getLastModifiedTime(root.resolve("file")));
            Files.move(root.resolve("other"), root.resolve("file"), StandardCopyOption.ATOMIC_MOVE);
            assertArrayEquals(second, server.get("/file").body());
        }
    }

    @Test
    void remembersForAsLongAsItMay() throws IOException {
        Files.writeString(root.resolve("file"), "old");
        try (FileServer server = serve(NEVER)) {
            assertEquals("old", server.get("/file").text());
            assertEquals(404, server.get("/absent").status());
            Files.writeString(root.resolve("file"), "new");
            Files.writeString(root.resolve("absent"), "there");
            assertEquals("old", server.get("/file").text());
            assertEquals(404, server.get("/absent").status());
        }
    }

    @Test
    void noticesAChangeBeforeLong() throws IOException {
        Files.writeString(root.resolve("file"), "old");
        try (FileServer server = serve(FileOptions.defaults())) {
            assertEquals("old", server.get("/file").text());
            Files.writeString(root.resolve("file"), "new");
            Await.until("the new one is served", () -> text(server).equals("new"));
        }
    }

    private static String text(FileServer server) {
        try {
            return server.get("/file").text();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void sendsADeletedFileToItsEnd() throws IOException {
        byte[] content = writeBig("file", 3);
        try (FileServer server = serve(ALWAYS);
                TestClient reader = server.server().connectNarrow()) {
            reader.send(FileServer.request("GET", "/file"));
            Await.until("it is under way", () -> server.server().counters().sends() > 0);
            Files.delete(root.resolve("file"));
            assertEquals(404, server.get("/file").status());
            assertArrayEquals(content, reader.reply().body());
        }
    }

    /// As an editor or a deployment does it: whoever is being sent the old file gets all of it.
    @ParameterizedTest
    @EnumSource
    void sendsAFileThatIsReplacedToItsEnd(FileStrategy strategy) throws IOException {
        byte[] content = writeBig("file", 3);
        byte[] next = writeBig("next", 4);
        try (FileServer server = serve(ALWAYS.withStrategy(strategy));
                TestClient reader = server.server().connectNarrow()) {
            reader.send(FileServer.request("GET", "/file"));
            Await.until("it is under way", () -> server.server().counters().sends() > 0);
            Path file = root.resolve("file");
            Files.move(root.resolve("next"), file, StandardCopyOption.ATOMIC_MOVE);
            Reply after = server.get("/file");
            assertArrayEquals(next, after.body());
            Reply before = reader.reply();
            assertArrayEquals(content, before.body());
            assertNotEquals(before.header("ETag"), after.header("ETag"));
        }
    }

    @Test
    void followsARootThatIsRenamed() throws IOException {
        Path current = Files.createDirectory(root.resolve("current"));
        Files.writeString(current.resolve("file"), "old");
        Files.writeString(Files.createDirectory(root.resolve("next")).resolve("file"), "new");
        try (FileServer server = FileServer.start(network, current, ALWAYS)) {
            assertEquals("old", server.get("/file").text());
            Files.move(current, root.resolve("previous"));
            Files.move(root.resolve("next"), current);
            Await.until("the new root is served", () -> text(server).equals("new"));
        }
    }

    @Test
    void keepsNothingOfReadersThatVanish() throws IOException {
        writeBig("file", 4);
        try (FileServer server = serve(NEVER)) {
            for (int i = 0; i < 40; i++) {
                try (TestClient reader = server.server().connectNarrow()) {
                    reader.send(FileServer.request("GET", "/file"));
                    if (i % 2 == 0) reader.read(1 + 1000 * i);
                    if (i % 4 < 2) reader.reset();
                }
            }
            server.server().awaitOpen(1);
            assertEquals(BIG_BYTES, server.get("/file").body().length);
        }
    }

    @Test
    void endsTheConnectionOfAReaderThatStops() throws IOException {
        writeBig("file", 4);
        Duration timeout = Duration.ofSeconds(1);
        HttpTimeouts timeouts = HttpTimeouts.defaults().withWrite(timeout);
        HttpLimits limits = HttpLimits.defaults().withTimeouts(timeouts);
        ManualTime time = new ManualTime(network);
        for (FileStrategy strategy : FileStrategy.values()) {
            FileOptions options = NEVER.withStrategy(strategy);
            Router router = new Router().get("/{path...}", new FileHandler(root, "path", options));
            try (TestServer server = TestServer.start(time, limits, router);
                    TestClient reader = server.connectNarrow()) {
                reader.send(FileServer.request("GET", "/file"));
                reader.read(1000);
                Await.until(
                        "it is closed",
                        () -> {
                            server.advance(time, timeout);
                            return server.counters().open() == 0;
                        });
                assertTrue(reader.restOrReset().length() < BIG_BYTES - 1000, strategy.name());
            }
        }
    }

    @Test
    void forgetsWhatIsTooMuch() throws IOException {
        FileCacheLimits small =
                FileCacheLimits.defaults()
                        .withFilesMax(3)
                        .withAbsentMax(2)
                        .withOpenFilesMax(1)
                        .withContentBytesMax(20)
                        .withFileBytesMax(10);
        for (int i = 0; i < 10; i++) Files.writeString(root.resolve("f" + i), "x".repeat(5 + i));
        try (FileServer server = serve(FileOptions.defaults().withCache(small))) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 10; i++) {
                    assertEquals(5 + i, server.get("/f" + i).text().length());
                    assertEquals(404, server.get("/absent" + i).status());
                }
            }
        }
    }

    @Test
    void answersManyThatAskForTheSameAtOnce() throws IOException {
        Files.writeString(root.resolve("file"), "content");
        try (FileServer server = serve(ALWAYS)) {
            String all = FileServer.request("GET", "/file").repeat(500);
            server.client().send(all);
            for (int i = 0; i < 500; i++) {
                assertEquals("content", server.client().reply().text());
            }
        }
    }

    @Test
    void servesWithinAHandlerThatBlocks() throws IOException {
        Files.writeString(root.resolve("file"), "content");
        FileHandler files = new FileHandler(root, "path", ALWAYS.withListing(true));
        Router router = new Router().get("/{path...}", Handlers.blocking(files));
        try (TestServer server = TestServer.start(network, router);
                TestClient client = server.connect()) {
            assertEquals("content", client.get("/file").text());
            assertEquals(404, client.get("/none").status());
            assertTrue(client.get("/").text().contains("file"));
        }
    }
}
