package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.ServerConfig;
import dev.torc.testkit.Await;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class HealthTest {
    private static final Duration AMPLE = Duration.ofSeconds(Await.PATIENCE_SECONDS);

    private static HealthReport done(CompletableFuture<HealthReport> report) throws Exception {
        return report.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static HttpServer serve(Health health) {
        ServerConfig config = ServerConfig.defaults().withPort(0).withShards(1);
        return HttpServer.start(config, health.addTo(new Router()));
    }

    private static Reply ask(TestClient client, String path, String accept) throws IOException {
        String fields = "Host: a\r\nAccept: " + accept + "\r\n\r\n";
        return client.send("GET " + path + " HTTP/1.1\r\n" + fields).reply();
    }

    @Test
    void isWellWithoutChecks() throws Exception {
        Health health = new Health();
        assertEquals("live\n", done(health.liveReport()).text());
        assertEquals("ready\n", done(health.readyReport()).text());
        assertEquals("{\"status\":\"up\",\"checks\":[]}\n", done(health.readyReport()).json());
    }

    @Test
    void livenessAndReadinessAreApart() throws Exception {
        Health health = new Health();
        health.readiness("cache", AMPLE, () -> {});
        health.readiness(
                "database",
                AMPLE,
                () -> {
                    throw new IOException("connection refused");
                });
        assertTrue(done(health.liveReport()).isUp());
        HealthReport ready = done(health.readyReport());
        assertFalse(ready.isUp());
        assertEquals("not ready\ndatabase: connection refused\n", ready.text());
        health.unready("stopping");
        assertEquals(
                "not ready\nstopping\ndatabase: connection refused\n",
                done(health.readyReport()).text());
        assertTrue(done(health.liveReport()).isUp());
        health.ready();
        assertNull(done(health.readyReport()).refused());
    }

    @Test
    void namesAFailureThatSaysNothing() throws Exception {
        Health health = new Health();
        health.liveness(
                "anonymous",
                AMPLE,
                () -> {
                    throw new IOException() {
                        private static final long serialVersionUID = 1;
                    };
                });
        String report = done(health.liveReport()).text();
        assertTrue(report.contains("anonymous: dev.torc.http.HealthTest$"), report);
    }

    @Test
    void answersTextAndJsonAndNeverAStack() throws Exception {
        Health health = new Health();
        health.liveness(
                "odd",
                AMPLE,
                () -> {
                    throw new IllegalStateException("a \"b\"\r\nc\\" + "x".repeat(1000));
                });
        health.liveness(
                "silent",
                AMPLE,
                () -> {
                    throw new AssertionError();
                });
        try (HttpServer server = serve(health);
                TestClient client = TestClient.connect(server)) {
            Reply text = client.get("/health/live");
            assertEquals(503, text.status());
            assertEquals("text/plain; charset=utf-8", text.header("Content-Type"));
            assertEquals("no-store", text.header("Cache-Control"));
            List<String> lines = text.text().lines().toList();
            assertEquals("not live", lines.get(0));
            assertEquals("odd: a \"b\"  c\\" + "x".repeat(191) + " ...", lines.get(1));
            assertEquals(List.of("silent: AssertionError"), lines.subList(2, lines.size()));
            Reply json = ask(client, "/health/live", "application/json, */*;q=0.5");
            assertEquals(503, json.status());
            assertEquals("application/json", json.header("Content-Type"));
            JsonNode root = JsonMapper.shared().readTree(json.text());
            assertEquals("down", root.get("status").asString());
            JsonNode odd = root.get("checks").get(0);
            assertEquals("odd", odd.get("name").asString());
            assertTrue(odd.get("reason").asString().startsWith("a \"b\"  c\\xxx"));
            assertEquals(200, ask(client, "/health/ready", "*/*").status());
            assertEquals("ready\n", ask(client, "/health/ready", "application/json;q=0").text());
            client.send("HEAD /health/live HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(503, client.replyToHead().status());
        }
    }

    @Test
    void aCheckThatHangsFailsInTimeAndIsNotRunAgain() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger interrupts = new AtomicInteger();
        Health health = new Health();
        health.readiness(
                "disk",
                Duration.ofMillis(20),
                () -> {
                    runs.incrementAndGet();
                    while (end.getCount() > 0) {
                        try {
                            end.await();
                        } catch (InterruptedException ignored) {
                            interrupts.incrementAndGet();
                        }
                    }
                });
        try {
            HealthReport late = done(health.readyReport());
            assertEquals("not ready\ndisk: no answer within 20 ms\n", late.text());
            for (int i = 0; i < 100; i++) {
                String again = done(health.readyReport()).checks().getFirst().reason();
                assertTrue(again != null && again.startsWith("has been running for "), again);
            }
            Await.until("it has been interrupted", () -> interrupts.get() == 1);
            assertEquals(1, runs.get());
        } finally {
            end.countDown();
        }
    }

    @Test
    void manyWhoAskShareOneRun() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger together = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        Health health = new Health();
        health.readiness(
                "database",
                AMPLE,
                () -> {
                    together.accumulateAndGet(running.incrementAndGet(), Math::max);
                    runs.incrementAndGet();
                    go.await();
                    running.decrementAndGet();
                });
        long began = System.nanoTime();
        List<CompletableFuture<HealthReport>> asked = new ArrayList<>();
        for (int i = 0; i < 1000; i++) asked.add(health.readyReport());
        go.countDown();
        for (CompletableFuture<HealthReport> report : asked) assertTrue(done(report).isUp());
        assertEquals(1, runs.get());
        try (HttpServer server = serve(health);
                TestClient client = TestClient.connect(server)) {
            for (int i = 0; i < 2000; i++) assertEquals(200, client.get("/health/ready").status());
        }
        assertEquals(1, together.get());
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        assertTrue(runs.get() <= seconds + 1, runs + " runs in " + seconds + " s");
    }

    @Test
    void refusesNamesTwiceAndTimesOutOfRange() {
        Health health = new Health().readiness("a", () -> {}).liveness("a", () -> {});
        assertThrows(IllegalArgumentException.class, () -> health.readiness("a", () -> {}));
        for (Duration time : List.of(Duration.ZERO, Duration.ofSeconds(61))) {
            assertThrows(
                    IllegalArgumentException.class, () -> health.liveness("b", time, () -> {}));
        }
    }
}
