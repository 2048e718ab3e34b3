package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// curl asks: framing, persistence, odd targets and versions. [CurlUploadTest] has the bodies that
/// it sends.
@EveryNetwork(real = true)
class CurlTest {
    private static final String HELLO = "Hello, World!";

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

    @Test
    void findsNothingWrong() throws Exception {
        Files.writeString(directory.resolve("file.txt"), "a file");
        List<List<String>> transfers = new ArrayList<>();
        for (String path :
                List.of(
                        "/",
                        "/plaintext",
                        "/json",
                        "/hello/x",
                        "/headers",
                        "/status/204",
                        "/status/205",
                        "/baseline?a=1&b=2",
                        "/bytes/100000",
                        "/stream/10",
                        "/sleep/1",
                        "/static/file.txt")) {
            transfers.add(List.of("--fail", server.url(path)));
            transfers.add(List.of("--fail", "--head", server.url(path)));
        }
        List<String> said = curl.transfers("%{http_code} %{url_effective}", transfers);
        assertEquals(transfers.size(), said.size());
        assertTrue(said.stream().allMatch(line -> line.startsWith("20")), said::toString);
    }

    /// All kinds of answers without a body, each before one that has one: what belongs to an answer
    /// and what to the next is never mistaken.
    @Test
    void usesOneConnectionForAnswersOfAllKinds() throws Exception {
        List<List<String>> transfers = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        String[][] kinds = {
            {"--head", "/bytes/100000", "200 0"},
            {"--head", "/stream/3", "200 0"},
            {"--get", "/status/204", "204 0"},
            {"--get", "/status/205", "205 0"},
            {"--get", "/status/304", "304 0"},
            {"--head", "/status/304", "304 0"},
            {"--get", "/nowhere", "404 14"},
            {"--get", "/bytes/0", "200 0"},
            {"--get", "/bytes/300000", "200 300000"},
            {"--get", "/stream/2", "200 14"},
            {"--data=", "/echo", "200 0"},
            {"--data=abc", "/echo", "200 3"},
            {"--request=OPTIONS", "/echo", "204 0"},
            {"--request=DELETE", "/echo", "405 23"},
        };
        for (String[] kind : kinds) {
            transfers.add(option(kind[0], server.url(kind[1])));
            transfers.add(List.of(server.url("/hello/" + transfers.size())));
            expected.add((expected.isEmpty() ? 1 : 0) + " " + kind[2]);
            expected.add("0 200 " + ("Hello, !".length() + digits(transfers.size() - 1)));
        }
        String how = "%{num_connects} %{http_code} %{size_download}";
        assertEquals(expected, curl.transfers(how, transfers));
        for (int i = 1; i < transfers.size(); i += 2) {
            assertEquals("Hello, " + i + "!", Files.readString(directory.resolve("transfer-" + i)));
        }
        assertEquals(1, server.accepted());
    }

    private static int digits(int number) {
        return Integer.toString(number).length();
    }

    private static List<String> option(String option, String url) {
        int equals = option.indexOf('=');
        if (equals < 0) return List.of(option, url);
        return List.of(option.substring(0, equals), option.substring(equals + 1), url);
    }

    @Test
    void isToldOfAClose() throws Exception {
        String url = server.url("/hello/[1-3]");
        String[] close = {"--header", "Connection: close", "--include", url};
        String answers = curl.run(close);
        assertEquals(3, answers.split("Connection: close\r\n", -1).length - 1, answers);
        assertEquals(3, server.accepted());
    }

    @Test
    void keepsAConnectionOfHttp10OnlyIfItAsksTo() throws Exception {
        String connects = "%{num_connects}\n";
        String[] ask = {
            "--http1.0", "-o", "#1", "--write-out", connects, server.url("/hello/[1-3]")
        };
        assertEquals("1\n1\n1\n", curl.run(ask));
        String[] askToKeep = new String[ask.length + 2];
        System.arraycopy(ask, 0, askToKeep, 2, ask.length);
        askToKeep[0] = "--header";
        askToKeep[1] = "Connection: keep-alive";
        assertEquals("1\n0\n0\n", curl.run(askToKeep));
        assertEquals("Hello, 3!", Files.readString(directory.resolve("3")));
    }

