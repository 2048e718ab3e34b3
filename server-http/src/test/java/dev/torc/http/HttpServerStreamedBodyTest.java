package dev.torc.http;

import static dev.torc.http.StreamedBodies.chunked;
import static dev.torc.http.StreamedBodies.head;
import static dev.torc.http.StreamedBodies.random;
import static dev.torc.http.StreamedBodies.sendInPieces;
import static dev.torc.http.StreamedBodies.withLength;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.StreamedBodies.Pending;
import dev.torc.testkit.Await;
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
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Request bodies that are handed over as they arrive.
@EveryNetwork
class HttpServerStreamedBodyTest {
    private static final int WHOLE_BYTES_MAX = 100_000;
    private static final int STREAMED_BYTES_MAX = 32 << 20;
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter Network network;

    private final StreamedBodies bodies = new StreamedBodies();
    private TestServer server;

    @BeforeEach
    void start() {
        HttpLimits limits =
                HttpLimits.defaults()
                        .withBodyBytesMax(WHOLE_BYTES_MAX)
                        .withStreamedBodyBytesMax(STREAMED_BYTES_MAX);
        server = TestServer.start(network, limits, bodies.router());
    }

    @AfterEach
    void stop() {
        server.close();
        assertEquals(List.of(), List.copyOf(bodies.broken));
    }

    private Pending awaitPending() {
        Await.until("it is handled", () -> !bodies.pending.isEmpty());
        return bodies.pending.remove();
    }

