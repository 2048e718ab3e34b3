package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.Seed;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// What a peer does wrong, over the wire; the parser's own tests have the whole corpus.
@EveryNetwork
class HttpServerRefusalTest {
    private static final String SECRET = "s3cr3t-bytes";

    @Parameter Network network;

    private final AtomicInteger handled = new AtomicInteger();
    private TestServer server;

    @BeforeEach
    void start() {
        server =
                TestServer.start(
                        network,
                        (_, response) -> {
                            handled.incrementAndGet();
                            response.send("fine");
                        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    static Stream<Arguments> bad() {
        String get = "GET / HTTP/1.1\r\nHost: a\r\n";
        String post = "POST / HTTP/1.1\r\nHost: a\r\n";
        return Stream.of(
                Arguments.of(400, SECRET + "\r\n\r\n"),
                Arguments.of(400, "GET /" + SECRET + " HTTP/1.1\r\n\r\n"),
                Arguments.of(400, "GET  / HTTP/1.1\r\n\r\n"),
                Arguments.of(400, "GET / HTTP/1.1\nHost: a\n\n"),
                Arguments.of(400, "\0\0\0" + SECRET),
                Arguments.of(400, get + SECRET + " : x\r\n\r\n"),
                Arguments.of(400, get + SECRET + "\r\n\r\n"),
                Arguments.of(400, get + " " + SECRET + ": x\r\n\r\n"),
                Arguments.of(400, get + "X: a\0" + SECRET + "\r\n\r\n"),
                Arguments.of(400, get + "Host: " + SECRET + "\r\n\r\n"),
                Arguments.of(400, get + "Content-Length: " + SECRET + "\r\n\r\n"),
                Arguments.of(400, post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
                Arguments.of(400, post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
                Arguments.of(400, post + "Transfer-Encoding: chunked\r\n\r\n" + SECRET + "\r\n"),
                Arguments.of(400, post + "Transfer-Encoding: chunked\r\n\r\n1\r\n" + SECRET),
                Arguments.of(501, post + "Transfer-Encoding: gzip\r\n\r\n" + SECRET),
                Arguments.of(505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
                Arguments.of(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                Arguments.of(414, "GET /" + SECRET + "x".repeat(9000) + " HTTP/1.1\r\n\r\n"),
                Arguments.of(431, get + ("X: " + SECRET + "\r\n").repeat(101) + "\r\n"),
                Arguments.of(431, get + "X: " + SECRET + "x".repeat(17_000) + "\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void answersOnceAndCloses(int status, String request) throws IOException {
        int before = handled.get();
        try (TestClient client = server.connect()) {
            Reply reply = client.send(request).reply();
            assertEquals(status, reply.status());
            assertTrue(reply.closes());
            assertFalse(reply.text().contains(SECRET), reply::text);
            assertTrue(reply.text().startsWith(status + " "), reply::text);
            assertTrue(client.isAtEnd());
        }
        assertEquals(before, handled.get());
    }

    @ParameterizedTest
    @MethodSource("bad")
    void answersTheSameByteByByte(int status, String request) throws IOException {
        if (request.length() > 1000) return; // the parser's tests do those
        try (TestClient client = server.connect()) {
            String settled = request.substring(0, request.length() - 1);
            // What follows a refusal is discarded, not answered.
            client.drip(settled + request.charAt(request.length() - 1));
            assertEquals(status, client.reply().status());
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void answersWhatCameBeforeTheFault() throws IOException {
        try (TestClient client = server.connect()) {
            String good = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
            client.send(good + good + "bad\r\n\r\n" + good);
            assertEquals(200, client.reply().status());
            assertEquals(200, client.reply().status());
            assertEquals(400, client.reply().status());
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void sendsNoBodyWithTheRefusalOfAHead() throws IOException {
        try (TestClient client = server.connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\nExpect: nothing\r\n\r\n");
            assertEquals(417, client.replyToHead().status());
            assertEquals("", client.rest());
        }
    }

    @Test
    void answersAnOversizedHeadWhileTheClientIsStillSending() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (TestClient client = server.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
                for (int sent = 0; sent < 80; sent++) client.send("x".repeat(10_000));
                client.endOutput();
                assertEquals(431, client.reply().status());
                assertTrue(client.isAtEnd());
            }
        }
    }

    @Test
    void survivesNoise() throws IOException {
        long seed = Seed.next();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            byte[] noise = new byte[1 + random.nextInt(300)];
            random.nextBytes(noise);
            if (i % 2 == 0) {
                byte[] start = TestClient.bytes("POST / HTTP/1.1\r\nHost: a\r\n");
                System.arraycopy(start, 0, noise, 0, Math.min(start.length, noise.length));
            }
            try (TestClient client = server.connect()) {
                client.send(noise);
                client.endOutput();
                String answer = client.rest();
                boolean refused = answer.isEmpty() || answer.startsWith("HTTP/1.1 ");
                assertTrue(refused, () -> "seed " + seed + ": " + answer);
            }
        }
        try (TestClient client = server.connect()) {
            assertEquals("fine", client.get("/").text());
        }
    }

    @Test
    void closesOnAnEndWithinARequest() throws IOException {
        for (String part :
                new String[] {"", "G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r"}) {
            try (TestClient client = server.connect()) {
                client.send(part);
                client.endOutput();
                assertEquals("", client.rest());
            }
        }
    }
}
