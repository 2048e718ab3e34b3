package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.Seed;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Many requests on one connection, in whatever pieces they arrive, and the connection's end.
@EveryNetwork
class HttpServerConnectionTest {
    private static final String HOST = "Host: a\r\n";

    @Parameter Network network;

    private TestServer server;

    @BeforeEach
    void start() {
        Router router =
                new Router()
                        .get("/", (_, response) -> response.send("root"))
                        .get("/hello/{name}", HttpServerConnectionTest::hello)
                        .get("/closing", HttpServerConnectionTest::closing)
                        .post("/echo", (request, response) -> response.send(request.body()));
        server = TestServer.start(network, router);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void hello(Request request, Response response) {
        response.send("Hello, " + request.pathParameter("name") + "!");
    }

    private static void closing(Request request, Response response) {
        response.header("Connection", "close").send("bye");
    }

    @Test
    void keepsTheConnectionForManyRequests() throws IOException {
        long accepted = server.counters().accepted();
        try (TestClient client = server.connect()) {
            for (int i = 0; i < 100; i++) {
                assertEquals("Hello, " + i + "!", client.get("/hello/" + i).text());
            }
        }
        assertEquals(accepted + 1, server.counters().accepted());
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 1000})
    void answersPipelinedRequestsInOrder(int count) throws IOException {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < count; i++) {
            requests.append("GET /hello/").append(i).append(" HTTP/1.1\r\n" + HOST + "\r\n");
        }
        try (TestClient client = server.connect()) {
            client.send(requests.toString());
            for (int i = 0; i < count; i++) {
                assertEquals("Hello, " + i + "!", client.reply().text());
            }
        }
    }

    @Test
    void sendsTheAnswersOfOneReadTogether() throws IOException {
        String request = "GET / HTTP/1.1\r\n" + HOST + "\r\n";
        try (TestClient client = server.connect()) {
            assertEquals(200, client.get("/").status());
            long sends = server.counters().sends();
            long receives = server.counters().receives();
            client.send(request.repeat(16));
            for (int i = 0; i < 16; i++) assertEquals("root", client.reply().text());
            assertEquals(1, server.counters().receives() - receives, "receives");
            assertEquals(1, server.counters().sends() - sends, "sends");
        }
    }

    @Test
    void understandsRequestsSplitAtEveryByte() throws IOException {
        String request = "GET /hello/split HTTP/1.1\r\nHost: a\r\nX-Field: value\r\n\r\n";
        byte[] bytes = TestClient.bytes(request);
        for (int cut = 1; cut < bytes.length; cut++) {
            try (TestClient client = server.connect()) {
                awaitAccepted(client);
                long receives = server.counters().receives();
                client.send(bytes, 0, cut);
                Await.until(
                        "the first part is read", () -> receives < server.counters().receives());
                client.send(bytes, cut, bytes.length);
                assertEquals("Hello, split!", client.reply().text(), "cut at " + cut);
            }
        }
    }

    @Test
    void understandsRequestsByteByByte() throws IOException {
        String request = "GET /hello/drip HTTP/1.1\r\nHost: a\r\nX-Field: value\r\n\r\n";
        try (TestClient client = server.connect()) {
            client.drip(request + request);
            assertEquals("Hello, drip!", client.reply().text());
            assertEquals("Hello, drip!", client.reply().text());
        }
    }

    @Test
    void understandsPipelinesCutAnywhere() throws IOException {
        long seed = Seed.next();
        Random random = new Random(seed);
        StringBuilder requests = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            if (random.nextBoolean()) {
                requests.append("GET /hello/" + i + " HTTP/1.1\r\n" + HOST + "\r\n");
                expected.add("Hello, " + i + "!");
            } else {
                String body = "b".repeat(random.nextInt(200));
                requests.append("POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: ")
                        .append(body.length() + "\r\n\r\n" + body);
                expected.add(body);
            }
        }
        byte[] bytes = TestClient.bytes(requests.toString());
        try (TestClient client = server.connect()) {
            for (int from = 0; from < bytes.length; ) {
                int to = Math.min(bytes.length, from + 1 + random.nextInt(600));
                client.send(bytes, from, to);
                from = to;
            }
            for (String body : expected) {
                assertEquals(body, client.reply().text(), () -> "seed " + seed);
            }
        }
    }

    @Test
    void closesAfterAnHttp10Request() throws IOException {
        try (TestClient client = server.connect()) {
            Reply reply = client.send("GET / HTTP/1.0\r\n\r\n").reply();
            assertEquals("HTTP/1.1 200 OK", reply.statusLine());
            assertTrue(reply.closes());
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void keepsAnHttp10ConnectionThatAsksForIt() throws IOException {
        try (TestClient client = server.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                assertEquals("keep-alive", client.reply().header("Connection"));
            }
            assertTrue(client.send("GET / HTTP/1.0\r\n\r\n").reply().closes());
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void closesWhenTheClientAsksForIt() throws IOException {
        try (TestClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
            assertTrue(client.reply().closes());
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void closesWhenTheHandlerAsksForIt() throws IOException {
        try (TestClient client = server.connect()) {
            Reply reply = client.get("/closing");
            assertTrue(reply.closes());
            assertEquals("bye", reply.text());
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void ignoresWhatFollowsTheLastRequest() throws IOException {
        try (TestClient client = server.connect()) {
            String last = "GET / HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";
            client.send(last + "GET /hello/never HTTP/1.1\r\n" + HOST + "\r\n");
            assertEquals("root", client.reply().text());
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void answersAClientThatHasEndedItsOutput() throws IOException {
        try (TestClient client = server.connect()) {
            client.send(("GET / HTTP/1.1\r\n" + HOST + "\r\n").repeat(2));
            client.endOutput();
            assertEquals("root", client.reply().text());
            assertEquals("root", client.reply().text());
            assertTrue(client.isAtEnd());
        }
    }

    private void awaitAccepted(TestClient client) throws IOException {
        assertEquals(200, client.get("/").status());
    }
}
