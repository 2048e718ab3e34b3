package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Slice;
import dev.torc.http.BodyProducer.Progress;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.Seed;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

@EveryNetwork
class ResponseTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter Network network;

    @Test
    void sendsStatusFieldsTypeAndBody() throws IOException {
        Handler handler =
                (_, response) ->
                        response.status(201)
                                .header("X-One", "1")
                                .header("X-One", "2")
                                .header("Location", "/there")
                                .contentType(MediaType.APPLICATION_JSON)
                                .send("{}");
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            for (int i = 0; i < 2; i++) {
                Reply reply = client.send(GET).reply();
                assertEquals("HTTP/1.1 201 Created", reply.statusLine());
                assertEquals(List.of("1", "2"), reply.headers("X-One"));
                assertEquals("/there", reply.header("Location"));
                assertEquals("application/json", reply.header("Content-Type"));
                assertEquals("{}", reply.text());
            }
        }
    }

    @Test
    void sendsAPartOfAnArrayAndASlice() throws IOException {
        AtomicInteger count = new AtomicInteger();
        Handler handler =
                (request, response) -> {
                    if (count.getAndIncrement() == 0) {
                        response.send(TestClient.bytes("-middle-"), 1, 6);
                    } else {
                        response.send(request.body());
                    }
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            assertEquals("middle", client.send(GET).reply().text());
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nslice");
            assertEquals("slice", client.reply().text());
        }
    }

    @Test
    void tellsWhenItIsCommittedAndWithWhichStatus() throws IOException {
        ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
        Handler handler =
                (request, response) -> {
                    String path = request.rawPath();
                    response.whenCommitted(() -> told.add(path + response.status().code()));
                    if (path.equals("/fails")) throw new IOException("on purpose");
                    if (path.equals("/stream")) response.stream(_ -> Progress.DONE);
                    else response.status(201).send("x");
                };
        try (TestServer server = TestServer.start(network, new Router().get("/{p...}", handler));
                TestClient client = server.connect()) {
            for (String path : List.of("/a", "/fails", "/stream", "/a")) client.get(path);
        }
        assertEquals(List.of("/a201", "/fails500", "/stream200", "/a201"), List.copyOf(told));
    }

    @Test
    void isSentOnce() throws IOException {
        AtomicInteger refusals = new AtomicInteger();
        Handler handler =
                (request, response) -> {
                    assertFalse(response.isCommitted());
                    response.send("once");
                    assertTrue(response.isCommitted());
                    List<Runnable> again =
                            List.of(
                                    response::send,
                                    () -> response.send("twice"),
                                    () -> response.send(new byte[1]),
                                    () -> response.send(request.body()),
                                    () -> response.status(500),
                                    () -> response.header("X", "y"),
                                    () -> response.contentLength(1),
                                    () -> response.contentType(MediaType.TEXT_HTML_UTF_8),
                                    () -> response.stream(_ -> Progress.DONE));
                    for (Runnable use : again) {
                        assertThrows(IllegalStateException.class, use::run);
                        refusals.incrementAndGet();
                    }
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            assertEquals("once", client.send(GET).reply().text());
            assertEquals("once", client.send(GET).reply().text());
            Await.until("all were refused", () -> refusals.get() == 18);
        }
    }

    @Test
    void aHandlerThatThrowsAnswersItsOwnRequestOnly() throws IOException {
        AtomicInteger count = new AtomicInteger();
        Handler handler =
                (_, response) -> {
                    if (count.getAndIncrement() % 2 == 0) {
                        response.status(202).header("X-Half", "done");
                        throw new IllegalStateException("secret");
                    }
                    response.send("fine");
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            client.send(GET.repeat(4));
            for (int i = 0; i < 2; i++) {
                Reply failed = client.reply();
                assertEquals(500, failed.status());
                assertFalse(failed.has("X-Half"));
                assertFalse(failed.text().contains("secret"));
                assertEquals("fine", client.reply().text());
            }
        }
    }

    @Test
    void aHandlerThatThrowsAfterSendingHasAnswered() throws IOException {
        Handler handler =
                (_, response) -> {
                    response.send("sent");
                    throw new IllegalStateException("too late");
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            client.send(GET + GET);
            assertEquals("sent", client.reply().text());
            assertEquals("sent", client.reply().text());
        }
    }

    @Test
    void aHandlerThatThrowsWithinItsStreamAborts() throws IOException {
        Handler handler =
                (_, response) -> {
                    response.stream(_ -> Progress.LATER);
                    throw new IllegalStateException("halfway");
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            assertFalse(client.send(GET).restOrReset().contains("0\r\n\r\n"));
        }
    }

    @Test
    void anErrorOfTheHandlerIsNoErrorOfTheShard() throws IOException {
        Handler handler =
                (request, response) -> {
                    if (request.rawPath().equals("/error")) throw new StackOverflowError();
                    response.send("fine");
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            assertEquals(500, client.get("/error").status());
            assertEquals("fine", client.get("/").text());
        }
    }

    @Test
    void completesLaterFromManyThreadsInTheOrderOfTheRequests() throws Exception {
        long seed = Seed.next();
        int clients = 8;
        int requests = 50;
        ConcurrentLinkedQueue<Runnable> answers = new ConcurrentLinkedQueue<>();
        Handler handler =
                (request, response) -> {
                    String path = request.rawPath();
                    answers.add(() -> response.send(path));
                };
        try (TestServer server = TestServer.start(network, handler)) {
            List<TestClient> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                StringBuilder pipeline = new StringBuilder();
                for (int j = 0; j < requests; j++) {
                    pipeline.append("GET /" + i + "/" + j + " HTTP/1.1\r\nHost: a\r\n\r\n");
                }
                all.add(server.connect().send(pipeline.toString()));
            }
            int answered = 0;
            Random random = new Random(seed);
            while (answered < clients * requests) {
                Await.until("one waits", () -> !answers.isEmpty());
                List<Runnable> ready = new ArrayList<>();
                for (Runnable r = answers.poll(); r != null; r = answers.poll()) ready.add(r);
                Collections.shuffle(ready, random);
                for (Runnable answer : ready) Thread.ofVirtual().start(answer);
                answered += ready.size();
            }
            for (int i = 0; i < clients; i++) {
                for (int j = 0; j < requests; j++) {
                    String expected = "/" + i + "/" + j;
                    assertEquals(expected, all.get(i).reply().text(), () -> "seed " + seed);
                }
                all.get(i).close();
            }
        }
    }

    @Test
    void mayBeSentByAThreadWhileTheHandlerStillRuns() throws IOException {
        Handler handler =
                (_, response) -> {
                    CompletableFuture<Void> sent =
                            CompletableFuture.runAsync(() -> response.send("by another"));
                    sent.join();
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            client.send(GET + GET);
            assertEquals("by another", client.reply().text());
            assertEquals("by another", client.reply().text());
        }
    }

    @Test
    void isAbortedFromAnywhere() throws IOException {
        Handler handler =
                (request, response) -> {
                    if (request.rawPath().equals("/here")) {
                        response.abort();
                    } else {
                        Thread.ofVirtual().start(response::abort);
                    }
                };
        try (TestServer server = TestServer.start(network, handler)) {
            for (String path : new String[] {"/here", "/elsewhere"}) {
                try (TestClient client = server.connect()) {
                    client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertEquals("", client.restOrReset());
                }
            }
        }
    }

    @Test
    void anAbortAfterTheAnswerHitsNoOtherConnection() throws IOException {
        Handler handler =
                (request, response) -> {
                    response.send("sent");
                    if (request.rawPath().equals("/abort")) response.abort();
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient other = server.connect()) {
            for (int i = 0; i < 50; i++) {
                try (TestClient client = server.connect()) {
                    // Both are read in one turn: the other's request comes right behind.
                    client.send("GET /abort HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertEquals("sent", other.send(GET).reply().text());
                    client.restOrReset();
                }
            }
        }
    }

    @Test
    void refusesFieldsThatWouldSplitIt() throws IOException {
        AtomicInteger refused = new AtomicInteger();
        List<String> values = List.of("a\r\nX: b", "a\rb", "a\nb", "a\0b", "€", "\u007f");
        Handler handler =
                (_, response) -> {
                    for (String value : values) {
                        List<Runnable> ways =
                                List.of(
                                        () -> response.header("X-Value", value),
                                        () -> response.header("X" + value, "value"),
                                        () -> response.header("Content-Type", value),
                                        () -> response.header("Content-Type", "a/b;c=" + value),
                                        () -> response.header("Connection", "close" + value),
                                        () -> response.header("Date", value),
                                        () -> response.contentType(MediaType.of("a/" + value)),
                                        () -> response.inform(103, "X-Value", value),
                                        () -> response.inform(103, "X" + value, "value"),
                                        () -> response.trailer("X" + value, () -> "value"));
                        for (Runnable way : ways) {
                            assertThrows(IllegalArgumentException.class, way::run);
                        }
                        refused.incrementAndGet();
                    }
                    response.send("clean");
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            Reply reply = client.send(GET).reply();
            assertEquals("clean", reply.text());
            assertFalse(reply.has("X-Value") || reply.closes());
            assertEquals("text/plain; charset=utf-8", reply.header("Content-Type"));
            assertTrue(reply.header("Date").endsWith(" GMT"));
            assertEquals(values.size(), refused.get());
        }
    }

    @Test
    void refusesToSendASliceElsewhere() throws IOException {
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        Handler handler =
                Handlers.blocking(
                        (_, response) -> {
                            Slice slice = Slice.window();
                            refusal.set(
                                    assertThrows(
                                            IllegalStateException.class,
                                            () -> response.send(slice)));
                            response.send("fine");
                        });
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            assertEquals("fine", client.send(GET).reply().text());
            assertTrue(String.valueOf(refusal.get()).contains("shard's thread"));
        }
    }

    @Test
    void refusesWrongArguments() throws IOException {
        Handler handler =
                (_, response) -> {
                    assertThrows(IllegalArgumentException.class, () -> response.status(99));
                    assertThrows(IllegalArgumentException.class, () -> response.status(600));
                    assertThrows(IllegalArgumentException.class, () -> response.contentLength(-1));
                    assertThrows(
                            IndexOutOfBoundsException.class,
                            () -> response.send(new byte[3], 1, 3));
                    response.send("fine");
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            assertEquals("fine", client.send(GET).reply().text());
        }
    }

    @Test
    void closingByTheHandlerLosesNothingOfALargeAnswer() throws IOException {
        byte[] large = new byte[2 << 20];
        Handler handler =
                (request, response) -> {
                    if (request.method() == Method.GET) response.header("Connection", "close");
                    response.send(large);
                };
        try (TestServer server = TestServer.start(network, handler)) {
            for (int i = 0; i < 10; i++) {
                try (TestClient client = server.connect()) {
                    client.send(GET);
                    assertEquals(1000, client.read(1000).length);
                    // the client does not know yet that nothing more will be answered
                    for (int j = 0; j < 20; j++) client.send(GET);
                    int rest = client.rest().length();
                    assertTrue(rest > large.length - 1000, "rest " + rest);
                }
            }
        }
    }
}
