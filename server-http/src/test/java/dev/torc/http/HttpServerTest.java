package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.StartException;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

@EveryNetwork
class HttpServerTest {
    private static final String HOST = "Host: a\r\n";

    @Parameter Network network;

    private TestServer server;

    @BeforeEach
    void start() {
        Router router =
                new Router()
                        .get("/", (_, response) -> response.send("root"))
                        .get("/hello/{name}", HttpServerTest::hello)
                        .get("/rest/{path...}", HttpServerTest::rest)
                        .get("/query", HttpServerTest::query)
                        .get("/status/{code}", HttpServerTest::status)
                        .get("/stream", HttpServerTest::stream)
                        .get("/closing", HttpServerTest::closing)
                        .post("/echo", (request, response) -> response.send(request.body()))
                        .delete("/thing", (_, response) -> response.send());
        server = TestServer.start(network, router);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void hello(Request request, Response response) {
        response.send("Hello, " + request.pathParameter("name") + "!");
    }

    private static void rest(Request request, Response response) {
        response.send("[" + request.pathParameter("path") + "]");
    }

    private static void query(Request request, Response response) {
        response.send(request.query().first("a") + "," + request.query().first("b"));
    }

    private static void status(Request request, Response response) {
        response.status(Integer.parseInt(request.pathParameter("code"))).send("content");
    }

    private static void stream(Request request, Response response) {
        response.stream(
                buffer -> {
                    buffer.append(TestClient.bytes("streamed"), 0, 8);
                    return BodyProducer.Progress.DONE;
                });
    }

    private static void closing(Request request, Response response) {
        response.header("Connection", "close").send("bye");
    }

    @Test
    void answersWithServerDateTypeAndLength() throws IOException {
        try (TestClient client = server.connect()) {
            Reply reply = client.get("/");
            assertEquals("HTTP/1.1 200 OK", reply.statusLine());
            assertEquals("root", reply.text());
            assertEquals("Torc", reply.header("Server"));
            assertEquals("text/plain; charset=utf-8", reply.header("Content-Type"));
            assertEquals(4, reply.contentLength().orElseThrow());
            assertFalse(reply.has("Connection"));
            String date = reply.header("Date");
            ZonedDateTime sent = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME);
            assertTrue(sent.isAfter(ZonedDateTime.now(sent.getZone()).minusMinutes(1)), date);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/stream", "/nothing", "/status/204", "/status/500", "/closing"})
    void answersHeadLikeGetWithoutTheBody(String path) throws IOException {
        try (TestClient client = server.connect()) {
            Reply get = client.get(path);
            try (TestClient other = server.connect()) {
                other.send("HEAD " + path + " HTTP/1.1\r\n" + HOST + "\r\n");
                Reply head = other.replyToHead();
                assertEquals(get.statusLine(), head.statusLine());
                assertEquals(withoutDate(get), withoutDate(head));
                if (head.closes()) {
                    assertTrue(other.isAtEnd());
                } else {
                    assertEquals("root", other.get("/").text());
                }
            }
        }
    }

    private static List<String> withoutDate(Reply reply) {
        return reply.fields().stream().filter(field -> !field.startsWith("Date: ")).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void saysNothingOfContentWhereThereIsNone(int status) throws IOException {
        try (TestClient client = server.connect()) {
            Reply reply = client.get("/status/" + status);
            assertEquals(status, reply.status());
            assertFalse(reply.has("Content-Length"));
            assertFalse(reply.has("Transfer-Encoding"));
            assertEquals("root", client.get("/").text());
        }
    }

    @Test
    void announcesAnEmptyBody() throws IOException {
        try (TestClient client = server.connect()) {
            client.send("DELETE /thing HTTP/1.1\r\n" + HOST + "\r\n");
            assertEquals(0, client.reply().contentLength().orElseThrow());
        }
    }

    @Test
    void answersOptionsOfTheServer() throws IOException {
        try (TestClient client = server.connect()) {
            Reply reply = client.send("OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n").reply();
            assertEquals(204, reply.status());
            assertTrue(reply.header("Allow").contains("GET"));
        }
    }

    @Test
    void answersOptionsOfAPath() throws IOException {
        try (TestClient client = server.connect()) {
            Reply reply = client.send("OPTIONS /echo HTTP/1.1\r\n" + HOST + "\r\n").reply();
            assertEquals(204, reply.status());
            assertEquals("POST, OPTIONS", reply.header("Allow"));
        }
    }

    @Test
    void isNoTunnel() throws IOException {
        try (TestClient client = server.connect()) {
            client.send("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n");
            assertEquals(501, client.reply().status());
            assertEquals("root", client.get("/").text());
        }
    }

    @Test
    void takesAnAbsoluteTarget() throws IOException {
        try (TestClient client = server.connect()) {
            client.send("GET http://a.example/hello/far?x=1 HTTP/1.1\r\n" + HOST + "\r\n");
            assertEquals("Hello, far!", client.reply().text());
            client.send("GET http://a.example HTTP/1.1\r\n" + HOST + "\r\n");
            assertEquals("root", client.reply().text());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/hello/a%20b, 'Hello, a b!'",
        "/hello/a+b, 'Hello, a+b!'",
        "/hello/%E2%82%AC, 'Hello, €!'",
        "/hello/a%2Fb, 'Hello, a/b!'",
        "/%68ello/x, 'Hello, x!'",
        "/rest/, []",
        "/rest/a/b%20c/, [a/b c/]",
        "/query?a=1&b=2, '1,2'",
        "/query?b=%26+%3D&a=, ',& ='"
    })
    void decodesPathsAndQueries(String path, String expected) throws IOException {
        try (TestClient client = server.connect()) {
            Reply reply = client.get(path);
            assertEquals(200, reply.status());
            assertEquals(expected, new String(reply.body(), StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /nothing, 404, ''",
        "GET, /hello/, 404, ''",
        "GET, /rest, 404, ''",
        "GET, /hello/%FF, 400, ''",
        "POST, /, 405, 'GET, HEAD, OPTIONS'",
        "GET, /echo, 405, 'POST, OPTIONS'",
        "DELETE, /hello/x, 405, 'GET, HEAD, OPTIONS'",
        "BREW, /, 501, 'GET, HEAD, OPTIONS'",
        "get, /, 501, 'GET, HEAD, OPTIONS'"
    })
    void refusesWhatNoRouteTakesAndGoesOn(String method, String path, int status, String allow)
            throws IOException {
        try (TestClient client = server.connect()) {
            client.send(method + " " + path + " HTTP/1.1\r\n" + HOST + "\r\n");
            Reply reply = client.reply();
            assertEquals(status, reply.status());
            assertEquals(allow, reply.header("Allow"));
            assertEquals("root", client.get("/").text());
        }
    }

    @Test
    void servesTheJdksHttpClient() {
        assumeTrue(network.isReal(), "that client brings sockets of its own");
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        try (HttpClient client = builder.build()) {
            URI uri = URI.create("http://127.0.0.1:" + server.port() + "/echo");
            List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                byte[] body = new byte[i * 1000];
                new Random(i).nextBytes(body);
                HttpRequest request =
                        HttpRequest.newBuilder(uri)
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .expectContinue(i % 2 == 0)
                                .build();
                answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()));
            }
            for (int i = 0; i < 50; i++) {
                byte[] body = new byte[i * 1000];
                new Random(i).nextBytes(body);
                assertEquals(200, answers.get(i).join().statusCode());
                assertArrayEquals(body, answers.get(i).join().body());
            }
        }
    }

    @Test
    void tellsWhatItRunsOn() {
        try (HttpServer running =
                HttpServer.start(
                        TestServer.config(network).withShards(2),
                        HttpLimits.defaults(),
                        network.transport(),
                        (_, r) -> r.send("x"))) {
            assertEquals(2, running.shardCount());
            assertEquals(2, running.counters().size());
            assertNotEquals(0, running.port());
            assertEquals(running.port(), running.address().getPort());
            assertFalse(running.transport().name().isEmpty());
            assertFalse(running.transport().reason().isEmpty());
            assertFalse(running.transportDetails().isEmpty());
        }
    }

    @Test
    void twoShardsServeOnePort() throws IOException {
        try (HttpServer running =
                HttpServer.start(
                        TestServer.config(network).withShards(2),
                        HttpLimits.defaults(),
                        network.transport(),
                        (_, r) -> r.send("x"))) {
            // The kernel spreads connections by a hash of their ports: 64 on one side is no chance.
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 64; i++)
                clients.add(TestClient.connect(network.socket(), running.address()));
            for (TestClient client : clients) assertEquals("x", client.get("/").text());
            for (var counters : running.counters()) assertTrue(counters.accepted() > 0);
            for (TestClient client : clients) client.close();
        }
    }

    @Test
    void aPortInUseIsOneLine() {
        StartException refused =
                assertThrows(
                        StartException.class,
                        () ->
                                HttpServer.start(
                                        TestServer.config(network).withPort(server.port()),
                                        HttpLimits.defaults(),
                                        network.transport(),
                                        (_, response) -> response.send()));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("in use"), message);
        assertFalse(message.contains("\n"));
    }
}
