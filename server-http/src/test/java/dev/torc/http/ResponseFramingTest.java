package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Slice;
import dev.torc.http.file.FileHandler;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where a response ends, and what becomes of its connection, whichever way it is sent.
@EveryNetwork
class ResponseFramingTest {
    private static final byte[] BODY = TestClient.bytes("0123456789");
    private static final List<String> WAYS =
            List.of(
                    "text",
                    "bytes",
                    "later",
                    "stream",
                    "sized-stream",
                    "output",
                    "sized-output",
                    "file");

    @Parameter Network network;
    @TempDir Path directory;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        Files.write(directory.resolve("file.txt"), BODY);
        FileHandler files = new FileHandler(directory, "path");
        Router router =
                new Router()
                        .get("/text/{code:int}", with(r -> r.send("0123456789")))
                        .get("/bytes/{code:int}", with(r -> r.send(BODY)))
                        .get("/later/{code:int}", with(ResponseFramingTest::later))
                        .get("/stream/{code:int}", with(r -> r.stream(new Digits())))
                        .get(
                                "/sized-stream/{code:int}",
                                with(r -> r.contentLength(10).stream(new Digits())))
                        .get(
                                "/output/{code:int}",
                                Handlers.blocking(with(ResponseFramingTest::write)))
                        .get(
                                "/sized-output/{code:int}",
                                Handlers.blocking(with(r -> write(r.contentLength(10)))))
                        .group(
                                "/file/{code:int}",
                                group ->
                                        group.filter(ResponseFramingTest::status)
                                                .get("/{path...}", files))
                        .get("/length", (_, response) -> response.contentLength(123_456).send())
                        .get("/short", (_, response) -> response.contentLength(11).send(BODY))
                        .get("/closing", with(r -> r.header("Connection", "close").send(BODY)));
        server = TestServer.start(network, router);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private interface Answer {
        void send(Response response) throws IOException;
    }

    /// `0` to `9`, in two pieces.
    private static final class Digits implements BodyProducer {
        private int sent;

        @Override
        public Progress produce(Slice buffer) {
            buffer.append(BODY, sent, 5);
            sent += 5;
            return sent == BODY.length ? Progress.DONE : Progress.MORE;
        }
    }

    private static Handler with(Answer answer) {
        return (request, response) -> {
            if (!request.routeTemplate().equals("/closing")) {
                response.status(request.pathInt("code"));
            }
            answer.send(response);
        };
    }

    private static void status(Request request, Response response, Handler next) throws Exception {
        response.status(request.pathInt("code"));
        next.handle(request, response);
    }

    private static void later(Response response) {
        Thread.ofVirtual().start(() -> response.send(BODY));
    }

    private static void write(Response response) throws IOException {
        try (OutputStream out = response.outputStream()) {
            out.write(BODY);
        }
    }

    private static String path(String way, int code) {
        return "/" + way + "/" + code + (way.equals("file") ? "/file.txt" : "");
    }

