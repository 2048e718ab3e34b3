package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Slice;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;

/// Bodies that come too slowly, and handlers that answer too late, in a time that the tests move.
@EveryNetwork
class HttpServerSlownessTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration MEDIUM = Duration.ofMillis(600);
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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answers408ToABodyThatDrips(boolean streamed) throws IOException {
        HttpLimits limits = HttpLimits.defaults().withBodyBytesPerSecondMin(1000);
        Handler handler =
                streamed
                        ? Handlers.streaming((request, _) -> request.receive(new Ignoring()))
                        : HttpServerSlownessTest::echo;
        try (TestServer server = serve(limits, NONE.withBody(MEDIUM), handler);
                TestClient client = server.connect()) {
            server.deliver(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
            for (int i = 0; i < 4; i++) {
                server.advance(time, MEDIUM.dividedBy(5));
                server.deliver(client, "x");
            }
            server.advance(time, MEDIUM.dividedBy(2));
            assertEquals(408, client.reply().status());
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
            server.advance(time, MEDIUM);
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
            client.send(GET);
            Response late = unanswered.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            server.advance(time, MEDIUM);
            Reply reply = client.reply();
            assertEquals(503, reply.status());
            assertTrue(reply.closes());
            assertTrue(client.isAtEnd());
            late.send("nobody reads this");
            String logged = log.at(Level.WARNING).getFirst().getMessage();
            assertTrue(logged.endsWith(" has not been answered within 0.2 s: 503"), logged);
        }
    }

    @Test
    void anAnswerThatHasBegunMayTakeLongerThanAHandler() throws Exception {
        Gate gate = new Gate();
        Handler handler =
                Handlers.blocking(
                        (_, response) -> {
                            var out = response.outputStream();
                            out.write('a');
                            out.flush();
                            gate.pass();
                            out.write('b');
                        });
        try (TestServer server = serve(NONE.withHandler(SHORT), handler);
                TestClient client = server.connect()) {
            client.send(GET);
            gate.await();
            server.advance(time, MEDIUM);
            gate.open();
            assertEquals("ab", client.reply().text());
        }
    }

    @Test
    void theTimeOfAHandlerStartsWhenItsRequestIsComplete() throws Exception {
        Gate gate = new Gate();
        Handler handler =
                Handlers.blocking(
                        (_, response) -> {
                            gate.pass();
                            response.send("late");
                        });
        try (TestServer server = serve(NONE.withHandler(MEDIUM), handler);
                TestClient client = server.connect()) {
            server.deliver(client, "GET / HTTP/1.1\r\nHo");
            server.advance(time, MEDIUM);
            client.send("st: a\r\n\r\n");
            gate.await();
            server.advance(time, MEDIUM.minusMillis(1));
            gate.open();
            assertEquals("late", client.reply().text());
        }
    }
}
