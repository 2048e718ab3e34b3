package dev.torc.http.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpLimits;
import dev.torc.http.HttpServer;
import dev.torc.http.Router;
import dev.torc.testkit.Await;
import dev.torc.testkit.TestClient;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

class ShardMetersTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private double counter(String name) {
        return registry.get(name).tag("shard", "0").functionCounter().count();
    }

    @Test
    void tellWhatAShardHasDone() throws Exception {
        String request = "GET /hello/a HTTP/1.1\r\nHost: a\r\n\r\n";
        try (MetricsServer server = new MetricsServer();
                TestClient client = TestClient.connect(server.server)) {
            new ShardMeters(server.server).bindTo(registry);
            String answer = client.send(request).reply().toString();
            Await.until("it is told", () -> counter("torc.received") == request.length());
            assertEquals(1, counter("torc.connections.accepted"));
            Await.until(
                    "what has gone is told", () -> counter("torc.sent") > answer.length() / 2.0);
            Await.until(
                    "the shard answers in time",
                    () -> registry.get("torc.shard.answers").gauge().value() == 1);
            assertEquals(1, registry.get("torc.connections.open").gauge().value());
            assertTrue(counter("torc.loop.turns") > 0);
            assertTrue(counter("torc.loop.cpu") > 0);
        }
    }

    @Test
    void doNotWaitForAShardThatIsHeld() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        Router router =
                new Router()
                        .get(
                                "/hold",
                                (_, response) -> {
                                    assertTrue(held.await(20, TimeUnit.SECONDS));
                                    response.send();
                                });
        ServerConfig config = ServerConfig.defaults().withPort(0).withShards(1);
        try (HttpServer server = HttpServer.start(config, router);
                TestClient client = TestClient.connect(server)) {
            new ShardMeters(server).bindTo(registry);
            client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
            Await.until(
                    "it does not answer",
                    () -> registry.get("torc.shard.answers").gauge().value() == 0);
            held.countDown();
            client.reply();
            Await.until(
                    "it answers again",
                    () -> registry.get("torc.shard.answers").gauge().value() == 1);
        }
    }

    @Test
    void tellTheRequestsOfEachShard() throws Exception {
        int connections = 20;
        RequestMetrics metrics = new RequestMetrics();
        ServerConfig config = ServerConfig.defaults().withPort(0).withShards(2);
        Router router = new Router().get("/", (_, response) -> response.send("x"));
        try (HttpServer server = HttpServer.start(config, HttpLimits.defaults(), metrics, router)) {
            new ShardMeters(server, metrics).bindTo(registry);
            for (int i = 0; i < connections; i++) {
                try (TestClient client = TestClient.connect(server)) {
                    assertEquals(200, client.get("/").status());
                    assertEquals(404, client.get("/lost").status());
                }
            }
            Await.until("all are counted", () -> metrics.count() == 2L * connections);
            Await.until(
                    "the shards tell of all connections",
                    () -> each("torc.connections.accepted").sum() == connections);
            // Which shard has how many is the kernel's choice.
            double[] twice = each("torc.connections.accepted").map(count -> 2 * count).toArray();
            assertArrayEquals(twice, each("torc.requests").toArray());
        }
    }

    private DoubleStream each(String name) {
        return IntStream.range(0, 2)
                .mapToObj(shard -> registry.get(name).tag("shard", Integer.toString(shard)))
                .mapToDouble(found -> found.functionCounter().count());
    }

    @Test
    void areAllDescribed() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "metrics.md"));
        try (MetricsServer server = new MetricsServer()) {
            new ShardMeters(server.server, server.metrics).bindTo(registry);
            for (Meter meter : registry.getMeters()) {
                String name = meter.getId().getName();
                String description = String.valueOf(meter.getId().getDescription());
                assertTrue(page.contains("| `" + name + "` |"), name);
                assertTrue(page.contains(description), name + ": " + description);
            }
        }
    }
}
