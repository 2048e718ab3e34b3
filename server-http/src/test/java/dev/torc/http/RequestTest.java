package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Limits;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

@EveryNetwork
class RequestTest {
    private static final String REQUEST =
            String.join(
                    "\r\n",
                    "POST /a%20b/c?x=1&x=2&y=%41+%42 HTTP/1.1",
                    "Host: h",
                    "X-One: first",
                    "x-one:  second ",
                    "Empty:",
                    "Content-Length: 5",
                    "",
                    "b\u00c3\u00a9dy");

    @Parameter Network network;

    /// Runs `check` in a handler and rethrows what it throws.
    private void inHandler(Handler check) throws Exception {
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        Handler handler =
                (request, response) -> {
                    try {
                        check.handle(request, response);
                        outcome.complete(true);
                    } catch (Throwable failure) {
                        outcome.completeExceptionally(failure);
                    }
                    if (!response.isCommitted()) response.send();
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            assertEquals(200, client.send(REQUEST).reply().status());
            assertTrue(outcome.get());
        }
    }

    @Test
    void tellsAllThatWasSent() throws Exception {
        inHandler(
                (request, _) -> {
                    assertEquals(Method.POST, request.method());
                    assertEquals("POST", request.methodText());
                    assertEquals("/a%20b/c", request.rawPath());
                    assertEquals("1", request.query().first("x"));
                    assertEquals(List.of("1", "2"), request.query().all("x"));
                    assertEquals("A B", request.query().first("y"));
                    assertEquals("first", request.header("X-ONE"));
                    assertEquals(List.of("first", "second"), request.headers("x-One"));
                    assertEquals("", request.header("empty"));
                    assertNull(request.header("absent"));
                    assertEquals(List.of(), request.headers("absent"));
                    assertEquals(5, request.headerCount());
                    assertEquals("x-one", request.headerName(2));
                    assertEquals("second", request.headerValue(2));
                    assertEquals("bédy", request.bodyText());
                    assertEquals(5, request.body().length());
                    assertArrayEquals(TestClient.bytes("b\u00c3\u00a9dy"), request.bodyBytes());
                    assertEquals("", request.routeTemplate());
                    assertThrows(
                            IllegalArgumentException.class, () -> request.pathParameter("name"));
                });
    }

    @Test
    void isOverWhenTheHandlerReturns() throws IOException {
        ConcurrentLinkedQueue<Request> leaked = new ConcurrentLinkedQueue<>();
        Handler handler =
                (request, response) -> {
                    leaked.add(request);
                    if (request.method() == Method.POST) response.send();
                };
        try (TestServer server = TestServer.start(network, handler)) {
            try (TestClient answered = server.connect();
                    TestClient unanswered = server.connect()) {
                assertEquals(200, answered.send(REQUEST).reply().status());
                unanswered.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                Await.until("both are handled", () -> leaked.size() == 2);
                Request last = server.ask(_ -> leaked.poll());
                for (Request request : List.of(last, server.ask(_ -> leaked.poll()))) {
                    for (Executable use : uses(request)) {
                        IllegalStateException refused =
                                assertThrows(IllegalStateException.class, use);
                        assertTrue(String.valueOf(refused.getMessage()).contains("retain()"));
                    }
                }
                unanswered.reset();
            }
        }
    }

    private static List<Executable> uses(Request request) {
        return List.of(
                request::method,
                request::methodText,
                request::rawPath,
                request::query,
                () -> request.pathParameter("name"),
                () -> request.header("Host"),
                () -> request.headers("Host"),
                request::headerCount,
                () -> request.headerName(0),
                () -> request.headerValue(0),
                request::body,
                request::bodyBytes,
                request::bodyText,
                request::retain);
    }

    @Test
    void staysWhenItIsRetained() throws Exception {
        List<Request> kept = new ArrayList<>();
        Router router =
                new Router()
                        .post(
                                "/{first}/c",
                                (request, response) -> {
                                    request.retain();
                                    request.retain();
                                    kept.add(request);
                                    response.send(request.body());
                                });
        try (TestServer server = TestServer.start(network, router);
                TestClient client = server.connect()) {
            for (int i = 0; i < 3; i++) {
                assertEquals("b\u00c3\u00a9dy", client.send(REQUEST).reply().text());
            }
            // other requests use the memory that these were received in
            for (int i = 0; i < 2000; i++) client.get("/overwrite/" + "x".repeat(i));
            for (int i = 0; i < 3; i++) {
                Request request = server.ask(_ -> kept.removeFirst());
                assertEquals("first,second", String.join(",", request.headers("X-One")));
                assertEquals("bédy", request.bodyText());
                assertEquals("/a%20b/c", request.rawPath());
                assertEquals("a b", request.pathParameter("first"));
                assertEquals("A B", request.query().first("y"));
                assertEquals("/{first}/c", request.routeTemplate());
            }
        }
    }

    @Test
    void keepsItsHeadWhileItsBodyArrives() throws IOException {
        Limits limits = Limits.defaults().withReceiveBuffers(4, 256);
        Handler handler =
                (request, response) ->
                        response.send(
                                request.rawPath() + request.header("X-One") + request.bodyText());
        try (TestServer server = TestServer.start(network, limits, HttpLimits.defaults(), handler);
                TestClient slow = server.connect();
                TestClient other = server.connect()) {
            assertEquals(200, slow.get("/").status());
            long receives = server.counters().receives();
            slow.send("PUT /slow HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nContent-Length: 4\r\n\r\n");
            Await.until("it is read", () -> receives < server.counters().receives());
            // the four receive buffers are used again and again meanwhile
            for (int i = 0; i < 20; i++)
                assertEquals(200, other.get("/" + "x".repeat(200)).status());
            assertEquals("/slow1body", slow.send("body").reply().text());
        }
    }

    @Test
    void aRetainedBodyOutlivesItsConnection() throws Exception {
        CompletableFuture<Request> kept = new CompletableFuture<>();
        Handler handler =
                (request, _) -> {
                    request.retain();
                    kept.complete(request);
                };
        byte[] body = new byte[100_000];
        for (int i = 0; i < body.length; i++) body[i] = (byte) i;
        try (TestServer server = TestServer.start(network, handler)) {
            try (TestClient client = server.connect()) {
                client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
                client.send(body);
                kept.orTimeout(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).join();
                client.reset();
            }
            server.awaitNothingHeld();
            assertArrayEquals(
                    body,
                    kept.orTimeout(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).join().bodyBytes());
        }
    }
}
