package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Limits;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.http.h1.Http1Connections;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.ManualTime;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// Timeouts, in a time that the tests move.
@EveryNetwork
class HttpTimeoutsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration MEDIUM = Duration.ofMillis(600);
    private static final Duration ALMOST = MEDIUM.minusMillis(1);
    private static final HttpTimeouts NONE = new HttpTimeouts(LONG, LONG, LONG, LONG, LONG, LONG);
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter Network network;

    private ManualTime time;

    @BeforeEach
    void takeTime() {
        time = new ManualTime(network);
    }

    private TestServer serve(HttpTimeouts timeouts, Handler handler) {
        return serve(HttpLimits.defaults(), timeouts, handler);
    }

    private TestServer serve(HttpLimits limits, HttpTimeouts timeouts, Handler handler) {
        return TestServer.start(time, limits.withTimeouts(timeouts), handler);
    }

    private static void echo(Request request, Response response) {
        response.send(request.body());
    }

    @Test
    void closesAnIdleConnectionWithoutAWord() throws IOException {
        try (TestServer server = serve(NONE.withIdle(SHORT), HttpTimeoutsTest::echo);
                TestClient fresh = server.connect();
                TestClient used = server.connect()) {
            assertEquals(200, used.send(GET).reply().status());
            server.awaitOpen(2);
            server.advance(time, MEDIUM);
            assertTrue(fresh.isAtEnd());
            assertTrue(used.isAtEnd());
        }
    }

    @Test
    void doesNotCloseAConnectionThatIsUsed() throws IOException {
        try (TestServer server = serve(NONE.withIdle(MEDIUM), HttpTimeoutsTest::echo);
                TestClient client = server.connect()) {
            for (int i = 0; i < 20; i++) {
                assertEquals(200, client.send(GET).reply().status());
                server.advance(time, ALMOST);
            }
            assertEquals(1, server.counters().open());
        }
    }

    @Test
    void aHandlerThatTakesLongIsNotIdle() throws Exception {
        Gate gate = new Gate();
        Handler handler =
                Handlers.blocking(
                        (_, response) -> {
                            gate.pass();
                            response.send("late");
                        });
        HttpTimeouts all = new HttpTimeouts(SHORT, SHORT, SHORT, LONG, SHORT, SHORT);
        try (TestServer server = serve(all, handler);
                TestClient client = server.connect()) {
            client.send(GET);
            gate.await();
            server.advance(time, MEDIUM);
            gate.open();
            assertEquals("late", client.reply().text());
        }
    }

    @Test
    void answers408ToAHeadThatDoesNotEnd() throws IOException {
        try (TestServer server = serve(NONE.withHead(SHORT), HttpTimeoutsTest::echo);
                TestClient client = server.connect()) {
            server.deliver(client, "GET / HTTP/1.1\r\nHost");
            server.advance(time, MEDIUM);
            Reply reply = client.reply();
            assertEquals(408, reply.status());
            assertTrue(reply.closes());
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void drippingBytesDoesNotExtendTheTimeOfAHead() throws IOException {
        try (TestServer server = serve(NONE.withHead(MEDIUM), HttpTimeoutsTest::echo);
                TestClient client = server.connect()) {
            server.deliver(client, "GET / HTTP/1.1\r\nX: ");
            for (int i = 0; i < 2; i++) {
                server.advance(time, MEDIUM.dividedBy(3));
                server.deliver(client, "x");
            }
            server.advance(time, MEDIUM.dividedBy(2));
            assertEquals(408, client.reply().status());
        }
    }

    @Test
    void answers408ToABodyThatStops() throws IOException {
        try (TestServer server = serve(NONE.withBody(SHORT), HttpTimeoutsTest::echo);
                TestClient client = server.connect()) {
            server.deliver(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
            server.advance(time, MEDIUM);
            assertEquals(408, client.reply().status());
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void aBodyThatKeepsComingMayTakeLonger() throws IOException {
        HttpLimits limits = HttpLimits.defaults().withBodyBytesPerSecondMin(3);
        try (TestServer server = serve(limits, NONE.withBody(MEDIUM), HttpTimeoutsTest::echo);
                TestClient client = server.connect()) {
            server.deliver(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n");
            for (int i = 0; i < 20; i++) {
                server.advance(time, MEDIUM.dividedBy(4));
                server.deliver(client, "x");
            }
            assertEquals("x".repeat(20), client.reply().text());
        }
    }

    @Test
    void theTimeOfABodyStartsWithTheEndOfItsHead() throws IOException {
        HttpTimeouts timeouts = NONE.withBody(MEDIUM);
        try (TestServer server = serve(timeouts, HttpTimeoutsTest::echo);
                TestClient client = server.connect()) {
            server.deliver(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Le");
            server.advance(time, MEDIUM);
            server.deliver(client, "ngth: 4\r\n\r\n");
            server.advance(time, ALMOST);
            assertEquals("body", client.send("body").reply().text());
        }
    }

    /// Whether the handler has not begun to answer, or has nothing more to send.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void abortsWhenTheHandlerHasNoAnswerForAClientThatEnded(boolean begun) throws Exception {
        CompletableFuture<Response> unanswered = new CompletableFuture<>();
        Handler handler =
                (_, response) -> {
                    if (begun) response.stream(_ -> BodyProducer.Progress.LATER);
                    unanswered.complete(response);
                };
        HttpLimits limits = HttpLimits.defaults().withTimeouts(NONE.withAnswer(SHORT));
        Queue<CloseReason> ends = new ConcurrentLinkedQueue<>();
        ConnectionHandler.PerShard noting =
                shard -> {
                    Http1Connections http = new Http1Connections(shard, limits, handler);
                    return connection -> new NotedEnd(http.open(connection), ends);
                };
        try (TestServer server = TestServer.start(time, Limits.defaults(), noting);
                TestClient client = server.connect()) {
            client.send(GET);
            Response response = unanswered.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            server.advance(time, MEDIUM);
            assertEquals(1, server.counters().open(), "one that has not ended may wait");
            client.endOutput();
            advanceUntilNothingIsHeld(server);
            assertEquals(List.of(CloseReason.TIMEOUT), List.copyOf(ends));
            String received = client.restOrReset();
            assertEquals(begun, received.startsWith("HTTP/1.1 200 "), received);
            assertFalse(received.endsWith("0\r\n\r\n"), received);
            if (!begun) response.send("nobody reads this");
        }
    }

    /// Less than a timeout at a time: it may begin whenever the server gets to know of something.
    private void advanceUntilNothingIsHeld(TestServer server) {
        Await.until(
                "every slot and buffer is back",
                () -> {
                    server.advance(time, SHORT.dividedBy(2));
                    return server.holdsNothing();
                });
    }

    @Test
    void aClientThatEndedIsAnsweredWithinTheTime() throws Exception {
        Gate gate = new Gate();
        Handler handler =
                Handlers.blocking(
                        (_, response) -> {
                            gate.pass();
                            response.send("late");
                        });
        try (TestServer server = serve(NONE.withAnswer(MEDIUM), handler);
                TestClient client = server.connect()) {
            client.send(GET + GET + GET + GET);
            client.endOutput();
            // Each answer has the time to itself.
            for (int i = 0; i < 4; i++) {
                gate.await();
                server.advance(time, ALMOST);
                gate.open();
                assertEquals("late", client.reply().text());
            }
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void anAnswerThatKeepsComingMayTakeLonger() throws Exception {
        Gate gate = new Gate();
        Handler handler =
                Handlers.blocking(
                        (_, response) -> {
                            var out = response.outputStream();
                            for (int i = 0; i < 20; i++) {
                                gate.pass();
                                out.write('x');
                                out.flush();
                            }
                        });
        try (TestServer server = serve(NONE.withAnswer(MEDIUM), handler);
                TestClient client = server.connect()) {
            client.send(GET);
            client.endOutput();
            for (int i = 0; i < 20; i++) {
                gate.await();
                server.advance(time, ALMOST);
                gate.open();
            }
            assertEquals("x".repeat(20), client.reply().text());
        }
    }

    @Test
    void abortsWhenTheClientTakesNothing() throws IOException {
        byte[] huge = new byte[16 << 20];
        try (TestServer server =
                        serve(NONE.withWrite(SHORT), (_, response) -> response.send(huge));
                TestClient client = server.connectNarrow()) {
            server.deliver(client, GET);
            advanceUntilNothingIsHeld(server);
            assertTrue(client.restOrReset().length() < huge.length);
        }
    }

    @Test
    void aClientThatReadsSlowlyIsNeitherStuckNorIdle() throws IOException {
        byte[] body = new byte[24 << 20];
        HttpTimeouts timeouts = NONE.withWrite(MEDIUM).withIdle(SHORT);
        // One slice at a time is queued, so that what is queued is always the same.
        Limits limits = Limits.defaults().withSendQueueBytesMax(1);
        Handler handler =
                (request, response) -> {
                    if (request.rawPath().equals("/small")) {
                        response.send("small");
                    } else {
                        response.contentLength(body.length).stream(pieces(body.length));
                    }
                };
        HttpLimits http = HttpLimits.defaults().withTimeouts(timeouts);
        try (TestServer server = TestServer.start(time, limits, http, handler);
                TestClient client = server.connect()) {
            client.send(GET).send("GET /small HTTP/1.1\r\nHost: a\r\n\r\n");
            String head = "";
            while (!head.endsWith("\r\n\r\n")) head += TestClient.text(client.read(1));
            int step = body.length / 60;
            for (int read = 0; read < body.length; ) {
                server.advance(time, Duration.ofMillis(20));
                byte[] part = client.read(Math.min(step, body.length - read));
                assertArrayEquals(new byte[part.length], part);
                assertTrue(part.length > 0, "ended at " + read);
                read += part.length;
            }
            assertEquals("small", client.reply().text());
        }
    }

    @Test
    void aClientThatStillReadsTheLastAnswerIsNotIdle() throws IOException {
        byte[] body = new byte[16 << 20];
        try (TestServer server =
                        serve(NONE.withIdle(MEDIUM), (_, response) -> response.send(body));
                TestClient client = server.connect()) {
            client.send(GET);
            String head = "";
            while (!head.endsWith("\r\n\r\n")) head += TestClient.text(client.read(1));
            int step = body.length / 64;
            for (int read = 0; read < body.length; read += step) {
                server.advance(time, Duration.ofMillis(25));
                client.skip(step);
            }
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, client.replyToHead().status());
        }
    }

    private static BodyProducer pieces(int total) {
        int[] left = {total};
        return buffer -> {
            int bytes = Math.min(left[0], buffer.remaining());
            buffer.append(new byte[bytes], 0, bytes);
            left[0] -= bytes;
            return left[0] == 0 ? BodyProducer.Progress.DONE : BodyProducer.Progress.MORE;
        };
    }

    @Test
    void looksAtAQuarterOfTheShortest() {
        HttpTimeouts timeouts = NONE.withBody(Duration.ofMillis(100));
        assertEquals(Duration.ofMillis(25), timeouts.checkInterval());
    }

    @Test
    void refusesATimeThatMakesNoSense() {
        for (Duration wrong :
                new Duration[] {Duration.ZERO, Duration.ofMillis(-1), Duration.ofDays(2)}) {
            assertThrows(IllegalArgumentException.class, () -> NONE.withIdle(wrong));
            assertThrows(IllegalArgumentException.class, () -> NONE.withHead(wrong));
            assertThrows(IllegalArgumentException.class, () -> NONE.withBody(wrong));
            assertThrows(IllegalArgumentException.class, () -> NONE.withHandler(wrong));
            assertThrows(IllegalArgumentException.class, () -> NONE.withAnswer(wrong));
            assertThrows(IllegalArgumentException.class, () -> NONE.withWrite(wrong));
        }
    }
}
