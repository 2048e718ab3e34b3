package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Seed;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// curl sends bodies of all framings, expects `100 Continue`, and is refused what is too large.
@EveryNetwork(real = true)
class CurlUploadTest {
    private static final int LARGE_BYTES = 1_000_000;
    private static final int TOO_LARGE_BYTES = 30_000_000;

    @Parameter Network network;
    @TempDir private Path directory;
    private LiveServer server;
    private Curl curl;

    @BeforeEach
    void start() throws IOException {
        Tool.CURL.path();
        curl = new Curl(directory);
        server = LiveServer.start(network, directory);
    }

    @AfterEach
    void stop() {
        if (server != null) server.close();
    }

    private Path randomFile(int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new Random(Seed.next()).nextBytes(content);
        return Files.write(directory.resolve("body-" + bytes), content);
    }

    private String upload(Path body, String... how) throws Exception {
        List<String> options = new ArrayList<>(List.of(how));
        options.addAll(List.of("--output", "answer", "--dump-header", "heads"));
        options.addAll(List.of("--write-out", "%{http_code} %{size_download}"));
        options.add(server.url("/echo"));
        return curl.runOn(body, options.toArray(String[]::new));
    }

    private void assertEchoed(Path body) throws IOException {
        assertEquals(-1, Files.mismatch(body, directory.resolve("answer")));
    }

    private String heads() throws IOException {
        return Files.readString(directory.resolve("heads"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20_000, LARGE_BYTES})
    void sendsABodyOfKnownLength(int bytes) throws Exception {
        Path body = randomFile(bytes);
        String data = "@" + body;
        assertEquals("200 " + bytes, upload(body, "--header", "Expect:", "--data-binary", data));
        assertEchoed(body);
        assertTrue(heads().startsWith("HTTP/1.1 200 "), heads());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, LARGE_BYTES})
    void isToldToContinue(int bytes) throws Exception {
        Path body = randomFile(bytes);
        String expect = "Expect: 100-continue";
        String data = "@" + body;
        String patience = "40"; // after a second it would send it unasked
        assertEquals(
                "200 " + bytes,
                upload(
                        body,
                        "--expect100-timeout",
                        patience,
                        "--header",
                        expect,
                        "--data-binary",
                        data));
        assertEchoed(body);
        assertTrue(heads().startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 "), heads());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20_000, LARGE_BYTES})
    void sendsAChunkedBody(int bytes) throws Exception {
        Path body = randomFile(bytes);
        assertEquals("200 " + bytes, upload(body, "--upload-file", "-"));
        assertEchoed(body);
        String chunked = "Transfer-Encoding: chunked";
        String[] post = {"--header", chunked, "-H", "Expect:", "--data-binary", "@" + body};
        assertEquals("200 " + bytes, upload(body, post));
        assertEchoed(body);
    }

    @Test
    void sendsManyBodiesOnOneConnection() throws Exception {
        Path body = randomFile(50_000);
        List<List<String>> transfers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            List<String> transfer = new ArrayList<>(List.of("--data-binary", "@" + body));
            if (i % 2 == 1) transfer.addAll(List.of("-H", "Transfer-Encoding: chunked"));
            if (i % 4 > 1) transfer.addAll(List.of("-H", "Expect: 100-continue"));
            transfer.add(server.url("/echo"));
            transfers.add(transfer);
        }
        List<String> said = curl.transfers("%{http_code} %{size_download}", transfers);
        assertEquals(20, said.size());
        for (int i = 0; i < 20; i++) {
            assertEquals("200 50000", said.get(i));
            assertEquals(-1, Files.mismatch(body, directory.resolve("transfer-" + i)));
        }
        assertEquals(1, server.accepted());
    }

    /// The answer is there before the body has been sent, and is not lost by the server's close.
    @Test
    void isToldThatABodyIsTooLarge() throws Exception {
        Path body = randomFile(TOO_LARGE_BYTES);
        String[][] hows = {
            {"--data-binary", "@" + body, "--header", "Expect: 100-continue"},
            {"--data-binary", "@" + body, "--header", "Expect:"},
            {"--upload-file", body.toString(), "--header", "Expect: 100-continue"},
            {"--upload-file", body.toString(), "--header", "Expect:"},
            {"--upload-file", body.toString(), "--header", "Transfer-Encoding: chunked"}
        };
        for (String[] how : hows) {
            String said = upload(body, how);
            assertTrue(said.startsWith("413 "), said);
            assertTrue(heads().contains("\r\nConnection: close\r\n"), heads());
            String answer = Files.readString(directory.resolve("answer"));
            assertTrue(answer.startsWith("413 Content Too Large"), answer);
        }
        assertEquals(0, server.requests("/echo"));
        server.kill();
    }

    @Test
    void doesNotSendABodyThatIsRefusedBeforehand() throws Exception {
        Path body = randomFile(TOO_LARGE_BYTES);
        String[] how = {
            "--header",
            "Expect: 100-continue",
            "--expect100-timeout",
            "40",
            "--data-binary",
            "@" + body,
            "--output",
            "answer",
            "--write-out",
            "%{http_code} %{size_upload}",
            server.url("/echo")
        };
        assertEquals("413 0", curl.run(how));
    }

    @Test
    void isRefusedAnExpectationThatNobodyKnows() throws Exception {
        Path body = randomFile(10);
        String[] how = {"--header", "Expect: 200-ok", "--data-binary", "@" + body};
        assertTrue(upload(body, how).startsWith("417 "));
    }

    @Test
    void isToldThatItsHeadIsTooLarge() throws Exception {
        String status = "\n%{http_code}";
        String longLine = server.url("/hello/" + "a".repeat(9000));
        assertTrue(curl.run("--write-out", status, longLine).endsWith("\n414"));
        String longField = "X: " + "v".repeat(20_000);
        String[] ask = {"--header", longField, "--write-out", status, server.url("/")};
        assertTrue(curl.run(ask).endsWith("\n431"));
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) many.add("X-" + i + ": v");
        Path fields = Files.write(directory.resolve("fields"), many);
        String[] askMany = {"--header", "@" + fields, "--write-out", status, server.url("/")};
        assertTrue(curl.run(askMany).endsWith("\n431"));
    }
}
