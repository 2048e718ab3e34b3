package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.RunningServer;
import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.testkit.Await;
import dev.torc.testkit.Served;
import dev.torc.testkit.TestClient;
import dev.torc.testkit.TorcTest;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;

@TorcTest(restart = true)
class EventsTest {
    @Served
    static HttpServer serve(ServerConfig config) {
        return Events.start(config);
    }

    /// Who has the head of the answer will get every event from now on.
    private static TestClient listen(RunningServer server) throws IOException {
        TestClient client = TestClient.connect(server);
        client.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
        String head = "";
        while (!head.endsWith("\r\n\r\n")) head += TestClient.text(client.read(1));
        assertTrue(head.contains("Content-Type: text/event-stream\r\n"), head);
        return client;
    }

    private static void publish(TestClient client, String text) throws IOException {
        String length = "Content-Length: " + text.length() + "\r\n\r\n";
        client.send("POST /events HTTP/1.1\r\nHost: a\r\n" + length + text);
        assertEquals(204, client.reply().status());
    }

    /// The next event that is no comment, in a chunk of its own.
    private static void expect(TestClient client, String event) throws IOException {
        String read = chunk(client);
        while (read.equals(":\n\n")) read = chunk(client);
        assertEquals(event, read);
    }

    private static String chunk(TestClient client) throws IOException {
        String size = "";
        while (!size.endsWith("\r\n")) size += TestClient.text(client.read(1));
        String chunk = TestClient.text(client.read(Integer.parseInt(size.strip(), 16)));
        assertEquals("\r\n", TestClient.text(client.read(2)));
        return chunk;
    }

    private static void awaitListeners(TestClient client, int count) {
        Await.until(
                "there are " + count + " listeners",
                () -> {
                    try {
                        return client.get("/listeners").text().equals(count + "\n");
                    } catch (IOException failure) {
                        throw new UncheckedIOException(failure);
                    }
                });
    }

    @Test
    void tellsEverybody(RunningServer server, TestClient publisher) throws IOException {
        try (TestClient one = listen(server);
                TestClient other = listen(server)) {
            publish(publisher, "hello");
            for (TestClient client : new TestClient[] {one, other}) {
                expect(client, "data: hello\n\n");
            }
            publish(publisher, "two\nlines");
            for (TestClient client : new TestClient[] {one, other}) {
                expect(client, "data: two\ndata: lines\n\n");
                client.reset();
            }
        }
    }

    @Test
    void forgetsWhoGoes(RunningServer server, TestClient asking) throws IOException {
        try (TestClient stays = listen(server)) {
            TestClient goes = listen(server);
            awaitListeners(asking, 2);
            goes.reset();
            awaitListeners(asking, 1);
            publish(asking, "still here");
            expect(stays, "data: still here\n\n");
            stays.reset();
        }
        awaitListeners(asking, 0);
    }

    /// Who closes in order may still want what comes: the reset that answers it tells.
    @Test
    void noticesByTheNextEventsWhoHasClosed(RunningServer server, TestClient asking)
            throws IOException {
        listen(server).close();
        Await.until("nobody listens", () -> isForgotten(asking));
    }

    private static boolean isForgotten(TestClient asking) {
        try {
            publish(asking, "is anybody there?");
            return asking.get("/listeners").text().equals("0\n");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void cutsWhoDoesNotRead(RunningServer server, TestClient publisher) throws IOException {
        try (TestClient slow = listen(server)) {
            awaitListeners(publisher, 1);
            String event = "x".repeat(200_000);
            for (int i = 0; i < 200; i++) publish(publisher, event);
            awaitListeners(publisher, 0);
            assertTrue(slow.restOrReset().length() < 200 * event.length());
        }
    }
}
