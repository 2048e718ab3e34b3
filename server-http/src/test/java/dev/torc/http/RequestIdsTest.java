package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

@EveryNetwork
class RequestIdsTest {
    private static final String MADE = "[0-9a-f]{32}";

    @Parameter Network network;

    private TestServer start() {
        Handler id = (request, response) -> response.send(request.id() + request.id());
        Router router =
                new Router()
                        .filter(new RequestIds())
                        .get("/id", id)
                        .get("/blocking", Handlers.blocking(id))
                        .get(
                                "/fails",
                                (_, response) -> {
                                    response.header("X-Half", "done");
                                    throw new StatusException(Status.GONE, "on purpose");
                                });
        return TestServer.start(network, router);
    }

    private static Reply ask(TestClient client, String path, String fields) throws IOException {
        return client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n").reply();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "7b3c-_.:+/=Z", "123e4567-e89b-12d3-a456-426614174000", "==", "-rf"})
    void takesAnIdThatIsShortAndHarmless(String id) throws IOException {
        try (TestServer server = start();
                TestClient client = server.connect()) {
            for (String path : new String[] {"/id", "/blocking"}) {
                Reply reply = ask(client, path, "x-request-ID:  " + id + " \r\n");
                assertEquals(id, reply.header("X-Request-Id"));
                assertEquals(id + id, reply.text());
            }
        }
    }

    @Test
    void takesUpTo128Characters() throws IOException {
        try (TestServer server = start();
                TestClient client = server.connect()) {
            String longest = "x".repeat(128);
            Reply reply = ask(client, "/id", "X-Request-Id: " + longest + "\r\n");
            assertEquals(longest, reply.header("X-Request-Id"));
            reply = ask(client, "/id", "X-Request-Id: " + longest + "x\r\n");
            assertTrue(reply.header("X-Request-Id").matches(MADE));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "X-Request-Id: \r\n",
                "X-Request-Id: a b\r\n",
                "X-Request-Id: a\tb\r\n",
                "X-Request-Id: a,b\r\n",
                "X-Request-Id: \u00e9\r\n",
                "X-Request-Id: <script>\r\n",
                "X-Request-Id: ${jndi:x}\r\n",
                "X-Request-Id: a%0d%0a\r\n",
                "X-Request-Id: \"a\"\r\n",
                "X-Request-Id: a\r\nX-Request-Id: a\r\n"
            })
    void makesOneInsteadOfAnyOther(String fields) throws IOException {
        try (TestServer server = start();
                TestClient client = server.connect()) {
            Reply reply = ask(client, "/id", fields);
            String id = reply.header("X-Request-Id");
            assertTrue(id.matches(MADE), id);
            assertEquals(id + id, reply.text());
            assertEquals(1, reply.headers("X-Request-Id").size());
        }
    }

    @Test
    void makesADifferentOneForEachRequest() throws IOException {
        Set<String> ids = new HashSet<>();
        try (TestServer server = start();
                TestClient client = server.connect()) {
            for (int i = 0; i < 500; i++) {
                ids.add(ask(client, "/id", "").header("X-Request-Id"));
                assertEquals(
                        "mine",
                        ask(client, "/id", "X-Request-Id: mine\r\n").header("X-Request-Id"));
            }
        }
        assertEquals(500, ids.size());
    }

    @Test
    void isOnAnswersThatNoHandlerGives() throws IOException {
        try (TestServer server = start();
                TestClient client = server.connect()) {
            for (String path : new String[] {"/fails", "/nothing", "/%ff"}) {
                Reply reply = ask(client, path, "X-Request-Id: one\r\n");
                assertTrue(reply.status() >= 400);
                assertEquals("one", reply.header("X-Request-Id"), path);
            }
        }
    }

    @Test
    void anIdCanBeReadWhenTheRequestIsOver() throws Exception {
        ConcurrentLinkedQueue<Runnable> later = new ConcurrentLinkedQueue<>();
        Handler handler = (request, response) -> later.add(() -> response.send(request.id()));
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            for (int i = 0; i < 20; i++) {
                String id = i % 2 == 0 ? "sent-" + i : MADE;
                String field = i % 2 == 0 ? "X-Request-Id: " + id + "\r\n" : "";
                client.send("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n");
                Await.until("it is handled", () -> !later.isEmpty());
                CompletableFuture.runAsync(later.remove())
                        .get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
                String answered = client.reply().text();
                assertTrue(answered.matches(id), answered);
            }
        }
    }
}
