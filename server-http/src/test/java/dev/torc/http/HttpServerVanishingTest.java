package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Seed;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Clients that go away at any moment: nothing may stay behind, and the others are served. That
/// every slot and buffer comes back is checked when the server is closed, too.
@EveryNetwork
class HttpServerVanishingTest {
    private static final byte[] BIG = new byte[3 << 20];

    @Parameter Network network;

    private final ConcurrentLinkedQueue<Response> waiting = new ConcurrentLinkedQueue<>();
    private TestServer server;

    @BeforeEach
    void start() {
        Router router =
                new Router()
                        .get("/", (_, response) -> response.send("root"))
                        .get("/big", (_, response) -> response.send(BIG))
                        .get(
                                "/stream",
                                (_, response) -> response.stream(HttpServerVanishingTest::endless))
                        .get("/later", (_, response) -> waiting.add(response))
                        .get("/written", Handlers.blocking(HttpServerVanishingTest::written))
                        .post("/echo", (request, response) -> response.send(request.body()));
        server = TestServer.start(network, router);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static BodyProducer.Progress endless(dev.torc.core.Slice buffer) {
        int bytes = Math.min(BIG.length, buffer.remaining());
        buffer.append(BIG, 0, bytes);
        return BodyProducer.Progress.MORE;
    }

    private static void written(Request request, Response response) {
        try (var out = response.outputStream()) {
            out.write(BIG);
        } catch (IOException gone) {
            // what this test is about
        }
    }

    private void end(TestClient client, boolean abruptly) throws IOException {
        if (abruptly) {
            client.reset();
        } else {
            client.close();
        }
    }

    private void assertServes() throws IOException {
        server.awaitNothingHeld();
        try (TestClient client = server.connect()) {
            assertEquals("root", client.get("/").text());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void atEveryByteOfARequest(boolean abruptly) throws IOException {
        String start = "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n";
        String withLength = start + "Content-Length: 12\r\n\r\nhello, body!";
        String chunks = "5\r\nhello\r\n7;x=y\r\n, body!\r\n0\r\nT: t\r\n\r\n";
        String chunked = start + "Transfer-Encoding: chunked\r\n\r\n" + chunks;
        for (String request : new String[] {withLength, chunked}) {
            byte[] bytes = TestClient.bytes(request);
            for (int cut = 0; cut <= bytes.length; cut++) {
                try (TestClient client = server.connect()) {
                    client.send(bytes, 0, cut);
                    end(client, abruptly);
                }
            }
        }
        assertServes();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void atEveryByteAfterTheServerHasReadIt(boolean abruptly) throws IOException {
        byte[] bytes =
                TestClient.bytes("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
        for (int cut = 1; cut <= bytes.length; cut++) {
            try (TestClient client = server.connect()) {
                long receives = server.counters().receives();
                client.send(bytes, 0, cut);
                Await.until("it is read", () -> receives < server.counters().receives());
                end(client, abruptly);
            }
        }
        assertServes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/big", "/stream", "/written"})
    void atManyPointsOfAResponse(String path) throws IOException {
        long seed = Seed.next();
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            try (TestClient client = i % 2 == 0 ? server.connect() : server.connectNarrow()) {
                String get = "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
                client.send(i % 3 == 0 ? get.repeat(5) : get);
                int bytes = random.nextInt(i % 2 == 0 ? 400_000 : 5000);
                assertEquals(bytes, client.read(bytes).length, () -> "seed " + seed);
                end(client, random.nextBoolean());
            }
        }
        assertServes();
    }

    @Test
    void whileTheAnswerIsBeingMade() throws IOException {
        for (int i = 0; i < 50; i++) {
            try (TestClient client = server.connect()) {
                client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3));
                int answers = i + 1;
                Await.until("it is handled", () -> waiting.size() == answers);
                client.reset();
            }
        }
        // No answer has been given; the reset alone frees everything.
        server.awaitNothingHeld();
        waiting.forEach(response -> response.send("nobody reads this"));
        assertServes();
    }

    @Test
    void withTheirOutputEndedWhileTheAnswerIsBeingMade() throws IOException {
        try (TestClient client = server.connect()) {
            client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
            Await.until("it is handled", () -> waiting.size() == 1);
            client.endOutput();
        }
        Await.until(
                "the end is seen and the answer still due",
                () -> server.counters().open() == 1 && waiting.size() == 1);
        waiting.forEach(response -> response.send("nobody reads this"));
        assertServes();
    }

    @Test
    void fromTheMiddleOfAPipelineThatIsBlocked() throws IOException {
        byte[] requests = TestClient.bytes("GET /big HTTP/1.1\r\nHost: a\r\n\r\n".repeat(500));
        for (int i = 0; i < 10; i++) {
            try (TestClient client = server.connectNarrow()) {
                client.send(requests);
                assertEquals(1000, client.read(1000).length);
                end(client, i % 2 == 0);
            }
        }
        assertServes();
    }

    @Test
    void whileBeingRefused() throws IOException {
        for (int i = 0; i < 50; i++) {
            try (TestClient client = server.connect()) {
                client.send("bad\r\n\r\n" + "x".repeat(i * 1000));
                end(client, i % 2 == 0);
            }
        }
        assertServes();
        assertTrue(server.counters().accepted() > 50);
    }
}