    @Test
    void readsAStreamOfHttp10UpToItsEnd() throws Exception {
        String answer = curl.run("--http1.0", "--include", server.url("/stream/20000"));
        assertTrue(answer.contains("\r\nConnection: close\r\n"), answer.substring(0, 300));
        assertFalse(answer.contains("Transfer-Encoding"), answer.substring(0, 300));
        assertTrue(answer.endsWith("\nline 20000\n"));
    }

    @Test
    void seesWellFormedChunks() throws Exception {
        String raw = curl.run("--raw", server.url("/stream/20000"));
        Matcher size = Pattern.compile("\\G([0-9a-f]+)\r\n").matcher(raw);
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (size.find(at)) {
            int end = size.end() + Integer.parseInt(size.group(1), 16);
            body.append(raw, size.end(), end);
            assertEquals("\r\n", raw.substring(end, end + 2));
            at = end + 2;
            size.region(at, raw.length());
        }
        assertEquals(raw.length(), at);
        assertTrue(raw.endsWith("\r\n0\r\n\r\n"));
        assertTrue(body.toString().endsWith("\nline 20000\n"));
        assertEquals(20_000, body.toString().lines().count());
    }

    @Test
    void isShownTrailers() throws Exception {
        String[] ask = {"--include", server.url("/trailers"), server.url("/plaintext")};
        String answers = curl.run(ask);
        assertTrue(answers.contains("\r\nTrailer: X-Bytes\r\n"), answers);
        assertTrue(answers.contains("\r\n\r\nbody"), answers);
        assertTrue(answers.contains("X-Bytes: 4\r\n"), answers);
        assertTrue(answers.endsWith(HELLO), answers);
        assertEquals(1, server.accepted());
    }

    @Test
    void isShownEarlyHints() throws Exception {
        String answer = curl.run("--include", server.url("/hints"));
        Pattern all =
                Pattern.compile(
                        "HTTP/1.1 103 Early Hints\r\nLink: </a.css>[^\n]*\n\r\n"
                                + "HTTP/1.1 103 Early Hints\r\nLink: </b.js>[^\n]*\n\r\n"
                                + "HTTP/1.1 200 OK\r\n([^\n]+\n)+\r\nhinted");
        assertTrue(all.matcher(answer).matches(), answer);
        String old = curl.run("--include", "--http1.0", server.url("/hints"));
        assertTrue(old.startsWith("HTTP/1.1 200 OK\r\n"), old);
    }

    @Test
    void followsRedirects() throws Exception {
        String how = "\n%{num_redirects} %{num_connects} %{url_effective}";
        String said = curl.run("--location", "--write-out", how, server.url("/redirect/3"));
        assertEquals(HELLO + "\n4 1 " + server.url("/plaintext"), said);
        assertEquals(1, server.accepted());
    }

    @Test
    void receivesEveryByte() throws Exception {
        int count = 30_000_000;
        curl.run("--output", "body", server.url("/bytes/" + count));
        byte[] body = Files.readAllBytes(directory.resolve("body"));
        assertEquals(count, body.length);
        for (int i = 0; i < count; i++) {
            if (body[i] != (byte) i) throw new AssertionError("byte " + i + " is " + body[i]);
        }
    }

    @Test
    void isServedOnManyConnectionsAtOnce() throws Exception {
        String[] ask = {
            "--parallel", "--parallel-immediate", "--parallel-max", "40", "--output", "#1"
        };
        List<String> options = new ArrayList<>(List.of(ask));
        Collections.addAll(options, server.url("/hello/[1-200]"));
        curl.run(options.toArray(String[]::new));
        for (int i = 1; i <= 200; i++) {
            assertEquals("Hello, " + i + "!", Files.readString(directory.resolve("" + i)));
        }
        assertTrue(server.accepted() <= 200, "" + server.accepted());
    }

