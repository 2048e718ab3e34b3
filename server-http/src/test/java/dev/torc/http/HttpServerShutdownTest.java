package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.ServerConfig;
import dev.torc.core.StopReport;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

@EveryNetwork
class HttpServerShutdownTest {
    private static final Duration AMPLE = Duration.ofSeconds(Await.PATIENCE_SECONDS);
    private static final Duration SHORT = Duration.ofMillis(100);

    @Parameter Network network;

    private final Health health = new Health();
    private final ConcurrentLinkedQueue<Response> waiting = new ConcurrentLinkedQueue<>();
    private HttpServer server;

    @BeforeEach
    void start() {
        Router router =
                new Router()
                        .get("/", (_, response) -> response.send("x"))
                        .get("/later", (_, response) -> waiting.add(response))
                        .get("/much", (_, response) -> response.send(new byte[8 << 20]))
                        .post("/", (request, response) -> response.send(request.body()));
        server =
                HttpServer.start(
                        TestServer.config(network),
                        HttpLimits.defaults(),
                        network.transport(),
                        health.addTo(router));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private TestClient connect() throws IOException {
        return TestClient.connect(network.socket(), server.address());
    }

    /// A thread to be interrupted, and what it returns.
    private record Stopping(Thread thread, FutureTask<StopReport> task) {
        StopReport report() throws Exception {
            return task.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private Stopping stopping(ShutdownConfig config) {
        FutureTask<StopReport> task = new FutureTask<>(() -> server.stop(health, config));
        return new Stopping(Thread.ofPlatform().start(task), task);
    }

    private void awaitUnready() {
        Await.until("readiness is gone", () -> !health.readyReport().join().isUp());
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    @Test
    void servesEverythingDuringTheDelayButIsNotReady() throws Exception {
        try (TestClient old = connect()) {
            assertEquals("ready\n", old.get("/health/ready").text());
            Stopping stop = stopping(ShutdownConfig.defaults().withDelay(Duration.ofMinutes(10)));
            awaitUnready();
            for (int i = 0; i < 3; i++) {
                try (TestClient client = connect()) {
                    Reply reply = client.get("/");
                    assertEquals("x", reply.text());
                    assertFalse(reply.closes());
                    Reply ready = client.get("/health/ready");
                    assertEquals(503, ready.status());
                    assertEquals("not ready\nstopping\n", ready.text());
                    assertEquals(200, client.get("/health/live").status());
                }
            }
            assertEquals("x", old.get("/").text());
            assertFalse(stop.task().isDone());
            stop.thread().interrupt();
            assertTrue(old.isAtEnd());
            assertTrue(stop.report().isFinished(), stop.report()::toString);
            assertThrows(IOException.class, this::connect);
        }
    }

    @Test
    void theDelayEndsWithAServerThatSomebodyElseStops() throws Exception {
        Stopping stop = stopping(ShutdownConfig.defaults().withDelay(Duration.ofMinutes(10)));
        awaitUnready();
        assertTrue(server.stop(AMPLE));
        assertTrue(stop.report().isFinished());
    }

    @Test
    void finishesWhatIsInFlightAndReportsNothing() throws Exception {
        try (TestClient client = connect()) {
            client.send(get("/later"));
            Await.until("it waits", () -> waiting.size() == 1);
            Stopping stop = stopping(ShutdownConfig.defaults().withDeadline(AMPLE));
            awaitUnready();
            waiting.remove().send("finished");
            Reply reply = client.reply();
            assertEquals("finished", reply.text());
            StopReport report = stop.report();
            assertEquals(new StopReport(Map.of(), List.of()), report);
            assertEquals("everything in flight was finished", report.toString());
        }
    }

    @Test
    void reportsWhatItHasCutByWhatItWasDoing() throws Exception {
        try (TestClient handled = connect();
                TestClient head = connect();
                TestClient body = connect();
                TestClient other = connect();
                TestClient narrow = connect();
                TestClient idle = connect()) {
            handled.send(get("/later"));
            head.send("GET / HT");
            body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo");
            other.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo");
            narrow.send(get("/much"));
            assertEquals(100, narrow.read(100).length);
            assertEquals("x", idle.get("/").text());
            Await.until("it waits", () -> waiting.size() == 1);
            Await.until("all are read", () -> server.counters().getFirst().receives() >= 6);
            StopReport report = stopping(ShutdownConfig.defaults().withDeadline(SHORT)).report();
            Map<String, Integer> cut =
                    Map.of("handler", 1, "request body", 2, "request head", 1, "response", 1);
            assertEquals(new StopReport(cut, List.of()), report);
            assertEquals(5, report.connectionsCut());
            assertEquals(
                    "cut 5 connections (1 handler, 2 request body, 1 request head, 1 response)",
                    report.toString());
        }
    }

    @Test
    void cutsNothingWhenItStopsWithoutADeadlineAndNothingIsThere() {
        assertTrue(server.stop(Duration.ZERO));
        assertTrue(server.stopReport().isFinished());
    }

    @Test
    void namesTheRequestWhoseHandlerHoldsItsShard() throws Exception {
        FutureTask<String> go = new FutureTask<>(() -> "gone");
        Router router = new Router().get("/hang/{x}", (_, response) -> response.send(go.get()));
        ServerConfig config = TestServer.config(network);
        HttpServer held =
                HttpServer.start(config, HttpLimits.defaults(), network.transport(), router);
        try (TestClient client = TestClient.connect(network.socket(), held.address())) {
            client.send(get("/hang/1"));
            Await.until("it hangs", () -> held.stopReport().held().toString().contains("/hang/"));
            String text = held.stopReport().toString();
            assertTrue(text.startsWith("still held: shard 0 by GET /hang/"), text);
            assertFalse(held.stopReport().isFinished());
            go.run();
            assertEquals("gone", client.reply().text());
        } finally {
            go.run();
            assertTrue(held.stop(AMPLE));
        }
        assertTrue(held.stopReport().isFinished());
    }

    @Test
    void refusesTimesThatMakeNoSense() {
        ShutdownConfig config = ShutdownConfig.defaults();
        for (Duration delay : List.of(Duration.ofNanos(-1), Duration.ofSeconds(601))) {
            String message =
                    assertThrows(IllegalArgumentException.class, () -> config.withDelay(delay))
                            .getMessage();
            assertEquals("delay must be 0 to 10 minutes: delay=" + delay, message);
        }
        assertThrows(IllegalArgumentException.class, () -> config.withDeadline(Duration.ofDays(2)));
        assertEquals(Duration.ofDays(1), config.withDeadline(Duration.ofDays(1)).deadline());
    }
}