    private static String request(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private static List<String> withoutDate(Reply reply) {
        return reply.fields().stream().filter(field -> !field.startsWith("Date: ")).toList();
    }

    @Test
    void everyWayAnswersHeadAsGetButForTheBody() throws IOException {
        try (TestClient client = server.connect()) {
            for (String way : WAYS) {
                Reply get = client.send(request("GET", path(way, 200))).reply();
                Reply head = client.send(request("HEAD", path(way, 200))).replyToHead();
                assertEquals(200, get.status(), way);
                assertArrayEquals(BODY, get.body(), way);
                assertEquals(get.statusLine(), head.statusLine(), way);
                assertEquals(withoutDate(get), withoutDate(head), way);
                assertTrue(head.has("Date"), way);
                boolean sized = !way.equals("stream") && !way.equals("output");
                assertEquals(sized ? "10" : "", head.header("Content-Length"), way);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205, 304})
    void noWaySendsABodyWithAStatusThatHasNone(int code) throws IOException {
        try (TestClient client = server.connect()) {
            for (String way : WAYS) {
                for (String method : List.of("GET", "HEAD")) {
                    client.send(request(method, path(way, code)));
                    Reply reply = method.equals("GET") ? client.reply() : client.replyToHead();
                    assertEquals(code, reply.status(), way);
                    assertEquals(code == 205 ? "0" : "", reply.header("Content-Length"), way);
                    assertFalse(reply.has("Transfer-Encoding"), way);
                    assertFalse(reply.closes(), way);
                    assertEquals("", reply.text(), way);
                }
            }
            // nothing was sent that the client has not read
            assertArrayEquals(BODY, client.get("/bytes/200").body());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 205, 304, 404})
    void noWayNeedsChunksForHttp10(int code) throws IOException {
        for (String way : WAYS) {
            try (TestClient client = server.connect()) {
                String keep = " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
                Reply reply = client.send("GET " + path(way, code) + keep).reply();
                boolean content = code == 200 || code == 404;
                assertEquals(code, reply.status(), way);
                assertEquals(content ? "0123456789" : "", reply.text(), way);
                assertFalse(reply.has("Transfer-Encoding"), way);
                boolean endless = content && (way.equals("stream") || way.equals("output"));
                assertEquals(endless ? "close" : "keep-alive", reply.header("Connection"), way);
                if (endless) {
                    assertTrue(client.isAtEnd(), way);
                } else {
                    assertArrayEquals(BODY, client.get("/bytes/200").body(), way);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "1.1, -,                    '',         true",
                "1.1, keep-alive,           '',         true",
                "1.1, close,                close,      false",
                "1.1, CLOSE,                close,      false",
                "1.1, 'keep-alive, close',  close,      false",
                "1.1, 'x, close',           close,      false",
                "1.1, 'Upgrade, HTTP2',     '',         true",
                "1.0, -,                    close,      false",
                "1.0, keep-alive,           keep-alive, true",
                "1.0, 'x, Keep-Alive',      keep-alive, true",
                "1.0, close,                close,      false",
                "1.0, 'keep-alive, close',  close,      false"
            })
    void theConnectionPersistsAsBothSidesSay(
            String version, @Nullable String asked, String told, boolean persists)
            throws IOException {
        for (String way : List.of("bytes", "later", "sized-stream", "sized-output")) {
            try (TestClient client = server.connect()) {
                String field = asked == null ? "" : "Connection: " + asked + "\r\n";
                String start = "GET " + path(way, 200) + " HTTP/" + version + "\r\nHost: a\r\n";
                Reply reply = client.send(start + field + "\r\n").reply();
                assertArrayEquals(BODY, reply.body(), way);
                assertEquals(told, reply.header("Connection"), way);
                if (persists) {
                    assertArrayEquals(BODY, client.get("/bytes/200").body(), way);
                } else {
                    assertTrue(client.isAtEnd(), way);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1.0, keep-alive", "1.1, keep-alive", "1.1, close"})
    void aHandlerThatClosesHasTheLastWord(String version, String asked) throws IOException {
        try (TestClient client = server.connect()) {
            String fields = "\r\nHost: a\r\nConnection: " + asked + "\r\n\r\n";
            Reply reply = client.send("GET /closing HTTP/" + version + fields).reply();
            assertEquals("close", reply.header("Connection"));
            assertArrayEquals(BODY, reply.body());
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void aLengthThatIsAnnouncedIsToldToHeadWithoutABody() throws IOException {
        try (TestClient client = server.connect()) {
            Reply head = client.send(request("HEAD", "/length")).replyToHead();
            assertEquals(123_456, head.contentLength().orElseThrow());
            assertArrayEquals(BODY, client.get("/bytes/200").body());
        }
    }

    @Test
    void aBodyThatIsNotAsLongAsAnnouncedIsNotSent() throws IOException {
        try (TestClient client = server.connect()) {
            assertEquals(500, client.get("/short").status());
            assertEquals(500, client.get("/length").status());
            assertEquals(500, client.send(request("HEAD", "/short")).replyToHead().status());
            assertArrayEquals(BODY, client.get("/bytes/200").body());
        }
    }
}
