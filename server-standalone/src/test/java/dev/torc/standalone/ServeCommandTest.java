package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.spi.TransportProvider.Verdict;
import dev.torc.standalone.Torc.Outcome;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

class ServeCommandTest {
    private static final int FILES = 120;
    private static final int FILE_BYTES = 100_000;
    private static final List<String> FEW_DESCRIPTORS =
            List.of("/bin/sh", "-c", "ulimit -n 90; exec \"$@\"", "sh");

    /// In blocks of 512 or 1024 bytes.
    private static final List<String> SMALL_FILES =
            List.of("/bin/sh", "-c", "ulimit -f 256; exec \"$@\"", "sh");

    /// More than fits, and so few that what is unread of it then (256 KiB at most) is dropped and
    /// the connection persists.
    private static final int TOO_MANY_BYTES = 300 << 10;

    @TempDir Path directory;

    private static void assumeWorks(String transport) {
        Verdict verdict = Network.loopback(transport).transport().verdict();
        assumeTrue(verdict.works(), verdict.reason());
    }

    private static TestClient connect(int port) throws IOException {
        return TestClient.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static Outcome stop(Torc torc) throws IOException {
        // The process's own destroy() would close its output, too.
        torc.process().toHandle().destroy();
        Outcome outcome = torc.end();
        assertEquals(0, outcome.exitCode(), outcome.errors());
        return outcome;
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "nio"})
    void servesADirectoryAndTellsOfEachRequest(String transport) throws IOException {
        assumeWorks(transport);
        Files.writeString(directory.resolve("file.css"), "content");
        Files.writeString(directory.resolve("app.html"), "application");
        String[] arguments =
                serve(
                        ".",
                        transport,
                        "--header",
                        "X-A: b",
                        "--cache",
                        "*.css: max-age=60",
                        "--spa=app.html");
        try (Torc torc = Torc.start(directory, arguments);
                TestClient client = connect(torc.awaitPort())) {
            Reply file = client.get("/file.css");
            assertEquals("content", file.text());
            assertEquals("b", file.header("X-A"));
            assertEquals("max-age=60", file.header("Cache-Control"));
            assertTrue(client.get("/").text().contains("file.css"));
            assertEquals("application", client.get("/users/17").text());
            assertEquals(404, client.get("/none.js?a=b").status());
            client.close();
            String output = stop(torc).output();
            assertTrue(output.contains("127.0.0.1 GET /file.css 200 7 B "), output);
            assertTrue(output.contains("127.0.0.1 GET /none.js?a=b 404 "), output);
        }
    }

    /// More files than the process may have open: old ones are closed for new ones.
    @ParameterizedTest
    @ValueSource(strings = {"uring", "nio"})
    void servesMoreFilesThanItMayOpen(String transport) throws IOException {
        assumeWorks(transport);
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no shell to lower the limit with");
        byte[] content = new byte[FILE_BYTES];
        new Random(1).nextBytes(content);
        for (int i = 0; i < FILES; i++) Files.write(directory.resolve("f" + i), content);
        String[] arguments = serve(".", transport, "--quiet");
        try (Torc torc = Torc.start(directory, FEW_DESCRIPTORS, arguments);
                TestClient client = connect(torc.awaitPort())) {
            for (int i = 0; i < 2 * FILES; i++) {
                Reply reply = client.get("/f" + i % FILES);
                assertEquals(200, reply.status(), "file " + i);
                assertArrayEquals(content, reply.body());
            }
            client.close();
            stop(torc);
        }
    }

    /// `ulimit -f` stands for a disk that is full: what is written beyond it fails, too.
    @ParameterizedTest
    @ValueSource(strings = {"uring", "nio"})
    void storesUploadsAsLongAsThereIsRoom(String transport) throws IOException {
        assumeWorks(transport);
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no shell to lower the limit with");
        Path root = Files.createDirectory(directory.resolve("root"));
        String[] arguments = serve("root", transport, "--upload");
        try (Torc torc = Torc.start(directory, SMALL_FILES, arguments);
                TestClient client = connect(torc.awaitPort())) {
            assertEquals(201, put(client, new byte[FILE_BYTES]).status());
            Reply full = put(client, new byte[TOO_MANY_BYTES]);
            assertEquals(507, full.status());
            assertTrue(full.text().contains("no room"), full.text());
            assertEquals(FILE_BYTES, client.get("/file").body().length);
            assertEquals(204, put(client, "new".getBytes(UTF_8)).status());
            assertEquals("new", client.get("/file").text());
            client.close();
            String output = stop(torc).output();
            assertTrue(output.contains("PUT /file 507 "), output);
            try (Stream<Path> all = Files.list(root)) {
                assertEquals(List.of(root.resolve("file")), all.toList());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "nio"})
    void refusesUploadsThatAreTooLarge(String transport) throws IOException {
        assumeWorks(transport);
        String[] arguments = serve(".", transport, "--upload", "--upload-max", "10K");
        try (Torc torc = Torc.start(directory, arguments)) {
            int port = torc.awaitPort();
            try (TestClient client = connect(port)) {
                assertEquals(201, put(client, new byte[10 << 10]).status());
            }
            try (TestClient client = connect(port)) {
                assertEquals(413, put(client, new byte[(10 << 10) + 1]).status());
            }
            assertEquals(10 << 10, Files.size(directory.resolve("file")));
            stop(torc);
        }
    }

    /// One shard on any free port.
    private static String[] serve(String root, String transport, String... more) {
        List<String> all = new ArrayList<>(List.of("serve", root, "--port", "0"));
        all.addAll(List.of("--shards", "1", "--transport", transport));
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }

    private static Reply put(TestClient client, byte[] content) throws IOException {
        client.send("PUT /file HTTP/1.1\r\nHost: a\r\nContent-Length: " + content.length);
        return client.send("\r\n\r\n").send(content).reply();
    }
}