    private void sendAside(TestClient client, byte[] bytes) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                client.send(bytes);
                            } catch (IOException failure) {
                                throw new UncheckedIOException(failure);
                            }
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/pausing", "/whole"})
    void handsOverBodiesOfAnyLengthInAnyPieces(String path) throws IOException {
        long seed = Seed.next();
        Random random = new Random(seed);
        int[] lengths = {0, 1, 100, 4095, 4096, 4097, 65_537, 99_999};
        try (TestClient client = server.connect()) {
            for (int length : lengths) {
                byte[] body = random(length);
                sendInPieces(client, withLength(path, body), random);
                assertArrayEquals(body, client.reply().body(), () -> "seed " + seed);
                sendInPieces(client, chunked(path, body, 1 + random.nextInt(9999)), random);
                Reply reply = client.reply();
                assertArrayEquals(body, reply.body(), () -> "seed " + seed);
                assertEquals("t", reply.header("X-Trailer"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/pausing", "/whole"})
    void handsOverABodySplitAtEveryByte(String path) throws IOException {
        byte[] body = TestClient.bytes("hello, body");
        try (TestClient client = server.connect()) {
            for (byte[] request : new byte[][] {withLength(path, body), chunked(path, body, 4)}) {
                for (int cut = 1; cut < request.length; cut++) {
                    long receives = server.counters().receives();
                    client.send(request, 0, cut);
                    Await.until("it is read", () -> receives < server.counters().receives());
                    client.send(request, cut, request.length).send(GET);
                    assertEquals("hello, body", client.reply().text(), "cut at " + cut);
                    assertEquals("root", client.reply().text(), "cut at " + cut);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/pausing"})
    void handsOverPipelinedBodiesOneAfterAnother(String path) throws IOException {
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        for (int i = 0; i < 200; i++) {
            byte[] body = random(i * 37);
            requests.writeBytes(i % 2 == 0 ? withLength(path, body) : chunked(path, body, 1000));
            requests.writeBytes(TestClient.bytes(GET));
        }
        try (TestClient client = server.connect()) {
            sendAside(client, requests.toByteArray());
            for (int i = 0; i < 200; i++) {
                assertArrayEquals(random(i * 37), client.reply().body(), "request " + i);
                assertEquals("root", client.reply().text(), "behind request " + i);
            }
        }
    }

    @Test
    void handsOverABodyOfAnHttp10Request() throws IOException {
        try (TestClient client = server.connect()) {
            client.send("POST /echo HTTP/1.0\r\nContent-Length: 4\r\n\r\nbody");
            assertEquals("body", client.reply().text());
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void takesMoreThanAWholeBodyMayHave() throws IOException {
        byte[] body = random(3 << 20);
        try (TestClient client = server.connect()) {
            sendAside(client, withLength("/echo", body));
            assertArrayEquals(body, client.reply().body());
            sendAside(client, chunked("/pausing", body, 70_000));
            assertArrayEquals(body, client.reply().body());
        }
    }

    @Test
    void receivesNothingWhileItIsPaused() throws IOException {
        byte[] body = random(16 << 20);
        try (TestClient client = server.connect()) {
            client.send(head("/later") + "Content-Length: " + body.length + "\r\n\r\n");
            Pending one = awaitPending();
            one.request().receive(bodies.echo(one));
            one.request().pauseReceive();
            sendAside(client, body);
            long[] receives = new long[1];
            Await.until(
                    "it receives no more",
                    () -> {
                        receives[0] = server.counters().receives();
                        for (int i = 0; i < 100; i++) server.counters();
                        return receives[0] == server.counters().receives();
                    });
            assertTrue(server.ask(shard -> shard.buffers().bytes()) < 8 << 20);
            one.request().resumeReceive();
            assertArrayEquals(body, client.reply().body());
        }
    }

    @Test
    void keepsLittleOfABodyThatNobodyHasAskedFor() throws IOException {
        byte[] body = random(16 << 20);
        try (TestClient client = server.connect()) {
            sendAside(client, withLength("/later", body));
            Pending one = awaitPending();
            assertTrue(server.ask(shard -> shard.buffers().bytes()) < 8 << 20);
            one.request().receive(bodies.echo(one));
            assertArrayEquals(body, client.reply().body());
        }
    }

    @Test
    void mayBeAskedForLaterAlsoWhereItIsEmpty() throws IOException {
        try (TestClient client = server.connect()) {
            for (int length : new int[] {0, 10}) {
                client.send(withLength("/later", random(length)));
                Pending one = awaitPending();
                one.request().receive(bodies.echo(one));
                assertArrayEquals(random(length), client.reply().body());
            }
        }
    }

    @Test
    void isAskedForOnce() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(withLength("/later", random(10)));
            Pending one = awaitPending();
            one.request().receive(bodies.echo(one));
            BodyConsumer second = bodies.echo(one);
            assertThrows(IllegalStateException.class, () -> one.request().receive(second));
            assertArrayEquals(random(10), client.reply().body());
        }
    }

    @Test
    void isNotThereAsAWhole() throws Exception {
        CompletableFuture<String> refusal = new CompletableFuture<>();
        Handler handler =
                Handlers.streaming(
                        (request, response) -> {
                            try {
                                request.body();
                            } catch (IllegalStateException refused) {
                                refusal.complete(String.valueOf(refused.getMessage()));
                            }
                            response.send("fine");
                        });
        try (TestServer other = TestServer.start(network, handler);
                TestClient client = other.connect()) {
            assertEquals("fine", client.send(withLength("/", random(10))).reply().text());
            String said = refusal.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue(said.contains("receive("), said);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"33554433", "9223372036854775807"})
    void refusesAnAnnouncedBodyOverItsOwnLimit(String length) throws IOException {
        try (TestClient client = server.connect()) {
            client.send(head("/echo") + "Content-Length: " + length + "\r\n\r\n");
            assertEquals(413, client.reply().status());
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void refusesAChunkOverItsOwnLimitAndTellsTheConsumer() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(head("/echo") + "Transfer-Encoding: chunked\r\n\r\n");
            client.send("1\r\nx\r\n2000000\r\n");
            assertEquals(413, client.reply().status());
            assertTrue(client.isAtEnd());
        }
        Await.until("the consumer is told", () -> bodies.failures.size() == 1);
    }

    @Test
    void refusesAMalformedChunkAndTellsTheConsumer() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(head("/echo") + "Transfer-Encoding: chunked\r\n\r\n");
            client.send("1\r\nx\r\nxyz\r\n");
            assertEquals(400, client.reply().status());
            assertTrue(client.isAtEnd());
        }
        Await.until("the consumer is told", () -> bodies.failures.size() == 1);
    }

    @Test
    void answersWhatAConsumerThrowsAndGoesOn() throws IOException {
        try (TestClient client = server.connect()) {
            for (int i = 0; i < 20; i++) {
                client.send(withLength("/failing", random(5000 * i + 1)));
                client.send(GET);
                assertEquals(409, client.reply().status());
                assertEquals("root", client.reply().text());
            }
        }
    }

    @Test
    void tellsTheConsumerOfAPeerThatVanishes() throws IOException {
        byte[] request = chunked("/echo", random(50), 20);
        String text = TestClient.text(request);
        int bodyStart = text.indexOf("\r\n\r\n") + 4;
        int told = 0;
        for (int cut = bodyStart; cut < request.length; cut++) {
            try (TestClient client = server.connect()) {
                long receives = server.counters().receives();
                client.send(request, 0, cut);
                Await.until("it is read", () -> receives < server.counters().receives());
                if (cut % 2 == 0) client.reset();
            }
            int expected = ++told;
            Await.until("the consumer is told", () -> bodies.failures.size() == expected);
        }
        server.awaitNothingHeld();
    }

    @Test
    void tellsTheConsumerOfAPeerThatEndsItsOutput() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(head("/pausing") + "Content-Length: 10\r\n\r\n12345").endOutput();
            assertEquals("", client.rest());
        }
        Await.until("the consumer is told", () -> bodies.failures.size() == 1);
    }

    @Test
    void endsABodyThatStandsStill() throws IOException {
        Duration timeout = Duration.ofMillis(100);
        HttpLimits limits =
                HttpLimits.defaults().withTimeouts(HttpTimeouts.defaults().withBody(timeout));
        try (TestServer other = TestServer.start(network, limits, bodies.router());
                TestClient client = other.connect()) {
            client.send(head("/echo") + "Content-Length: 10\r\n\r\n12345");
            assertEquals(408, client.reply().status());
            assertTrue(client.isAtEnd());
            Await.until("the consumer is told", () -> bodies.failures.size() == 1);
        }
    }
}
