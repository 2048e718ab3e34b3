package dev.torc.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.Await;
import dev.torc.http.Client;
import dev.torc.http.TestServer;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What the deadlines do is tested by what they are made of: see `HttpTimeoutsTest`.
class DeadlineTest {
    @Test
    void oneTimerForEachConnectionAndNoneAfterIt() throws IOException {
        try (TestServer server = TestServer.start((_, response) -> response.send("x"))) {
            assertEquals(0, timers(server));
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) clients.add(Client.to(server));
            server.awaitOpen(20);
            assertEquals(20, timers(server));
            for (Client client : clients) {
                for (int i = 0; i < 10; i++) assertEquals("x", client.get("/").text());
            }
            assertEquals(20, timers(server));
            for (Client client : clients) client.reset();
            Await.until("all are cancelled", () -> timers(server) == 0);
            assertTrue(server.holdsNothing());
        }
    }

    private static int timers(TestServer server) {
        return server.ask(shard -> shard.timers().count());
    }
}
