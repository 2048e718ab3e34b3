package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.testkit.Await;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class GracefulStopTest {
    @Test
    void answersWhatIsInFlightBeforeItEnds() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<String> report = new CompletableFuture<>();
        ServerConfig config = ServerConfig.defaults().withPort(0).withShards(1);
        GracefulStop application =
                new GracefulStop(
                        config,
                        () -> {
                            asked.countDown();
                            return report.orTimeout(20, TimeUnit.SECONDS).join();
                        });
        HttpServer server = application.server();
        try (TestClient client = TestClient.connect(server)) {
            client.send("GET /report HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(asked.await(20, TimeUnit.SECONDS));
            Thread closing = Thread.ofVirtual().start(application::close);
            Await.until("nobody is let in", () -> isRefused(server));
            report.complete("at last\n");
            Reply reply = client.reply();
            assertEquals("at last\n", reply.text());
            assertTrue(reply.closes());
            assertTrue(client.isAtEnd());
            assertTrue(closing.join(Duration.ofSeconds(20)));
        } finally {
            application.close();
        }
    }

    private static boolean isRefused(HttpServer server) {
        try (TestClient late = TestClient.connect(server)) {
            return late.isAtEnd();
        } catch (IOException refused) {
            return true;
        }
    }
}
