package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.ServerConfig;
import dev.torc.core.StopReport;
import dev.torc.http.Health;
import dev.torc.http.HttpServer;
import dev.torc.http.Response;
import dev.torc.http.Router;
import dev.torc.http.ShutdownConfig;
import dev.torc.testkit.Await;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

class ServiceTest {
    private static final ServerConfig CONFIG = ServerConfig.defaults().withPort(0).withShards(1);

    private static Service service(HttpServer server) {
        return new Service(server, null, new Health(), ShutdownConfig.defaults(), List.of());
    }

    @Test
    void theAdminListenerShowsThatNothingIsReadyUntilTheServerHasStopped() throws Exception {
        Health health = new Health();
        ConcurrentLinkedQueue<Response> waiting = new ConcurrentLinkedQueue<>();
        Router router = new Router().get("/", (_, response) -> waiting.add(response));
        List<String> ended = new CopyOnWriteArrayList<>();
        AdminServer admin =
                AdminServer.start(
                        AdminConfig.onPort(0), ServerConfig.AUTO, AdminServer.routes(health));
        HttpServer server = HttpServer.start(CONFIG, router);
        ShutdownConfig shutdown =
                ShutdownConfig.defaults().withDeadline(Duration.ofSeconds(Await.PATIENCE_SECONDS));
        List<AutoCloseable> last =
                List.of(
                        () -> ended.add("first"),
                        () -> {
                            throw new IOException("one that fails is logged");
                        },
                        admin,
                        () -> ended.add("last"));
        Service service = new Service(server, null, health, shutdown, last);
        FutureTask<StopReport> stop = new FutureTask<>(service::stop);
        try (admin;
                server;
                TestClient client = TestClient.connect(server);
                TestClient probe = TestClient.connect(admin.address())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Await.until("it waits", () -> waiting.size() == 1);
            assertEquals(200, probe.get("/health/ready").status());
            Thread.ofPlatform().start(stop);
            Await.until("nothing is accepted", () -> !accepts(server));
            assertEquals("not ready\nstopping\n", probe.get("/health/ready").text());
            assertEquals(200, probe.get("/health/live").status());
            assertEquals(List.of(), ended);
            waiting.remove().send("done");
            assertEquals("done", client.reply().text());
            assertTrue(stop.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).isFinished());
            assertEquals(List.of("first", "last"), ended);
            assertTrue(probe.isAtEnd());
        }
    }

    private static boolean accepts(HttpServer server) {
        try (TestClient _ = TestClient.connect(server)) {
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void theFarewellTellsWhatWasCut() {
        HttpServer server = HttpServer.start(CONFIG, new Router());
        assertTrue(service(server).stop().isFinished());
        String farewell = Banner.farewell(server, server.stopReport());
        assertTrue(
                farewell.startsWith(
                        "stopped: everything in flight was finished; 0 connections, 0 receives, "),
                farewell);
        StopReport cut = new StopReport(Map.of("handler", 1, "response", 2), List.of("shard 0"));
        String careful = Banner.farewell(server, cut);
        assertTrue(
                careful.startsWith(
                        "stopped: cut 3 connections (1 handler, 2 response); still held: shard 0;"),
                careful);
        assertFalse(careful.contains("\n"));
    }
}
