package dev.torc.http.file;

import static dev.torc.http.file.CompressedReply.GZIP;
import static dev.torc.http.file.CompressedReply.assertAsItIs;
import static dev.torc.http.file.CompressedReply.text;
import static dev.torc.http.file.CompressedReply.unzipped;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.spi.Filesystem.OpenResult;
import dev.torc.http.LogRecords;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;

/// What happens between the steps of finding out what a name stands for.
@EveryNetwork
class FileLoadingTest {
    private static final FileCacheLimits ALWAYS =
            FileCacheLimits.defaults().withStaleness(Duration.ZERO);
    private static final FileCacheLimits NEVER =
            FileCacheLimits.defaults().withStaleness(Duration.ofDays(1));

    @Parameter Network network;
    @TempDir Path root;

    /// Files that were written long enough ago for a strong tag.
    @TempDir private static Path resting = Path.of("");

    private SteppedNetwork stepped;

    @BeforeAll
    static void rest() throws IOException {
        Files.write(resting.resolve("a.css"), text(500, 1));
        Files.write(resting.resolve("b.css"), text(500, 2));
        Path last = Files.write(resting.resolve("large.css"), text(100_000, 3));
        Await.until("the tags are strong", () -> isResting(last));
    }

    private static boolean isResting(Path file) {
        try {
            FileTime changed = (FileTime) Files.getAttribute(file, "unix:ctime");
            long now = FileAnswer.nowEpochSeconds();
            return changed.to(TimeUnit.SECONDS) + FileStamp.REST_SECONDS < now;
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static byte[] resting(String name) throws IOException {
        return Files.readAllBytes(resting.resolve(name));
    }

    @BeforeEach
    void step() {
        stepped = new SteppedNetwork(network);
    }

    private FileServer serve(Path directory, FileCacheLimits cache) throws IOException {
        return FileServer.start(stepped, directory, FileOptions.defaults().withCache(cache));
    }

    @Test
    void readsAgainWhatTheCacheHasLetGoOfMeanwhile() throws IOException {
        try (FileServer server = serve(resting, ALWAYS.withFilesMax(1));
                TestClient other = server.server().connect()) {
            assertArrayEquals(resting("a.css"), server.get("/a.css").body());
            Queue<Runnable> held = new ConcurrentLinkedQueue<>();
            stepped.step(
                    new SteppedNetwork.Step() {
                        @Override
                        public void opened(String path, Runnable told) {
                            if (path.equals("a.css")) held.add(told);
                            else told.run();
                        }
                    });
            other.send(FileServer.request("GET", "/a.css"));
            Await.until("it is opened", () -> !held.isEmpty());
            assertArrayEquals(resting("b.css"), server.get("/b.css").body());
            server.server().shard().execute(held.remove());
            assertArrayEquals(resting("a.css"), other.reply().body());
        }
    }

    /// The last descriptor is that of the very file that is looked up again.
    @Test
    void compressesAgainWhatWasLetGoOfForADescriptor() throws IOException {
        try (FileServer server = serve(resting, ALWAYS)) {
            assertArrayEquals(resting("large.css"), unzipped(server.get("/large.css", GZIP)));
            refuseOnce("large.css", OpenResult.EXHAUSTED);
            assertArrayEquals(resting("large.css"), unzipped(server.get("/large.css", GZIP)));
            assertEquals(2, server.compressed());
        }
    }

    private void onFirstRead(Runnable action) {
        AtomicInteger reads = new AtomicInteger();
        stepped.step(
                new SteppedNetwork.Step() {
                    @Override
                    public void reading(String path) {
                        if (reads.getAndIncrement() == 0) action.run();
                    }
                });
    }

    private void refuseOnce(String name, OpenResult result) {
        AtomicInteger refusals = new AtomicInteger(1);
        stepped.step(
                new SteppedNetwork.Step() {
                    @Override
                    public @Nullable OpenResult refuse(String path) {
                        boolean refused = path.equals(name) && refusals.getAndDecrement() > 0;
                        return refused ? result : null;
                    }
                });
    }

    /// What was sent without it had no `Vary`, so that caches kept it for everyone.
    @Test
    void aCompressedFileThatThereIsNoDescriptorForIsNotAbsent() throws IOException {
        Files.writeString(root.resolve("page.bin"), "as it is");
        Files.writeString(root.resolve("page.bin.br"), "short");
        Files.write(root.resolve("open.bin"), text(100_000, 4));
        try (FileServer server = serve(root, NEVER)) {
            refuseOnce("page.bin.br", OpenResult.EXHAUSTED);
            Reply refused = server.get("/page.bin", "Accept-Encoding: br");
            assertEquals(503, refused.status());
            assertEquals("1", refused.header("Retry-After"));
            assertEquals("short", server.get("/page.bin", "Accept-Encoding: br").text());
        }
        try (FileServer server = serve(root, NEVER)) {
            assertEquals(200, server.get("/open.bin").status());
            refuseOnce("page.bin.br", OpenResult.EXHAUSTED);
            Reply reply = server.get("/page.bin", "Accept-Encoding: br");
            assertEquals("short", reply.text(), "one was closed for it");
            assertEquals("Accept-Encoding", reply.header("Vary"));
        }
    }

    @Test
    void aCompressedFileThatCannotBeOpenedIsPassedOverButAChoice() throws IOException {
        Files.writeString(root.resolve("page.bin"), "as it is");
        refuseOnce("page.bin.br", OpenResult.FAILED);
        try (FileServer server = serve(root, NEVER)) {
            for (int i = 0; i < 2; i++) {
                Reply reply = server.get("/page.bin", "Accept-Encoding: br");
                assertEquals("as it is", reply.text());
                assertEquals("Accept-Encoding", reply.header("Vary"));
            }
        }
    }

    /// The length was that of the old one, and the tag as well.
    @Test
    void keepsNoContentOfAnotherStateThanItHasFound() throws IOException {
        Path file = root.resolve("file");
        Files.writeString(file, "old");
        onFirstRead(() -> write(file, "a longer one"));
        try (FileServer server = serve(root, NEVER)) {
            assertEquals("a longer one", server.get("/file").text());
            assertEquals("a longer one", server.get("/file").text());
        }
    }

    /// By its times, it has long been at rest.
    @Test
    void servesAFileThatChangesAllTheTimeWithAWeakTag() throws IOException {
        Path file = root.resolve("file");
        Files.writeString(file, "state");
        AtomicInteger changes = new AtomicInteger();
        stepped.step(
                new SteppedNetwork.Step() {
                    @Override
                    public void reading(String path) {
                        write(file, "state" + "x".repeat(changes.incrementAndGet()));
                        touch(file, 1_000_000 + changes.get());
                    }
                });
        try (FileServer server = serve(root, NEVER)) {
            Reply reply = server.get("/file");
            assertTrue(reply.text().startsWith("state"), reply::text);
            assertTrue(reply.header("ETag").startsWith("W/\""), reply.header("ETag"));
            assertEquals(3, changes.get());
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void touch(Path file, long epochSeconds) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(epochSeconds, TimeUnit.SECONDS));
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /// Nobody who asks for the name later waits for what has failed.
    @Test
    void anErrorOfOursEndsTheLoadingAndNotTheName() throws IOException {
        Files.writeString(root.resolve("file"), "content");
        onFirstRead(
                () -> {
                    throw new IllegalStateException("on purpose");
                });
        try (LogRecords log = new LogRecords("dev.torc");
                FileServer server = serve(root, ALWAYS)) {
            assertEquals(500, server.get("/file").status());
            assertEquals("content", server.get("/file").text());
            assertEquals(1, log.at(Level.SEVERE).size());
            long open = server.server().ask(_ -> stepped.openCount());
            assertEquals(0, open);
        }
    }

    /// It is sent as it is, and whatever is compressed later does not wait for it.
    @Test
    void anErrorOfOursEndsTheCompressionAndNotTheCompressor() throws IOException {
        try (LogRecords log = new LogRecords("dev.torc");
                FileServer server = serve(resting, NEVER)) {
            onFirstRead(
                    () -> {
                        throw new OutOfMemoryError("on purpose");
                    });
            assertAsItIs(resting("large.css"), server.get("/large.css", GZIP));
            assertArrayEquals(resting("a.css"), server.get("/a.css", GZIP).body());
            assertArrayEquals(resting("large.css"), unzipped(server.get("/large.css", GZIP)));
            assertEquals(1, log.at(Level.SEVERE).size());
            assertEquals(2, server.compressed());
        }
    }
}
