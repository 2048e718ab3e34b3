package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.ServerConfig;
import dev.torc.http.Handlers;
import dev.torc.http.HttpLimits;
import dev.torc.http.HttpServer;
import dev.torc.http.Router;
import dev.torc.http.metrics.MeterNames;
import dev.torc.http.metrics.RequestMetrics;
import dev.torc.testkit.Await;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;

class MetricsPageTest {
    private static final ServerConfig ANY_PORT = ServerConfig.defaults().withPort(0).withShards(1);

    private final RequestMetrics requests = new RequestMetrics();
    private final MetricsPage page = new MetricsPage(requests, MeterNames.MICROMETER);
    private HttpServer server;
    private HttpServer admin;

    @BeforeEach
    void start() {
        Router routes = new Router().get("/hello", (_, response) -> response.send("hello"));
        server = HttpServer.start(ANY_PORT, HttpLimits.defaults(), requests, routes);
        page.add(server);
        Router metrics = new Router().get("/metrics", Handlers.blocking(page));
        admin = HttpServer.start(ANY_PORT, metrics);
    }

    @AfterEach
    void stop() {
        server.close();
        admin.close();
        page.close();
    }

    private static Reply get(HttpServer from, String path, String accept) throws IOException {
        try (TestClient client = TestClient.connect(from)) {
            String head = "GET " + path + " HTTP/1.1\r\nHost: a\r\nAccept: " + accept;
            return client.send(head + "\r\n\r\n").reply();
        }
    }

    private String metrics() {
        try {
            return get(admin, "/metrics", "*/*").text();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void showsRequestsShardsAndTheJvm() throws Exception {
        assertEquals("hello", get(server, "/hello", "*/*").text());
        Await.until("it is counted", () -> requests.count() == 1);
        // A shard that does not answer within 250 ms is left out.
        String answers = "torc_shard_answers{shard=\"0\"} 1.0";
        Await.until("the shard tells", () -> metrics().contains(answers));
        Reply reply = get(admin, "/metrics", "*/*");
        assertEquals("text/plain; version=0.0.4; charset=utf-8", reply.header("content-type"));
        String text = reply.text();
        for (String line :
                new String[] {
                    "http_server_requests_seconds_count{exception=\"None\",method=\"GET\"",
                    "torc_connections_accepted_total{shard=\"0\"} ",
                    "torc_requests_total{shard=\"0\"} 1.0",
                    "torc_received_bytes_total{shard=\"0\"} ",
                    "torc_loop_cpu_seconds_total{shard=\"0\"} ",
                    "torc_shard_answers{shard=\"0\"} 1.0",
                    "jvm_memory_used_bytes{",
                    "process_uptime_seconds ",
                    "process_files_open_files "
                }) {
            assertTrue(text.contains("\n" + line), line + " is not in\n" + text);
        }
    }

    @Test
    void speaksOpenMetricsWithWhoDoes() throws Exception {
        Reply reply =
                get(admin, "/metrics", "application/openmetrics-text; version=1.0.0, */*;q=0");
        String type = String.valueOf(reply.header("content-type"));
        assertTrue(type.startsWith("application/openmetrics-text"), type);
        assertTrue(reply.text().endsWith("# EOF\n"), "the end is marked");
    }

    @Test
    void isTheSameForAMomentHoweverOftenItIsScraped() throws Exception {
        try (TestClient client = TestClient.connect(admin)) {
            int different = 0;
            String before = "";
            for (int i = 0; i < 100; i++) {
                String text = client.get("/metrics").text();
                if (!text.equals(before)) different++;
                before = text;
            }
            assertTrue(different < 100, "made anew for each");
        }
    }
}
