package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

@EveryNetwork
class HttpServerBodyTest {
    private static final int BODY_BYTES_MAX = 100_000;
    private static final String START = "POST / HTTP/1.1\r\nHost: a\r\n";

    @Parameter Network network;

    private final AtomicInteger handled = new AtomicInteger();
    private TestServer server;

    @BeforeEach
    void start() {
        server =
                TestServer.start(
                        network,
                        HttpLimits.defaults().withBodyBytesMax(BODY_BYTES_MAX),
                        (request, response) -> {
                            handled.incrementAndGet();
                            response.send(request.body());
                        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static byte[] random(int bytes) {
        byte[] body = new byte[bytes];
        new Random(bytes).nextBytes(body);
        return body;
    }

    private static byte[] withLength(byte[] body) {
        return join(TestClient.bytes(START + "Content-Length: " + body.length + "\r\n\r\n"), body);
    }

    /// In chunks of `size` bytes, with an extension on each and a trailer.
    private static byte[] chunked(byte[] body, int size) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(TestClient.bytes(START + "Transfer-Encoding: chunked\r\n\r\n"));
        for (int i = 0; i < body.length; i += size) {
            int bytes = Math.min(size, body.length - i);
            out.writeBytes(TestClient.bytes(Integer.toHexString(bytes) + ";a=b\r\n"));
            out.write(body, i, bytes);
            out.writeBytes(TestClient.bytes("\r\n"));
        }
        out.writeBytes(TestClient.bytes("0\r\nX-Trailer: t\r\n\r\n"));
        return out.toByteArray();
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 4095, 4096, 4097, 16_384, 65_537, BODY_BYTES_MAX})
    void readsABodyOfAnyLengthUpToTheLimit(int bytes) throws IOException {
        byte[] body = random(bytes);
        try (TestClient client = server.connect()) {
            assertArrayEquals(body, client.send(withLength(body)).reply().body());
            // few chunks, or their extensions exceed a limit of their own
            assertArrayEquals(body, client.send(chunked(body, 3000)).reply().body());
        }
    }

    @Test
    void readsABodySplitAtEveryByte() throws IOException {
        byte[] body = TestClient.bytes("hello, body");
        try (TestClient client = server.connect()) {
            for (byte[] request : new byte[][] {withLength(body), chunked(body, 4)}) {
                for (int cut = 1; cut < request.length; cut++) {
                    long receives = server.counters().receives();
                    client.send(request, 0, cut);
                    Await.until("it is read", () -> receives < server.counters().receives());
                    client.send(request, cut, request.length);
                    assertEquals("hello, body", client.reply().text(), "cut at " + cut);
                }
            }
        }
    }

    @Test
    void readsABodyByteByByte() throws IOException {
        byte[] body = TestClient.bytes("drip, drip");
        try (TestClient client = server.connect()) {
            client.drip(TestClient.text(chunked(body, 3)) + TestClient.text(withLength(body)));
            assertEquals("drip, drip", client.reply().text());
            assertEquals("drip, drip", client.reply().text());
        }
    }

    @Test
    void readsPipelinedBodiesOneAfterAnother() throws IOException {
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        for (int i = 0; i < 200; i++) {
            byte[] body = random(i * 37);
            requests.writeBytes(i % 2 == 0 ? withLength(body) : chunked(body, 1000));
        }
        try (TestClient client = server.connect()) {
            Thread sender =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            client.send(requests.toByteArray());
                                        } catch (IOException failure) {
                                            throw new java.io.UncheckedIOException(failure);
                                        }
                                    });
            for (int i = 0; i < 200; i++) {
                assertArrayEquals(random(i * 37), client.reply().body(), "request " + i);
            }
            assertTrue(join(sender));
        }
    }

    private static boolean join(Thread thread) {
        try {
            return thread.join(java.time.Duration.ofSeconds(Await.PATIENCE_SECONDS));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void asksForABodyThatIsNotThereYet() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(START + "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertEquals("HTTP/1.1 100 Continue", client.reply().statusLine());
            assertEquals("body", client.send("body").reply().text());
            client.send(START + "Expect: 100-CONTINUE\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertEquals(100, client.reply().status());
            assertEquals("body", client.send("4\r\nbody\r\n0\r\n\r\n").reply().text());
        }
    }

    @Test
    void doesNotAskForABodyThatIsThere() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(START + "Expect: 100-continue\r\nContent-Length: 4\r\n\r\nbody");
            assertEquals(200, client.reply().status());
            client.send(START + "Expect: 100-continue\r\nContent-Length: 0\r\n\r\n");
            assertEquals(200, client.reply().status());
        }
    }

    @Test
    void doesNotAskAnHttp10ClientForABody() throws IOException {
        try (TestClient client = server.connect()) {
            long receives = server.counters().receives();
            client.send("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            Await.until("the head is read", () -> receives < server.counters().receives());
            assertEquals(200, client.send("body").reply().status());
        }
    }

    @Test
    void refusesABodyOverTheLimitBeforeAskingForIt() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(START + "Expect: 100-continue\r\nContent-Length: 100001\r\n\r\n");
            Reply reply = client.reply();
            assertEquals(413, reply.status());
            assertTrue(reply.closes());
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void refusesAnUnknownExpectation() throws IOException {
        int before = handled.get();
        try (TestClient client = server.connect()) {
            client.send(START + "Expect: 200-ok\r\nContent-Length: 4\r\n\r\n");
            assertEquals(417, client.reply().status());
            assertTrue(client.isAtEnd());
        }
        assertEquals(before, handled.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"100001", "999999999999", "9223372036854775807"})
    void refusesAnAnnouncedBodyOverTheLimit(String length) throws IOException {
        int before = handled.get();
        try (TestClient client = server.connect()) {
            client.send(START + "Content-Length: " + length + "\r\n\r\n");
            assertEquals(413, client.reply().status());
            assertTrue(client.isAtEnd());
        }
        assertEquals(before, handled.get());
    }

    @Test
    void refusesAChunkedBodyAtTheChunkThatExceedsTheLimit() throws IOException {
        int before = handled.get();
        try (TestClient client = server.connect()) {
            client.send(START + "Transfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 10; i++) client.send("2710\r\n" + "x".repeat(10_000) + "\r\n");
            server.awaitOpen(1);
            client.send("1\r\n");
            Reply reply = client.reply();
            assertEquals(413, reply.status());
            assertTrue(reply.closes());
            assertTrue(client.isAtEnd());
        }
        assertEquals(before, handled.get());
    }

    @Test
    void answersWhileTheClientIsStillSending() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (TestClient client = server.connect()) {
                client.send(START + "Content-Length: 800000\r\n\r\n");
                for (int sent = 0; sent < 80; sent++) client.send(new byte[10_000]);
                client.endOutput();
                assertEquals(413, client.reply().status());
                assertTrue(client.isAtEnd());
            }
        }
    }

    @Test
    void sendsBackALargeBodyToAClientThatReadsLate() throws IOException {
        byte[] body = random(BODY_BYTES_MAX);
        try (TestClient client = server.connectNarrow()) {
            for (int i = 0; i < 20; i++) client.send(withLength(body));
            for (int i = 0; i < 20; i++) assertArrayEquals(body, client.reply().body());
        }
    }
}
