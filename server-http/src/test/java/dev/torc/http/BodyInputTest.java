package dev.torc.http;

import static dev.torc.http.StreamedBodies.chunked;
import static dev.torc.http.StreamedBodies.head;
import static dev.torc.http.StreamedBodies.random;
import static dev.torc.http.StreamedBodies.withLength;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.io.InputStream;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Bodies read as an `InputStream` on a virtual thread.
@EveryNetwork
class BodyInputTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter Network network;

    private final Queue<IOException> failures = new ConcurrentLinkedQueue<>();
    private final CountDownLatch mayRead = new CountDownLatch(1);
    private TestServer server;

    @BeforeEach
    void start() {
        Router router =
                new Router()
                        .get("/", (_, response) -> response.send("root"))
                        .post("/echo", streamed(BodyInputTest::echo))
                        .post("/whole", Handlers.blocking(BodyInputTest::echo))
                        .post("/some", streamed(BodyInputTest::some))
                        .post("/none", streamed(BodyInputTest::none))
                        .post("/slow", streamed(this::slow))
                        .post("/heard", streamed(this::heard))
                        .post(
                                "/shard",
                                Handlers.streaming((request, _) -> request.inputStream().close()))
                        .onException(
                                IllegalStateException.class,
                                (failure, _, response) ->
                                        response.send(String.valueOf(failure.getMessage())));
        HttpLimits limits = HttpLimits.defaults().withBodyBytesMax(2_000_000);
        server = TestServer.start(network, limits, router);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Handler streamed(Handler handler) {
        return Handlers.streaming(Handlers.blocking(handler));
    }

    /// Reads in pieces of any size and sends all of it back.
    private static void echo(Request request, Response response) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Random random = new Random(7);
        try (InputStream in = request.inputStream()) {
            while (true) {
                byte[] piece = new byte[1 + random.nextInt(9000)];
                int offset = random.nextInt(piece.length);
                int count = in.read(piece, offset, piece.length - offset);
                if (count < 0) break;
                all.write(piece, offset, count);
                int one = random.nextInt(4) == 0 ? in.read() : -1;
                if (one >= 0) all.write(one);
            }
            if (in.read() >= 0) throw new AssertionError("there is more behind the end");
        }
        String trailer = request.trailers().value("X-Trailer");
        if (trailer != null) response.header("X-Trailer", trailer);
        response.send(all.toByteArray());
    }

    private static void some(Request request, Response response) throws IOException {
        String start;
        try (InputStream in = request.inputStream()) {
            start = TestClient.text(in.readNBytes(4));
        }
        response.send(start);
    }

    private static void none(Request request, Response response) throws IOException {
        request.inputStream().close();
        response.send("none");
    }

    private void slow(Request request, Response response) throws Exception {
        try (InputStream in = request.inputStream()) {
            int first = in.read();
            assertTrue(mayRead.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
            long bytes = first < 0 ? 0 : 1 + in.skip(Long.MAX_VALUE);
            while (in.read() >= 0) bytes++;
            response.send("" + bytes);
        }
    }

    private void heard(Request request, Response response) throws IOException {
        try (InputStream in = request.inputStream()) {
            in.readAllBytes();
            response.send("complete");
        } catch (IOException failure) {
            failures.add(failure);
            throw failure;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/whole"})
    void readsBodiesOfAnyLength(String path) throws IOException {
        long seed = Seed.next();
        Random random = new Random(seed);
        try (TestClient client = server.connect()) {
            for (int length : new int[] {0, 1, 4096, 131_071, 131_072, 131_073, 1_500_000}) {
                byte[] body = random(length);
                StreamedBodies.sendInPieces(client, withLength(path, body), random);
                assertArrayEquals(body, client.reply().body(), () -> "seed " + seed);
                byte[] chunked = chunked(path, body, 1 + random.nextInt(50_000));
                StreamedBodies.sendInPieces(client, chunked, random);
                Reply reply = client.reply();
                assertArrayEquals(body, reply.body(), () -> "seed " + seed);
                assertEquals("t", reply.header("X-Trailer"));
            }
        }
    }

    @Test
    void theReaderHoldsUpTheSender() throws IOException {
        int length = 64 << 20;
        try (TestClient client = server.connect()) {
            client.send(head("/slow") + "Content-Length: " + length + "\r\n\r\n");
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    byte[] piece = new byte[1 << 16];
                                    for (int i = 0; i < length; i += piece.length) {
                                        client.send(piece);
                                    }
                                } catch (IOException failure) {
                                    failures.add(failure);
                                }
                            });
            long[] receives = new long[1];
            Await.until(
                    "it receives no more",
                    () -> {
                        receives[0] = server.counters().receives();
                        for (int i = 0; i < 100; i++) server.counters();
                        return receives[0] > 1 && receives[0] == server.counters().receives();
                    });
            assertTrue(server.ask(shard -> shard.buffers().bytes()) < 8 << 20);
            mayRead.countDown();
            assertEquals("" + length, client.reply().text());
        }
    }

    @Test
    void closingEarlyDropsTheRest() throws IOException {
        try (TestClient client = server.connect()) {
            for (int length : new int[] {1, 2, 1000, 50_000}) {
                client.send(withLength("/some", TestClient.bytes("body".repeat(length))));
                client.send(GET);
                assertEquals("body", client.reply().text());
                assertEquals("root", client.reply().text());
            }
        }
    }

    @Test
    void closingEarlyEndsTheConnectionIfTheRestIsLong() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(head("/some") + "Content-Length: 10000000\r\n\r\nbody, and then");
            Reply reply = client.reply();
            assertEquals("body", reply.text());
            assertTrue(reply.closes());
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void whoNeverReadsDoesNotTellThePeerToGoOn() throws IOException {
        String expect = "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n";
        try (TestClient client = server.connect()) {
            client.send(head("/echo") + expect);
            assertEquals(100, client.reply().status());
            assertEquals("body", client.send("body").reply().text());
            Reply reply = client.send(head("/none") + expect).reply();
            assertEquals("none", reply.text());
            assertTrue(reply.closes());
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void theReaderHearsOfAPeerThatVanishes() throws IOException {
        for (int i = 1; i <= 20; i++) {
            try (TestClient client = server.connect()) {
                client.send(head("/heard") + "Content-Length: 200000\r\n\r\n");
                client.send(random(5000 * i));
                if (i % 2 == 0) client.reset();
            }
            int told = i;
            Await.until("the reader is told", () -> failures.size() == told);
        }
        server.awaitNothingHeld();
    }

    @Test
    void theReaderHearsOfAMalformedBody() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(head("/heard") + "Transfer-Encoding: chunked\r\n\r\n1\r\nxyz");
            assertEquals(400, client.reply().status());
            assertTrue(client.isAtEnd());
        }
        Await.until("the reader is told", () -> failures.size() == 1);
    }

    @Test
    void refusesToBlockTheShard() throws IOException {
        try (TestClient client = server.connect()) {
            String said = client.send(withLength("/shard", random(10))).reply().text();
            assertTrue(said.contains("blocks"), said);
        }
    }
}
