package dev.torc.http.file;

import static dev.torc.http.file.CompressedReply.GZIP;
import static dev.torc.http.file.CompressedReply.assertAsItIs;
import static dev.torc.http.file.CompressedReply.text;
import static dev.torc.http.file.CompressedReply.unzipped;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.BufferPool;
import dev.torc.core.Limits;
import dev.torc.core.Slice;
import dev.torc.http.HttpLimits;
import dev.torc.http.Router;
import dev.torc.http.TestServer;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Many who want compressed files, and many files.
@EveryNetwork
class CompressorTest {
    private static final int MIB = 1 << 20;

    /// The smallest slices, 64 of which are cut from a slab.
    private static final int SMALL_BYTES = 4096;

    private static final FileCacheLimits CACHE =
            FileCacheLimits.defaults().withStaleness(Duration.ofDays(1));

    @Parameter Network network;
    @TempDir Path root;

    private FileServer serve(FileCacheLimits cache) throws IOException {
        return FileServer.start(network, root, FileOptions.defaults().withCache(cache));
    }

    private byte[] writeText(String name, int bytes) throws IOException {
        byte[] content = text(bytes, name.hashCode());
        Files.write(root.resolve(name), content);
        return content;
    }

    @Test
    void compressesOnceForAllWhoAskAtTheSameTime() throws IOException {
        byte[] content = writeText("file.css", 200_000);
        try (FileServer server = serve(CACHE)) {
            assertAsItIs(content, server.get("/file.css"));
            List<TestClient> clients = clients(server, 20);
            atOnce(server, clients, _ -> FileServer.request("GET", "/file.css", GZIP));
            for (TestClient client : clients) {
                assertArrayEquals(content, unzipped(client.reply()));
                client.close();
            }
            assertEquals(1, server.compressed());
        }
    }

    @Test
    void sendsAsItIsWhatWouldHaveToWaitTooLong() throws IOException {
        int count = 3 * Compressor.BYTES_MAX / MIB;
        byte[] content = text(MIB, 1);
        for (int i = 0; i < count; i++) Files.write(root.resolve("f" + i + ".css"), content);
        try (FileServer server = serve(CACHE)) {
            for (int i = 0; i < count; i++) server.get("/f" + i + ".css");
            List<TestClient> clients = clients(server, count);
            atOnce(server, clients, i -> FileServer.request("GET", "/f" + i + ".css", GZIP));
            int compressed = 0;
            for (TestClient client : clients) {
                Reply reply = client.reply();
                if (reply.has("Content-Encoding")) {
                    compressed++;
                    assertArrayEquals(content, unzipped(reply));
                } else {
                    assertAsItIs(content, reply);
                }
                client.close();
            }
            assertTrue(compressed > 0 && compressed < count, "compressed: " + compressed);
            assertArrayEquals(content, unzipped(server.get("/f" + (count - 1) + ".css", GZIP)));
        }
    }

    private static List<TestClient> clients(FileServer server, int count) throws IOException {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) clients.add(server.server().connect());
        server.server().awaitOpen(count + 1);
        return clients;
    }

    private interface Asking {
        String request(int client);
    }

    /// The shard finds the requests of all in one turn.
    private static void atOnce(FileServer server, List<TestClient> clients, Asking asking)
            throws IOException {
        CountDownLatch sent = new CountDownLatch(1);
        server.server().shard().execute(() -> await(sent));
        for (int i = 0; i < clients.size(); i++) clients.get(i).send(asking.request(i));
        sent.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void keepsNoMoreThanItMay() throws IOException {
        FileCacheLimits small = CACHE.withContentBytesMax(40_000);
        for (int i = 0; i < 20; i++) writeText("f" + i + ".css", 20_000);
        byte[] large = writeText("large.css", 40_001);
        try (FileServer server = serve(small)) {
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < 20; i++) {
                    byte[] content = Files.readAllBytes(root.resolve("f" + i + ".css"));
                    assertArrayEquals(content, unzipped(server.get("/f" + i + ".css", GZIP)));
                }
            }
            assertEquals(40, server.compressed());
            assertAsItIs(large, server.get("/large.css", GZIP));
        }
    }

    /// The file is open, and there is nothing to read it into.
    @Test
    void sendsAsItIsWhatThereIsNoMemoryToCompress() throws IOException {
        byte[] content = writeText("file.css", 100_000);
        Limits limits = Limits.defaults().withPoolBytesMax(BufferPool.SLICE_BYTES_MAX);
        FileHandler files = new FileHandler(root, "path", FileOptions.defaults().withCache(CACHE));
        Router router = new Router().get("/{path...}", files);
        try (TestServer server = TestServer.start(network, limits, HttpLimits.defaults(), router);
                TestClient client = server.connect()) {
            assertAsItIs(content, client.get("/file.css"));
            List<Slice> taken = server.ask(shard -> takeOfEachSlab(shard.buffers()));
            client.send(FileServer.request("GET", "/file.css", GZIP));
            assertAsItIs(content, client.reply());
            int given = server.ask(_ -> giveBack(taken));
            assertEquals(taken.size(), given);
            client.send(FileServer.request("GET", "/file.css", GZIP));
            assertArrayEquals(content, unzipped(client.reply()));
        }
    }

    /// Has something of each slab in use, so that none is given back for larger slices.
    private static List<Slice> takeOfEachSlab(BufferPool pool) {
        List<Slice> taken = new ArrayList<>();
        add(pool.take(16 * 1024), taken);
        add(pool.take(64 * 1024), taken);
        List<Slice> all = new ArrayList<>();
        while (add(pool.take(SMALL_BYTES), all)) {}
        for (int i = 0; i < all.size(); i++) {
            Slice slice = all.get(i);
            if (slice.capacity() == SMALL_BYTES && i % 16 == 0) taken.add(slice);
            else slice.release();
        }
        return taken;
    }

    private static boolean add(@Nullable Slice slice, List<Slice> all) {
        return slice != null && all.add(slice);
    }

    private static int giveBack(List<Slice> taken) {
        taken.forEach(Slice::release);
        return taken.size();
    }

    /// Nor does the file have to be there any more.
    @Test
    void holdsNothingForASlowReader() throws IOException {
        byte[] content = writeText("file.css", MIB);
        try (FileServer server = serve(CACHE)) {
            assertArrayEquals(content, unzipped(server.get("/file.css", GZIP)));
            Files.delete(root.resolve("file.css"));
            List<TestClient> readers = new ArrayList<>();
            for (int i = 0; i < 20; i++) readers.add(server.server().connectNarrow());
            for (TestClient reader : readers) {
                reader.send(FileServer.request("GET", "/file.css", GZIP));
            }
            for (TestClient reader : readers) reader.read(1000);
            long held = server.server().ask(shard -> shard.buffers().bytes());
            assertTrue(held < 20L * (MIB / 2), "bytes: " + held);
            for (int i = 0; i < 10; i++) readers.remove(0).reset();
            for (TestClient reader : readers) {
                assertTrue(reader.read(MIB / 2).length > 0);
                reader.close();
            }
        }
    }
}
