package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.HttpLimits;
import dev.torc.http.HttpTimeouts;
import dev.torc.standalone.Proxy.Kind;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.Seed;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// nginx and HAProxy in front of the server. A connection between the two carries the requests of
/// many clients, so nothing that one of them is sent may be taken for another's.
@EveryNetwork(real = true)
class ProxyTest {
    private static final String HOST = " HTTP/1.1\r\nHost: a\r\n";
    private static final int LARGE_BYTES = 1_000_000;

    @Parameter Network network;
    @TempDir private Path directory;

    private LiveServer start() throws IOException {
        return LiveServer.start(network, directory);
    }

    private Proxy proxy(Kind kind, LiveServer server) throws IOException {
        return Proxy.start(kind, directory, server);
    }

    private static byte[] random(int bytes, long seed) {
        byte[] body = new byte[bytes];
        new Random(seed).nextBytes(body);
        return body;
    }

    private static void sendChunked(TestClient client, byte[] body, int chunkBytes)
            throws IOException {
        client.send("POST /echo" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
        for (int at = 0; at < body.length; at += chunkBytes) {
            int end = Math.min(at + chunkBytes, body.length);
            client.send(Integer.toHexString(end - at) + "\r\n").send(body, at, end).send("\r\n");
        }
        client.send("0\r\n\r\n");
    }

    @ParameterizedTest
    @EnumSource(names = "NGINX_HTTP10", mode = EnumSource.Mode.EXCLUDE)
    void keepsItsConnectionToTheServer(Kind kind) throws IOException {
        try (LiveServer server = start();
                Proxy proxy = proxy(kind, server)) {
            for (int i = 0; i < 5; i++) {
                try (TestClient client = proxy.connect()) {
                    for (int j = 0; j < 5; j++) {
                        assertEquals("Hello, " + j + "!", client.get("/hello/" + j).text());
                    }
                }
            }
            assertEquals(1, server.accepted());
        }
    }

    @ParameterizedTest
    @EnumSource
    void passesBodiesOfBothFramings(Kind kind) throws IOException {
        long seed = Seed.next();
        try (LiveServer server = start();
                Proxy proxy = proxy(kind, server);
                TestClient client = proxy.connect()) {
            for (int bytes : new int[] {0, 1, 16_384, 100_000, LARGE_BYTES}) {
                byte[] body = random(bytes, seed);
                client.send("POST /echo" + HOST + "Content-Length: " + bytes + "\r\n\r\n");
                client.send(body);
                assertArrayEquals(body, client.finalReply().body(), () -> "seed " + seed);
                sendChunked(client, body, 30_000);
                assertArrayEquals(body, client.finalReply().body(), () -> "seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void passesLargeAnswersOfBothFramings(Kind kind) throws IOException {
        try (LiveServer server = start();
                Proxy proxy = proxy(kind, server);
                TestClient client = proxy.connect()) {
            byte[] bytes = client.get("/bytes/10000000").body();
            assertEquals(10_000_000, bytes.length);
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] != (byte) i) throw new AssertionError("byte " + i + " of " + kind);
            }
            String lines = client.get("/stream/100000").text();
            assertEquals(100_000, lines.lines().count());
            assertTrue(lines.endsWith("\nline 100000\n"));
        }
    }

    /// Requests whose answers have a body, or none, or none where there seems to be one.
    private static final List<String> KINDS =
            List.of(
                    "HEAD /bytes/1000 200 0",
                    "HEAD /stream/5 200 0",
                    "HEAD /plaintext 200 0",
                    "HEAD /status/404 404 0",
                    "GET /status/204 204 0",
                    "GET /status/205 205 0",
                    "GET /status/304 304 0",
                    "HEAD /status/304 304 0",
                    "GET /status/500 500 26",
                    "GET /nowhere 404 14",
                    "GET /bytes/0 200 0",
                    "GET /bytes/70000 200 70000",
                    "GET /stream/0 200 0",
                    "GET /stream/5 200 35",
                    "OPTIONS /echo 204 0",
                    "DELETE /echo 405 23",
                    "POST /echo 200 0");

    @ParameterizedTest
    @EnumSource
    void staysInSync(Kind kind) throws IOException {
        long seed = Seed.next();
        Random chance = new Random(seed);
        try (LiveServer server = start();
                Proxy proxy = proxy(kind, server);
                TestClient client = proxy.connect()) {
            for (int i = 0; i < 150; i++) {
                String[] one = KINDS.get(chance.nextInt(KINDS.size())).split(" ");
                String length = one[0].equals("POST") ? "Content-Length: 0\r\n" : "";
                client.send(one[0] + " " + one[1] + HOST + length + "\r\n");
                Reply reply = one[0].equals("HEAD") ? client.replyToHead() : client.finalReply();
                String got = reply.status() + " " + reply.body().length;
                String about = String.join(" ", one) + ", seed " + seed;
                assertEquals(one[2] + " " + one[3], got, about);
                assertEquals("Hello, " + i + "!", client.get("/hello/" + i).text(), about);
            }
            if (kind.keepsAlive()) assertEquals(1, server.accepted(), "seed " + seed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersAPipeline(Kind kind) throws IOException {
        try (LiveServer server = start();
                Proxy proxy = proxy(kind, server);
                TestClient client = proxy.connect()) {
            pipeline(client);
        }
    }

    @Test
    void theServerItselfAnswersAPipeline() throws IOException {
        try (LiveServer server = start();
                TestClient client = server.connect()) {
            pipeline(client);
        }
    }

    private static void pipeline(TestClient client) throws IOException {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            requests.append("GET /hello/").append(i).append(HOST).append("\r\n");
            requests.append("HEAD /bytes/100").append(HOST).append("\r\n");
            requests.append("GET /status/204").append(HOST).append("\r\n");
            requests.append("POST /echo").append(HOST).append("Content-Length: 4\r\n\r\nsize");
            requests.append("POST /echo").append(HOST).append("Transfer-Encoding: chunked\r\n\r\n");
            requests.append("6\r\nchunks\r\n0\r\n\r\n");
            requests.append("GET /stream/1").append(HOST).append("\r\n");
        }
        client.send(requests.toString());
        for (int i = 0; i < 30; i++) {
            assertEquals("Hello, " + i + "!", client.reply().text());
            assertEquals("100", client.replyToHead().header("Content-Length"));
            assertEquals(204, client.reply().status());
            assertEquals("size", client.reply().text());
            assertEquals("chunks", client.reply().text());
            assertEquals("line 1\n", client.reply().text());
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsAClientToContinue(Kind kind) throws IOException {
        String head = "POST /echo" + HOST + "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n";
        try (LiveServer server = start();
                Proxy proxy = proxy(kind, server);
                TestClient client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(100, client.send(head).reply().status());
                assertEquals("body", client.send("body").reply().text());
                assertEquals("Hello, World!", client.get("/plaintext").text());
            }
        }
    }

    /// The server closes connections that are idle. A proxy that sends a request on one just then
    /// must be able to tell that it has not been dealt with.
    @ParameterizedTest
    @EnumSource(names = {"NGINX_STREAMING", "HAPROXY"})
    void asksAgainWhenItsConnectionIsClosedAtThatMoment(Kind kind) throws IOException {
        long seed = Seed.next();
        Random chance = new Random(seed);
        HttpTimeouts timeouts = HttpTimeouts.defaults().withIdle(Duration.ofMillis(20));
        HttpLimits limits = HttpLimits.defaults().withTimeouts(timeouts);
        try (LiveServer server = LiveServer.start(network, directory, limits);
                LiveServer clock = start();
                TestClient timer = clock.connect();
                Proxy proxy = proxy(kind, server);
                TestClient client = proxy.connect()) {
            for (int i = 0; i < 15; i++) {
                assertEquals("Hello, " + i + "!", client.get("/hello/" + i).text(), "seed " + seed);
                // From a little before the server closes to a little after it has.
                timer.get("/sleep/" + (16 + chance.nextInt(14)));
            }
            assertTrue(server.accepted() > 1, "none was closed");
            Await.until("the last one is closed", () -> server.open() == 0);
            assertEquals("Hello, World!", client.get("/plaintext").text());
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofAClientThatVanishesNothingIsLeft(Kind kind) throws IOException {
        try (LiveServer server = start();
                Proxy proxy = proxy(kind, server)) {
            List<TestClient> clients = IntStream.range(0, 5).mapToObj(_ -> connect(proxy)).toList();
            for (TestClient client : clients) {
                client.send("GET /bytes/100000000000" + HOST + "\r\n");
                assertEquals(1000, client.read(1000).length);
            }
            for (TestClient client : clients) client.reset();
            Await.until("the server is told", () -> server.open() == 0);
            try (TestClient client = proxy.connect()) {
                assertEquals("Hello, World!", client.get("/plaintext").text());
            }
        }
    }

    private static TestClient connect(Proxy proxy) {
        try {
            return proxy.connect();
        } catch (IOException refused) {
            throw new java.io.UncheckedIOException(refused);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HAPROXY", "HAPROXY_BUFFERING"})
    void passesHintsAndTrailers(Kind kind) throws IOException {
        try (LiveServer server = start();
                Proxy proxy = proxy(kind, server);
                TestClient client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(103, client.get("/hints").status());
                assertEquals(103, client.reply().status());
                assertEquals("hinted", client.reply().text());
                assertEquals("body", client.get("/trailers").text());
            }
            assertEquals(1, server.accepted());
        }
    }
}
