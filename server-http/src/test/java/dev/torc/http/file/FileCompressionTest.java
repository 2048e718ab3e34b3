package dev.torc.http.file;

import static dev.torc.http.file.CompressedReply.GZIP;
import static dev.torc.http.file.CompressedReply.assertAsItIs;
import static dev.torc.http.file.CompressedReply.noise;
import static dev.torc.http.file.CompressedReply.text;
import static dev.torc.http.file.CompressedReply.unzipped;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.MimeTypes;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Files that are compressed for those who accept it.
@EveryNetwork
class FileCompressionTest {
    private static final int MIB = 1 << 20;
    private static final FileCacheLimits CACHE =
            FileCacheLimits.defaults().withStaleness(Duration.ofDays(1));
    private static final FileOptions KEEPS =
            FileOptions.defaults().withCache(CACHE).withTagPolicy(TagPolicy.COPIES);

    @Parameter Network network;
    @TempDir Path root;

    /// Files that were written long enough ago for a strong tag, which the time of their inodes,
    /// that nobody can set, decides on.
    @TempDir private static Path resting = Path.of("");

    @BeforeAll
    static void rest() throws IOException {
        Files.write(resting.resolve("small.css"), text(5000, 1));
        Files.write(resting.resolve("large.css"), text(500_000, 2));
        Path last = Files.write(resting.resolve("noise.css"), noise(5000));
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

    private FileServer serve(FileOptions options) throws IOException {
        return FileServer.start(network, root, options);
    }

    private byte[] write(String name, byte[] content) throws IOException {
        Files.write(root.resolve(name), content);
        return content;
    }

    private byte[] writeText(String name, int bytes) throws IOException {
        return write(name, text(bytes, name.hashCode()));
    }

    /// In memory and open, sent at once and as there is room.
    @ParameterizedTest
    @ValueSource(ints = {1024, 5000, 16 * 1024, 16 * 1024 + 1, 100_000, MIB})
    void compressesTextForWhoAcceptsIt(int bytes) throws IOException {
        byte[] content = writeText("file.css", bytes);
        try (FileServer server = serve(KEEPS)) {
            Reply head = server.head("/file.css", GZIP);
            Reply first = server.get("/file.css", GZIP);
            assertArrayEquals(content, unzipped(first));
            assertEquals("text/css; charset=utf-8", first.header("Content-Type"));
            assertTrue(first.body().length < bytes * 0.7, "bytes: " + first.body().length);
            for (String field : List.of("Content-Length", "ETag", "Content-Encoding", "Vary")) {
                assertEquals(first.header(field), head.header(field));
            }
            Reply plain = server.get("/file.css");
            assertAsItIs(content, plain);
            assertEquals("Accept-Encoding", plain.header("Vary"));
            assertNotEquals(plain.header("ETag"), first.header("ETag"));
            Reply second = server.get("/file.css", GZIP);
            assertArrayEquals(first.body(), second.body());
            assertEquals(first.header("ETag"), second.header("ETag"));
            assertEquals(1, server.compressed());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "file.css, 1023",
        "file.css, 1048577",
        "file.png, 5000",
        "file.woff2, 5000",
        "file.gz, 5000",
        "file, 5000"
    })
    void leavesOtherFilesAsTheyAre(String name, int bytes) throws IOException {
        byte[] content = writeText(name, bytes);
        try (FileServer server = serve(KEEPS)) {
            Reply reply = server.get("/" + name, GZIP);
            assertAsItIs(content, reply);
            assertFalse(reply.has("Vary"));
            assertEquals(0, server.compressed());
        }
    }

    @Test
    void compressesWhatItIsTold() throws IOException {
        byte[] content = writeText("file.obj", 300);
        byte[] other = writeText("file.css", 5000);
        Compression own =
                Compression.defaults()
                        .withTypes(type -> type.essence().equals("model/obj"))
                        .withSizes(200, 300);
        FileOptions options =
                KEEPS.withMimeTypes(MimeTypes.defaults().with("obj", "model/obj"))
                        .withCompression(own);
        try (FileServer server = serve(options)) {
            assertArrayEquals(content, unzipped(server.get("/file.obj", GZIP)));
            assertAsItIs(other, server.get("/file.css", GZIP));
        }
        try (FileServer server = serve(KEEPS.withCompression(Compression.none()))) {
            Reply reply = server.get("/file.css", GZIP);
            assertAsItIs(other, reply);
            assertFalse(reply.has("Vary"));
        }
    }

    @Test
    void sendsAsItIsWhatThePredicateFailsFor() throws IOException {
        byte[] content = writeText("file.css", 5000);
        Compression failing =
                Compression.defaults()
                        .withTypes(
                                _ -> {
                                    throw new IllegalStateException("on purpose");
                                });
        try (FileServer server = serve(KEEPS.withCompression(failing))) {
            assertAsItIs(content, server.get("/file.css", GZIP));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip | gzip",
                "x-gzip | gzip",
                "* | gzip",
                "gzip, deflate, br, zstd | gzip",
                "gzip;q=0.1 | gzip",
                "identity;q=0, gzip | gzip",
                "identity, gzip;q=0.5 |",
                "br |",
                "gzip;q=0 |",
                "gzip;q=0, * |",
                "identity |",
                "'' |"
            })
    void goesByTheWeights(String accepted, String coding) throws IOException {
        byte[] content = writeText("file.css", 5000);
        try (FileServer server = serve(KEEPS)) {
            Reply reply = server.get("/file.css", "Accept-Encoding: " + accepted);
            if (coding == null) assertAsItIs(content, reply);
            else assertArrayEquals(content, unzipped(reply));
        }
    }

    @Test
    void prefersWhatIsThereCompressed() throws IOException {
        byte[] content = writeText("file.css", 5000);
        write("file.css.br", new byte[] {1});
        try (FileServer server = serve(KEEPS)) {
            String both = "Accept-Encoding: gzip, br";
            assertEquals("br", server.get("/file.css", both).header("Content-Encoding"));
            assertEquals(0, server.compressed());
            assertArrayEquals(content, unzipped(server.get("/file.css", both + ";q=0.9")));
            assertEquals("br", server.get("/file.css", both).header("Content-Encoding"));
        }
        write("file.css.gz", new byte[] {2});
        try (FileServer server = serve(KEEPS)) {
            assertArrayEquals(new byte[] {2}, server.get("/file.css", GZIP).body());
            assertEquals(0, server.compressed());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5000, 100_000})
    void triesOnceWhatHardlyBecomesSmaller(int bytes) throws IOException {
        byte[] noise = write("file.css", noise(bytes));
        try (FileServer server = serve(KEEPS)) {
            for (int i = 0; i < 3; i++) assertAsItIs(noise, server.get("/file.css", GZIP));
            assertEquals(1, server.compressed());
            String only = "Accept-Encoding: gzip, identity;q=0";
            assertAsItIs(noise, server.get("/file.css", only));
            assertEquals(1, server.compressed());
        }
    }

    @Test
    void compressesAgainWhenTheFileHasChanged() throws IOException {
        FileOptions always =
                KEEPS.withCache(FileCacheLimits.defaults().withStaleness(Duration.ZERO));
        try (FileServer server = serve(always)) {
            for (int i = 0; i < 20; i++) {
                byte[] content = text(i % 2 == 0 ? 5000 : 50_000, i);
                Files.write(root.resolve("file.css"), content);
                assertArrayEquals(content, unzipped(server.get("/file.css", GZIP)));
            }
            byte[] noise = noise(5000);
            Files.write(root.resolve("file.css"), noise);
            assertAsItIs(noise, server.get("/file.css", GZIP));
            Files.delete(root.resolve("file.css"));
            assertEquals(404, server.get("/file.css", GZIP).status());
        }
    }

    /// As long as nothing was changed, looking again does not mean compressing again.
    @Test
    void keepsWhatWasMadeOfAFileThatIsTheSame() throws IOException {
        FileOptions always =
                KEEPS.withCache(FileCacheLimits.defaults().withStaleness(Duration.ZERO));
        try (FileServer server = FileServer.start(network, resting, always)) {
            for (int i = 0; i < 10; i++) {
                assertArrayEquals(resting("small.css"), unzipped(server.get("/small.css", GZIP)));
                assertArrayEquals(resting("large.css"), unzipped(server.get("/large.css", GZIP)));
                assertAsItIs(resting("noise.css"), server.get("/noise.css", GZIP));
            }
            assertEquals(3, server.compressed());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/small.css", "/large.css"})
    void judgesConditionsAndRangesByWhatIsSent(String name) throws IOException {
        try (FileServer server = FileServer.start(network, resting, KEEPS)) {
            Reply whole = server.get(name, GZIP);
            String tag = whole.header("ETag");
            String plain = server.get(name).header("ETag");
            Reply same = server.get(name, GZIP, "If-None-Match: " + tag);
            assertEquals(304, same.status());
            assertEquals(tag, same.header("ETag"));
            assertEquals("Accept-Encoding", same.header("Vary"));
            assertEquals(200, server.get(name, "If-None-Match: " + tag).status());
            assertEquals(200, server.get(name, GZIP, "If-None-Match: " + plain).status());
            assertEquals(412, server.get(name, GZIP, "If-Match: " + plain).status());
            assertEquals(200, server.get(name, GZIP, "If-Match: " + tag).status());
            int length = whole.body().length;
            for (int from : new int[] {1, length / 2, length - 1}) {
                String range = "Range: bytes=" + from + "-";
                Reply part = server.get(name, GZIP, range, "If-Range: " + tag);
                assertEquals(206, part.status());
                assertEquals("gzip", part.header("Content-Encoding"));
                byte[] rest = Arrays.copyOfRange(whole.body(), from, length);
                assertArrayEquals(rest, part.body());
                assertEquals(200, server.get(name, GZIP, range, "If-Range: " + plain).status());
            }
        }
    }

    /// Several parts are a multipart, which is no gzip stream: what compressed it is not told.
    @ParameterizedTest
    @ValueSource(strings = {"made.css", "beside.css"})
    void sendsAllOfWhatIsCompressedToWhoAsksForSeveralParts(String name) throws IOException {
        write(name, text(500_000, 3));
        if (name.equals("beside.css")) write("beside.css.gz", noise(300_000));
        String far = "Range: bytes=0-9,5000-5009,-1";
        try (FileServer server = serve(KEEPS)) {
            byte[] whole = server.get("/" + name, GZIP).body();
            Reply all = server.get("/" + name, GZIP, far);
            assertEquals(200, all.status());
            assertEquals("gzip", all.header("Content-Encoding"));
            assertEquals("text/css; charset=utf-8", all.header("Content-Type"));
            assertFalse(all.has("Content-Range"));
            assertArrayEquals(whole, all.body());
            Reply one = server.get("/" + name, GZIP, "Range: bytes=0-0,3-9");
            assertEquals(206, one.status());
            assertEquals("gzip", one.header("Content-Encoding"));
            assertArrayEquals(Arrays.copyOf(whole, 10), one.body());
            Reply parts = server.get("/" + name, far);
            assertEquals(206, parts.status());
            assertTrue(parts.header("Content-Type").startsWith("multipart/byteranges"));
            assertFalse(parts.has("Content-Encoding"));
        }
    }

    @Test
    void givesAFileThatHasJustChangedAWeakTag() throws IOException {
        Files.write(root.resolve("file.css"), text(5000, 1));
        try (FileServer server = serve(KEEPS)) {
            assertTrue(server.get("/file.css", GZIP).header("ETag").startsWith("W/\""));
        }
    }

    @Test
    void compressesIndexesAndFallbacks() throws IOException {
        byte[] content = writeText("index.html", 100_000);
        try (FileServer server = serve(KEEPS.withFallback("index.html"))) {
            assertArrayEquals(content, unzipped(server.get("/", GZIP)));
            assertArrayEquals(content, unzipped(server.get("/any/page", GZIP)));
            assertEquals(1, server.compressed());
        }
    }

    @Test
    void readsNothingBeyondWhatItWasToldOfAFileThatShrinks() throws IOException {
        write("file.css", text(100_000, 1));
        try (FileServer server = serve(KEEPS)) {
            server.get("/file.css");
            Files.write(
                    root.resolve("file.css"), text(10, 1), StandardOpenOption.TRUNCATE_EXISTING);
            server.client().send(FileServer.request("GET", "/file.css", GZIP));
            assertTrue(server.client().restOrReset().length() < 100_000);
        }
    }
}
