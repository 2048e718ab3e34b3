package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.spi.Transport.Counters;
import dev.torc.http.BodyProducer.Progress;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

@EveryNetwork
class HttpServerStopTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final Duration AMPLE = Duration.ofSeconds(Await.PATIENCE_SECONDS);

    @Parameter Network network;

    private final ConcurrentLinkedQueue<Response> waiting = new ConcurrentLinkedQueue<>();

    private static CompletableFuture<Boolean> stopping(TestServer server, Duration deadline) {
        return CompletableFuture.supplyAsync(() -> server.stop(deadline));
    }

    private static boolean done(CompletableFuture<Boolean> stop) throws Exception {
        return stop.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void assertNothingHeld(TestServer server) {
        Counters last = server.counters();
        assertEquals(0, last.open());
        assertEquals(0, last.buffersOut());
    }

    @Test
    void closesIdleConnectionsAtOnce() throws Exception {
        try (TestServer server = TestServer.start(network, (_, response) -> response.send("x"));
                TestClient fresh = server.connect();
                TestClient used = server.connect()) {
            assertEquals("x", used.send(GET).reply().text());
            server.awaitOpen(2);
            assertTrue(done(stopping(server, AMPLE)));
            assertTrue(fresh.isAtEnd());
            assertTrue(used.isAtEnd());
            assertThrows(IOException.class, () -> server.connect());
            assertNothingHeld(server);
        }
    }

    @Test
    void finishesWhatIsInFlightAndSaysThatItCloses() throws Exception {
        try (TestServer server = TestServer.start(network, (_, response) -> waiting.add(response));
                TestClient idle = server.connect();
                TestClient first = server.connect();
                TestClient second = server.connect()) {
            first.send(GET + GET);
            second.send(GET);
            server.awaitOpen(3);
            Await.until("both wait", () -> waiting.size() == 2);
            CompletableFuture<Boolean> stop = stopping(server, AMPLE);
            assertTrue(idle.isAtEnd());
            assertFalse(stop.isDone());
            waiting.forEach(response -> response.send("finished"));
            for (TestClient client : new TestClient[] {first, second}) {
                Reply reply = client.reply();
                assertEquals("finished", reply.text());
                assertTrue(reply.closes());
                assertTrue(client.isAtEnd());
                client.close();
            }
            assertTrue(done(stop));
            assertNothingHeld(server);
        }
    }

    @Test
    void finishesARequestThatIsStillArriving() throws Exception {
        try (TestServer server = TestServer.start(network, (request, r) -> r.send(request.body()));
                TestClient idle = server.connect();
                TestClient head = server.connect();
                TestClient body = server.connect()) {
            server.awaitOpen(3);
            long receives = server.counters().receives();
            head.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Le");
            body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo");
            Await.until("both are read", () -> server.counters().receives() == receives + 2);
            CompletableFuture<Boolean> stop = stopping(server, AMPLE);
            assertTrue(idle.isAtEnd());
            assertEquals("head", head.send("ngth: 4\r\n\r\nhead").reply().text());
            Reply reply = body.send("dy").reply();
            assertEquals("body", reply.text());
            assertTrue(reply.closes());
            assertTrue(head.isAtEnd());
            assertTrue(body.isAtEnd());
            head.close();
            body.close();
            assertTrue(done(stop));
        }
    }

    @Test
    void finishesAStream() throws Exception {
        CompletableFuture<Response> started = new CompletableFuture<>();
        boolean[] go = {false};
        Handler handler =
                (_, response) -> {
                    response.stream(
                            buffer -> {
                                buffer.append(TestClient.bytes("piece"), 0, 5);
                                return go[0] ? Progress.DONE : Progress.LATER;
                            });
                    started.complete(response);
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient idle = server.connect();
                TestClient client = server.connect()) {
            server.awaitOpen(2);
            client.send(GET);
            Response response = started.orTimeout(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).join();
            CompletableFuture<Boolean> stop = stopping(server, AMPLE);
            assertTrue(idle.isAtEnd());
            server.shard().execute(() -> go[0] = true);
            response.resume();
            assertEquals("piecepiece", client.reply().text());
            client.close();
            assertTrue(done(stop));
        }
    }

    @Test
    void abortsWhatHasNotFinishedByTheDeadline() throws Exception {
        try (TestServer server = TestServer.start(network, (_, response) -> waiting.add(response));
                TestClient client = server.connect()) {
            client.send(GET);
            Await.until("it waits", () -> waiting.size() == 1);
            assertTrue(done(stopping(server, Duration.ofMillis(100))));
            assertEquals("", client.restOrReset());
            assertNothingHeld(server);
            // an answer that comes after the end of everything is nobody's
            waiting.forEach(response -> response.send("late"));
        }
    }

    @Test
    void abortsAWriterByTheDeadline() throws Exception {
        CompletableFuture<String> told = new CompletableFuture<>();
        Handler handler =
                Handlers.blocking(
                        (_, response) -> {
                            try (var out = response.outputStream()) {
                                while (true) out.write(new byte[10_000]);
                            } catch (IOException gone) {
                                told.complete(String.valueOf(gone.getMessage()));
                            }
                        });
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connectNarrow()) {
            client.send(GET);
            assertEquals(100, client.read(100).length);
            assertTrue(done(stopping(server, Duration.ofMillis(100))));
            told.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertNothingHeld(server);
        }
    }

    @Test
    void stoppingTwiceIsStoppingOnce() {
        HttpServer server =
                HttpServer.start(
                        TestServer.config(network),
                        HttpLimits.defaults(),
                        network.transport(),
                        (_, response) -> response.send());
        assertTrue(server.stop(AMPLE));
        assertTrue(server.stop(AMPLE));
        server.close();
    }

    @Test
    void awaitReturnsWhenTheServerHasStopped() throws Exception {
        HttpServer server =
                HttpServer.start(
                        TestServer.config(network),
                        HttpLimits.defaults(),
                        network.transport(),
                        (_, response) -> response.send());
        CompletableFuture<Boolean> ended =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                server.await();
                                return true;
                            } catch (InterruptedException interrupted) {
                                return false;
                            }
                        });
        assertFalse(ended.isDone());
        server.close();
        assertTrue(done(ended));
    }
}
