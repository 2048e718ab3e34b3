package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.testkit.Await;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.Test;

import java.io.IOException;

class MeasuredTest {
    @Test
    void countsRequestsByRoute() throws IOException {
        ServerConfig config = ServerConfig.defaults().withPort(0).withShards(1);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (HttpServer server = Measured.start(config, registry);
                HttpServer admin = Measured.startAdmin(config, registry);
                TestClient client = TestClient.connect(server);
                TestClient scraper = TestClient.connect(admin)) {
            assertEquals("Hello, Ada!\n", client.get("/hello/Ada").text());
            assertEquals("Hello, Bob!\n", client.get("/hello/Bob").text());

            Reply scraped = scraper.get("/metrics");
            assertEquals("text/plain; version=0.0.4", scraped.header("Content-Type"));
            String counted =
                    scraped.text()
                            .lines()
                            .filter(line -> line.startsWith("http_server_requests_seconds_count"))
                            .findFirst()
                            .orElseThrow();
            assertTrue(counted.contains("uri=\"/hello/{name}\""), counted);
            assertTrue(counted.endsWith(" 2"), counted);
            // A shard that does not answer within 250 ms is left out.
            String open = "torc_connections_open{shard=\"0\"} 1.0";
            Await.until("the shard tells", () -> text(scraper).contains(open));
            assertEquals(404, client.get("/metrics").status());
        }
    }

    private static String text(TestClient scraper) {
        try {
            return scraper.get("/metrics").text();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
