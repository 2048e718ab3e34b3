package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.BodyProducer.Progress;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Fields after a chunked body.
@EveryNetwork
class ResponseTrailerTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter Network network;

    private static BodyProducer saying(String text) {
        return buffer -> {
            buffer.append(TestClient.bytes(text), 0, text.length());
            return Progress.DONE;
        };
    }

    @Test
    void followsAStreamAndIsAnnounced() throws IOException {
        Handler handler =
                (_, response) -> {
                    AtomicInteger pieces = new AtomicInteger();
                    response
                            .trailer("X-Pieces", () -> "" + pieces.get())
                            .trailer("X-None", () -> null)
                            .stream(
                                    buffer -> {
                                        buffer.append(TestClient.bytes("p"), 0, 1);
                                        boolean last = pieces.incrementAndGet() == 3;
                                        return last ? Progress.DONE : Progress.MORE;
                                    });
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            client.send(GET + GET);
            for (int i = 0; i < 2; i++) {
                Reply reply = client.reply();
                assertEquals("X-Pieces, X-None", reply.header("Trailer"));
                assertEquals("ppp", reply.text());
                assertEquals(List.of("X-Pieces: 3"), reply.trailers());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500_000})
    void followsAnOutputStream(int bytes) throws IOException {
        Handler handler =
                Handlers.blocking(
                        (_, response) -> {
                            int[] written = new int[1];
                            response.trailer("X-Bytes", () -> "" + written[0]);
                            try (OutputStream out = response.outputStream()) {
                                out.write(new byte[bytes]);
                                written[0] = bytes;
                            }
                        });
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            for (int i = 0; i < 2; i++) {
                Reply reply = client.send(GET).reply();
                assertEquals(bytes, reply.body().length);
                assertEquals(List.of("X-Bytes: " + bytes), reply.trailers());
            }
        }
    }

    /// What answers without chunks, whatever it was told of trailers.
    private void expectNone(String request, Consumer<Response> answer) throws IOException {
        Handler handler =
                (_, response) ->
                        answer.accept(
                                response.trailer(
                                        "X-Never",
                                        () -> {
                                            throw new IllegalStateException("asked");
                                        }));
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            Reply reply = client.send(request).reply();
            assertEquals("body", reply.text());
            assertFalse(reply.has("Trailer"));
            assertEquals(List.of(), reply.trailers());
        }
    }

    @Test
    void hasNoPlaceWithoutChunks() throws IOException {
        String old = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
        expectNone(GET, response -> response.send("body"));
        expectNone(GET, response -> response.contentLength(4).stream(saying("body")));
        expectNone(old, response -> response.send("body"));
        expectNone(old, response -> response.stream(saying("body")));
        expectNone(old, response -> response.contentLength(4).stream(saying("body")));
    }

    @Test
    void isAnnouncedToHeadOnly() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        Handler handler =
                (_, response) ->
                        response.trailer("X-Asked", () -> "" + asked.incrementAndGet()).stream(
                                saying("body"));
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("X-Asked", client.replyToHead().header("Trailer"));
            assertEquals(0, asked.get());
            assertEquals(List.of("X-Asked: 1"), client.send(GET).reply().trailers());
        }
    }

    @Test
    void isForgottenWithTheResponseThatFailed() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        Handler handler =
                (_, response) -> {
                    if (requests.getAndIncrement() == 1) {
                        response.stream(saying("next"));
                    } else {
                        response.trailer("X-Lost", () -> "lost");
                        throw new UnsupportedOperationException();
                    }
                };
        Router router =
                new Router()
                        .get("/", handler)
                        .onException(
                                UnsupportedOperationException.class,
                                (_, _, response) -> response.stream(saying("mapped")));
        try (TestServer server = TestServer.start(network, router);
                TestClient client = server.connect()) {
            for (String text : List.of("mapped", "next", "mapped")) {
                Reply reply = client.send(GET).reply();
                assertEquals(text, reply.text());
                assertFalse(reply.has("Trailer"));
                assertEquals(List.of(), reply.trailers());
            }
        }
    }

    @Test
    void thatCannotBeSentAbortsTheConnection() throws IOException {
        Handler handler =
                (request, response) ->
                        response
                                .trailer(
                                        "X-Bad",
                                        () -> {
                                            if (request.rawPath().equals("/split")) {
                                                return "a\r\nSet-Cookie: b";
                                            }
                                            throw new IllegalStateException("on purpose");
                                        })
                                .stream(saying("body"));
        try (TestServer server = TestServer.start(network, handler)) {
            for (String path : List.of("/split", "/throw")) {
                try (TestClient client = server.connect()) {
                    client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
                    String all = client.restOrReset();
                    assertFalse(all.contains("\r\n0\r\n") || all.contains("Cookie"), all);
                }
            }
        }
    }

    @Test
    void isRefusedWhereItIsNamed() throws IOException {
        Handler handler =
                (_, response) -> {
                    for (String name :
                            List.of("Content-Length", "Set-Cookie", "a b", "a\r\nb", "")) {
                        assertThrows(
                                IllegalArgumentException.class,
                                () -> response.trailer(name, () -> "x"));
                    }
                    assertThrows(
                            IllegalArgumentException.class, () -> response.header("Trailer", "X"));
                    response.stream(saying("fine"));
                    assertThrows(
                            IllegalStateException.class, () -> response.trailer("X", () -> "x"));
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            Reply reply = client.send(GET).reply();
            assertEquals("fine", reply.text());
            assertFalse(reply.has("Trailer"));
            assertTrue(reply.trailers().isEmpty());
        }
    }
}
