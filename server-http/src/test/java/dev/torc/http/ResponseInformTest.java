package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.BodyProducer.Progress;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Informational answers: before the real one, and never instead of it.
@EveryNetwork
class ResponseInformTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String LINK = "</style.css>; rel=preload; as=style";

    @Parameter Network network;

    private static void expectInterim(int status, List<String> fields, Reply reply) {
        assertEquals(status, reply.status());
        assertEquals(fields, reply.fields());
    }

    @Test
    void comesBeforeTheAnswerWithItsOwnFieldsOnly() throws IOException {
        Handler handler =
                (_, response) ->
                        response.header("X-Final", "1")
                                .inform(103, "Link", LINK, "Link", "</b>")
                                .inform(Status.PROCESSING)
                                .inform(199)
                                .send("body");
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            client.send(GET + GET);
            for (int i = 0; i < 2; i++) {
                Reply hints = client.reply();
                assertEquals("HTTP/1.1 103 Early Hints", hints.statusLine());
                expectInterim(103, List.of("Link: " + LINK, "Link: </b>"), hints);
                expectInterim(102, List.of(), client.reply());
                expectInterim(199, List.of(), client.reply());
                Reply reply = client.reply();
                assertEquals(200, reply.status());
                assertEquals("1", reply.header("X-Final"));
                assertFalse(reply.has("Link"));
                assertEquals("body", reply.text());
            }
        }
    }

    @Test
    void isOnItsWayBeforeTheAnswerIsKnown() throws IOException {
        CompletableFuture<Response> waiting = new CompletableFuture<>();
        Handler handler =
                (_, response) -> {
                    response.inform(103, "Link", LINK);
                    waiting.complete(response);
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            expectInterim(103, List.of("Link: " + LINK), client.send(GET).reply());
            Response response = waiting.orTimeout(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).join();
            response.inform(102);
            expectInterim(102, List.of(), client.reply());
            response.send("late");
            assertEquals("late", client.reply().text());
        }
    }

    @Test
    void comesFromABlockingHandlerAtOnce() throws IOException {
        CountDownLatch seen = new CountDownLatch(1);
        Handler handler =
                Handlers.blocking(
                        (_, response) -> {
                            response.inform(103, "Link", LINK);
                            assertTrue(seen.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
                            try (OutputStream out = response.outputStream()) {
                                out.write('x');
                            }
                        });
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            expectInterim(103, List.of("Link: " + LINK), client.send(GET).reply());
            seen.countDown();
            assertEquals("x", client.reply().text());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: keep-alive\r\n"})
    void isNotSentToHttp10(String field) throws IOException {
        Handler handler = (_, response) -> response.inform(103, "Link", LINK).send("old");
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            Reply reply = client.send("GET / HTTP/1.0\r\n" + field + "\r\n").reply();
            assertEquals(200, reply.status());
            assertEquals("old", reply.text());
        }
    }

    @Test
    void comesBeforeAnAnswerToHeadAsWell() throws IOException {
        Handler handler =
                (_, response) -> response.inform(103, "Link", LINK).stream(_ -> Progress.DONE);
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            expectInterim(103, List.of("Link: " + LINK), client.replyToHead());
            assertEquals(200, client.replyToHead().status());
        }
    }

    @Test
    void comesBeforeAFailureAsWell() throws IOException {
        Handler handler =
                (_, response) -> {
                    response.inform(103, "Link", LINK);
                    throw new StatusException(Status.CONFLICT, "no");
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            expectInterim(103, List.of("Link: " + LINK), client.send(GET).reply());
            assertEquals(409, client.reply().status());
        }
    }

    @Test
    void isNeverTheAnswerItself() throws IOException {
        Handler handler =
                (_, response) -> {
                    for (int code = 100; code < 200; code++) {
                        int informational = code;
                        assertThrows(
                                IllegalArgumentException.class,
                                () -> response.status(informational));
                    }
                    for (int code : new int[] {99, 100, 101, 200, 404}) {
                        assertThrows(IllegalArgumentException.class, () -> response.inform(code));
                    }
                    response.send("fine");
                    assertThrows(IllegalStateException.class, () -> response.inform(103));
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            assertEquals("fine", client.send(GET + GET).reply().text());
            assertEquals("fine", client.reply().text());
        }
    }

    @Test
    void isBounded() throws IOException {
        int each = "HTTP/1.1 102 Processing\r\n\r\n".length();
        int fit = (1 << 16) / each;
        AtomicInteger informed = new AtomicInteger();
        Handler handler =
                (_, response) -> {
                    for (int i = 0; i < 2 * fit; i++) {
                        response.inform(102);
                        informed.incrementAndGet();
                    }
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            for (int i = 1; i <= 2; i++) {
                assertEquals(500, client.send(GET).finalReply().status());
                assertEquals(i * fit, informed.get());
            }
        }
    }

    @Test
    void thatIsOvertakenByItsAnswerReachesNobodyElse() throws IOException {
        String first = "GET /first HTTP/1.1\r\nHost: a\r\n\r\n";
        String second = "GET /second HTTP/1.1\r\nHost: a\r\n\r\n";
        Handler handler =
                (request, response) -> {
                    if (request.rawPath().equals("/second")) {
                        Thread.ofPlatform().start(() -> response.send("second"));
                        return;
                    }
                    // its turn comes while the second request, in the same objects, waits
                    Thread other = Thread.ofPlatform().start(() -> response.inform(103));
                    other.join();
                    response.send("first");
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            for (int i = 0; i < 20; i++) {
                client.send(first + second);
                assertEquals("first", client.reply().text());
                assertEquals("second", client.reply().text());
            }
        }
    }
}
