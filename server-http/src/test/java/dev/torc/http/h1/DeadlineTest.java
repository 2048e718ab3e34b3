package dev.torc.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.TestServer;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What the deadlines do is tested by what they are made of: see `HttpTimeoutsTest`.
@EveryNetwork
class DeadlineTest {
    @Parameter Network network;

    @Test
    void oneTimerForEachConnectionAndNoneAfterIt() throws IOException {
        try (TestServer server = TestServer.start(network, (_, response) -> response.send("x"))) {
            assertEquals(0, timers(server));
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) clients.add(server.connect());
            server.awaitOpen(20);
            assertEquals(20, timers(server));
            for (TestClient client : clients) {
                for (int i = 0; i < 10; i++) assertEquals("x", client.get("/").text());
            }
            assertEquals(20, timers(server));
            for (TestClient client : clients) client.reset();
            Await.until("all are cancelled", () -> timers(server) == 0);
            assertTrue(server.holdsNothing());
        }
    }

    private static int timers(TestServer server) {
        return server.ask(shard -> shard.timers().count());
    }
}
