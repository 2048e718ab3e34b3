package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.spi.TransportProvider.Verdict;
import dev.torc.testkit.Await;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;

/// What a file server meets that is no fault of its clients: run as a process of its own, with less
/// than it needs.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServeFailuresTest {
    private static final List<String> FEW_DESCRIPTORS =
            List.of("/bin/sh", "-c", "ulimit -n 90; exec \"$@\"", "sh");

    private static final int READERS_MAX = 150;
    private static final long BIG_BYTES = 8 << 20;

    @TempDir Path directory;

    private Path root = Path.of("");

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
    }

    private static void assumeWorks(String transport) {
        Verdict verdict = Network.loopback(transport).transport().verdict();
        assumeTrue(verdict.works(), verdict.reason());
    }

    private static String[] serve(String transport, String... more) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "serve",
                                "root",
                                "--port",
                                "0",
                                "--shards",
                                "1",
                                "--transport",
                                transport,
                                "--quiet"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static TestClient connect(Socket socket, int port) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return TestClient.connect(socket, new InetSocketAddress(loopback, port));
    }

    /// Every descriptor is held by someone who reads slowly, each another file. Nothing is asked
    /// for its compressed siblings: openat2(2) takes a descriptor before it looks a name up, so
    /// each look would hold some for a moment, and a refusal not say that all are gone for good.
    @ParameterizedTest
    @ValueSource(strings = {"uring", "nio"})
    void refusesForAWhileWhatCannotBeOpenedAndServesWhatIsKnown(String transport)
            throws IOException {
        assumeWorks(transport);
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no shell to lower the limit with");
        Path config = directory.resolve("torc.toml");
        Files.writeString(config, "files.precompressed = false\n");
        Files.writeString(root.resolve("known"), "known");
        for (int i = 0; i < READERS_MAX; i++) {
            Files.writeString(root.resolve("small" + i), "small");
            try (RandomAccessFile big =
                    new RandomAccessFile(root.resolve("big" + i).toFile(), "rw")) {
                big.setLength(BIG_BYTES);
            }
        }
        Deque<TestClient> readers = new ArrayDeque<>();
        String[] command = serve(transport, "--config", config.toString());
        try (Torc torc = Torc.startPacked(directory, FEW_DESCRIPTORS, command)) {
            int port = torc.awaitPort();
            try (TestClient client = connect(new Socket(), port)) {
                assertEquals("known", client.get("/known").text());
                assertEquals(200, client.get("/").status());
                Reply refused = exhaust(port, client, readers, i -> "/small" + i);
                assertEquals("1", refused.header("Retry-After"));
                Reply unlisted = exhaust(port, client, readers, _ -> "/");
                assertEquals("1", unlisted.header("Retry-After"));
                long end = System.nanoTime() + 2_500_000_000L; // its staleness and more
                while (System.nanoTime() - end < 0) {
                    assertEquals("known", client.get("/known").text());
                }
                assertEquals(503, client.get("/small" + (READERS_MAX - 1)).status());
                for (TestClient reader : readers) reader.close();
                Await.until("it opens files again", () -> isServed(client));
            }
            torc.process().toHandle().destroy();
            assertEquals(0, torc.end().exitCode());
        } finally {
            for (TestClient reader : readers) reader.close();
        }
    }

    /// Adds readers until `client` is refused what is asked for behind each, and returns that.
    private static Reply exhaust(
            int port, TestClient client, Deque<TestClient> readers, IntFunction<String> asked)
            throws IOException {
        for (int i = readers.size(); i < READERS_MAX; i++) {
            Socket narrow = new Socket();
            narrow.setReceiveBufferSize(4096);
            TestClient reader = connect(narrow, port);
            readers.add(reader);
            reader.send("GET /big" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
            Reply reply = client.get(asked.apply(i));
            if (reply.status() == 503) return reply;
            assertEquals(200, reply.status());
        }
        throw new AssertionError("it opens more than it may");
    }

    private static boolean isServed(TestClient client) {
        try {
            return client.get("/small" + (READERS_MAX - 1)).status() == 200;
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "nio"})
    void tellsNobodyOfWhatItMayNotRead(String transport) throws IOException {
        assumeWorks(transport);
        List<String> prefix = Tool.withoutPowerOverFiles();
        Files.writeString(root.resolve("public"), "public");
        Path secret = Files.writeString(root.resolve("secret"), "secret");
        Path hidden = Files.createDirectory(root.resolve("folder"));
        Path locked = Files.createDirectory(root.resolve("locked"));
        Files.writeString(hidden.resolve("file"), "secret");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("---------"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-x------"));
        try (Torc torc = Torc.start(directory, prefix, serve(transport, "--upload"));
                TestClient client = connect(new Socket(), torc.awaitPort())) {
            for (String path : List.of("/secret", "/folder/file", "/folder/", "/folder/none")) {
                Reply reply = client.get(path);
                assertEquals(404, reply.status(), path);
                assertTrue(reply.text().startsWith("404 Not Found"), path);
            }
            assertEquals("public", client.get("/public").text());
            assertTrue(client.get("/").text().contains("secret"));
            client.send("PUT /locked/file HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
            Reply refused = client.reply();
            assertEquals(403, refused.status());
            assertTrue(refused.text().contains("may not write"), refused.text());
        } finally {
            Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rwx------"));
            Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void saysThatItMayNotReadItsConfiguration() throws IOException {
        Path file = Files.writeString(directory.resolve("torc.toml"), "port = 0\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        List<String> prefix = Tool.withoutPowerOverFiles();
        String[] command = {"serve", "root", "--port=0", "--config=" + file};
        try (Torc torc = Torc.start(directory, prefix, command)) {
            Torc.Outcome outcome = torc.end();
            assertEquals(2, outcome.exitCode());
            assertEquals(
                    "torc: this user may not read the configuration file " + file + "\n",
                    outcome.errors());
        }
    }
}
