package dev.torc.http.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpLimits;
import dev.torc.http.HttpServer;
import dev.torc.http.Router;
import dev.torc.testkit.Await;
import dev.torc.testkit.TestClient;

import java.io.IOException;

/// A server of one shard whose requests are counted.
final class MetricsServer implements AutoCloseable {
    final RequestMetrics metrics = new RequestMetrics();
    final HttpServer server;

    MetricsServer() {
        Router router =
                new Router()
                        .get("/hello/{name}", (_, response) -> response.send("hello"))
                        .get(
                                "/fails",
                                (_, _) -> {
                                    throw new UnsupportedOperationException("on purpose");
                                })
                        .get(
                                "/fails/anonymously",
                                (_, _) -> {
                                    throw new IllegalStateException("on purpose") {};
                                });
        ServerConfig config = ServerConfig.defaults().withPort(0).withShards(1);
        server = HttpServer.start(config, HttpLimits.defaults(), metrics, router);
    }

    /// Sends one request for each path, and waits until they have been counted.
    void get(String... paths) throws IOException {
        long before = metrics.count();
        try (TestClient client = TestClient.connect(server)) {
            for (String path : paths) client.get(path);
        }
        Await.until("they are counted", () -> metrics.count() == before + paths.length);
        assertEquals(0, metrics.active());
    }

    @Override
    public void close() {
        server.close();
    }
}