    @Test
    void isSentTheWholeWhereItAsksForARange() throws Exception {
        String how = "%{http_code} %{size_download}";
        String[] ask = {"--range", "0-9", "--write-out", how, "--output", "body"};
        List<String> options = new ArrayList<>(List.of(ask));
        options.add(server.url("/bytes/100"));
        assertEquals("200 100", curl.run(options.toArray(String[]::new)));
    }

    @Test
    void isAnsweredInHttp11WhereItOffersHttp2() throws Exception {
        String url = server.url("/plaintext");
        String how = "\n%{http_version} %{num_connects}\n";
        String said = curl.run("--http2", "--write-out", how, url, url);
        assertEquals(HELLO + "\n1.1 1\n" + HELLO + "\n1.1 0\n", said);
    }

    @Test
    void failsAtOnceWhereItSpeaksNothingButHttp2() throws Exception {
        Program.Outcome refused = curl.outcome("--http2-prior-knowledge", server.url("/plaintext"));
        assertTrue(refused.exitCode() != 0 && refused.exitCode() != 28, refused::toString);
        assertEquals(HELLO, curl.run(server.url("/plaintext")));
    }

    @Test
    void isAnsweredForOddTargets() throws Exception {
        Files.writeString(directory.resolve(".hidden"), "hidden");
        String[][] expected = {
            {"/plaintext?", "200", HELLO},
            {"/hello/a%2Fb", "200", "Hello, a/b!"},
            {"/hello/..", "200", "Hello, ..!"},
            {"/hello/~!$&()*+;=:@", "200", "Hello, ~!$&()*+;=:@!"},
            {"/hello/%C3%BC", "200", "Hello, ü!"},
            {"/../plaintext", "404"},
            {"/./plaintext", "404"},
            {"//plaintext", "404"},
            {"/plaintext/", "404"},
            {"/static/../../etc/passwd", "404"},
            {"/static/%2e%2e/%2e%2e/etc/passwd", "404"},
            {"/static/.hidden", "404"},
            {"/hello/%", "400"},
            {"/hello/%zz", "400"},
            {"/hello/%ff", "400"}
        };
        List<List<String>> transfers = new ArrayList<>();
        for (String[] one : expected) {
            transfers.add(List.of("--globoff", "--path-as-is", server.url(one[0])));
        }
        List<String> said = curl.transfers("%{http_code}", transfers);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i][1], said.get(i), expected[i][0]);
            String body = Files.readString(directory.resolve("transfer-" + i));
            if (expected[i].length > 2) assertEquals(expected[i][2], body);
        }
    }

    @Test
    void isAnsweredForOtherFormsAndMethods() throws Exception {
        String[][] expected = {
            {"OPTIONS", "*", "204"},
            {"GET", "http://elsewhere.example/plaintext", "200"},
            {"GET", "https://elsewhere.example/plaintext", "421"},
            {"GET", "ftp://elsewhere.example/plaintext", "400"},
            {"GET", "plaintext", "400"},
            {"GET", "*", "400"},
            {"CONNECT", "elsewhere.example:443", "501"},
            {"TRACE", "/plaintext", "405"},
            {"PROPFIND", "/plaintext", "501"}
        };
        List<List<String>> transfers = new ArrayList<>();
        for (String[] one : expected) {
            String[] how = {"--request", one[0], "--request-target", one[1], server.url("/")};
            transfers.add(List.of(how));
        }
        List<String> said = curl.transfers("%{http_code}", transfers);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i][2], said.get(i), String.join(" ", expected[i]));
        }
    }

    @Test
    void sendsFieldsOfAllKinds() throws Exception {
        Path fields = directory.resolve("fields");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 90; i++) lines.add("X-" + i + ": " + "v".repeat(i));
        Files.write(fields, lines, StandardCharsets.US_ASCII);
        String said = curl.run("--header", "@" + fields, "-H", "Empty;", server.url("/headers"));
        assertTrue(said.contains("\"Empty\":\"\""), said);
        IntStream.range(1, 90)
                .forEach(
                        i -> {
                            String field = "\"X-" + i + "\":\"" + "v".repeat(i) + "\"";
                            assertTrue(said.contains(field), field);
                        });
    }
}
