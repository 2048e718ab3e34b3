package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Slice;
import dev.torc.http.h1.Http1Connections;
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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;

/// Bodies that come too slowly, and handlers that answer too late.
@EveryNetwork
class HttpServerSlownessTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration MEDIUM = Duration.ofMillis(600);
    private static final HttpTimeouts NONE = new HttpTimeouts(LONG, LONG, LONG, LONG, LONG, LONG);
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter Network network;

    private TestServer serve(HttpTimeouts timeouts, Handler handler) {
        return serve(HttpLimits.defaults(), timeouts, handler);
    }

    private TestServer serve(HttpLimits limits, HttpTimeouts timeouts, Handler handler) {
        return TestServer.start(network, limits.withTimeouts(timeouts), handler);
    }

    private static void echo(Request request, Response response) {
        response.send(request.body());
    }

    private static final class Ignoring implements BodyConsumer {
        @Override
        public void onPiece(Slice piece) {}

        @Override
        public void onEnd() {}
    }

    /// Pauses with each piece, and counts them.
    private static final class Pausing implements BodyConsumer {
        private final Request request;
        private final Response response;
        private final CompletableFuture<Request> paused;
        private int bytes;

        Pausing(Request request, Response response, CompletableFuture<Request> paused) {
            this.request = request;
            this.response = response;
            this.paused = paused;
        }

        @Override
        public void onPiece(Slice piece) {
            bytes += piece.length();
            if (paused.isDone()) return;
            request.pauseReceive();
            paused.complete(request);
        }

        @Override
        public void onEnd() {
            response.send(Integer.toString(bytes));
        }
    }

    /// Lets some of a timeout pass, by the clock that matters.
    private static void pass(Duration time) throws InterruptedException {
        boolean never = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
        assertEquals(false, never);
    }

    /// Sends a byte now and then, until that fails.
    private static Thread drip(TestClient client, Duration interval) {
        Runnable drips =
                () ->
                        assertThrows(
                                IOException.class,
                                () -> {
                                    while (true) {
                                        client.send("x");
                                        pass(interval);
                                    }
                                });
        return Thread.ofVirtual().start(drips);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answers408ToABodyThatDrips(boolean streamed) throws Exception {
        HttpLimits limits = HttpLimits.defaults().withBodyBytesPerSecondMin(1000);
        Handler handler =
                streamed
                        ? Handlers.streaming((request, _) -> request.receive(new Ignoring()))
                        : HttpServerSlownessTest::echo;
        try (TestServer server = serve(limits, NONE.withBody(MEDIUM), handler);
                TestClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
            Thread dripper = drip(client, Duration.ofMillis(10));
            assertEquals(408, client.reply().status());
            client.close();
            assertTrue(dripper.join(Duration.ofSeconds(Await.PATIENCE_SECONDS)));
        }
    }

    @Test
    void aBodyThatTheHandlerHoldsBackIsNotTooSlow() throws Exception {
        HttpLimits limits = HttpLimits.defaults().withBodyBytesPerSecondMin(1000);
        CompletableFuture<Request> paused = new CompletableFuture<>();
        Handler handler =
                Handlers.streaming(
                        (request, response) ->
                                request.receive(new Pausing(request, response, paused)));
        try (TestServer server = serve(limits, NONE.withBody(SHORT), handler);
                TestClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\n").send("half");
            Request request = paused.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            pass(MEDIUM);
            request.resumeReceive();
            client.send("rest");
            assertEquals("8", client.reply().text());
        }
    }

    @Test
    void answers503ForAHandlerThatTakesTooLong() throws Exception {
        CompletableFuture<Response> unanswered = new CompletableFuture<>();
        Handler handler = (_, response) -> unanswered.complete(response);
        try (TestServer server = serve(NONE.withHandler(SHORT), handler);
                TestClient client = server.connect();
                LogRecords log = new LogRecords(Http1Connections.class)) {
            Reply reply = client.send(GET).reply();
            assertEquals(503, reply.status());
            assertTrue(reply.closes());
            assertTrue(client.isAtEnd());
            unanswered.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).send("nobody reads this");
            String logged = log.at(Level.WARNING).getFirst().getMessage();
            assertTrue(logged.endsWith(" has not been answered within 0.2 s: 503"), logged);
        }
    }

    @Test
    void anAnswerThatHasBegunMayTakeLongerThanAHandler() throws Exception {
        Handler handler =
                Handlers.blocking(
                        (_, response) -> {
                            var out = response.outputStream();
                            out.write('a');
                            out.flush();
                            pass(MEDIUM);
                            out.write('b');
                        });
        try (TestServer server = serve(NONE.withHandler(SHORT), handler);
                TestClient client = server.connect()) {
            assertEquals("ab", client.send(GET).reply().text());
        }
    }

    @Test
    void theTimeOfAHandlerStartsWhenItsRequestIsComplete() throws Exception {
        Handler handler =
                Handlers.blocking(
                        (request, response) -> {
                            pass(Duration.ofMillis(400));
                            response.send("late");
                        });
        try (TestServer server = serve(NONE.withHandler(MEDIUM), handler);
                TestClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHo");
            pass(MEDIUM);
            client.send("st: a\r\n\r\n");
            assertEquals("late", client.reply().text());
        }
    }
}
