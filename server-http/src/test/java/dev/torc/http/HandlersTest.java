package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;

@EveryNetwork
class HandlersTest {
    @Parameter Network network;

    private static Handler only(Handler handler) {
        return new Router()
                .get("/", Handlers.blocking(handler))
                .get("/fine", (_, response) -> response.send("fine"));
    }

    @Test
    void runsOnAVirtualThread() throws IOException {
        Handler handler =
                only((_, response) -> response.send("" + Thread.currentThread().isVirtual()));
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            assertEquals("true", client.get("/").text());
        }
    }

    @Test
    void servesOthersWhileOneBlocks() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Handler handler =
                only(
                        (_, response) -> {
                            gate.await();
                            response.send("late");
                        });
        try (TestServer server = TestServer.start(network, handler);
                TestClient slow = server.connect();
                TestClient quick = server.connect()) {
            slow.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("fine", quick.get("/fine").text());
            gate.countDown();
            assertEquals("late", slow.reply().text());
        }
    }

    @Test
    void seesTheWholeRequest() throws IOException {
        Handler handler =
                Handlers.blocking(
                        (request, response) ->
                                response.send(
                                        request.methodText()
                                                + request.rawPath()
                                                + request.header("X-Name")
                                                + request.query().first("q")
                                                + request.bodyText()));
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            String head = "PUT /path?q=1 HTTP/1.1\r\nHost: a\r\nX-Name: n\r\n";
            String request = head + "Content-Length: 4\r\n\r\nbody";
            client.send(request + request);
            assertEquals("PUT/pathn1body", client.reply().text());
            assertEquals("PUT/pathn1body", client.reply().text());
        }
    }

    @Test
    void answers500WhenTheHandlerThrows() throws IOException {
        Handler handler =
                only(
                        (_, response) -> {
                            response.status(201).header("X-Half", "done");
                            throw new IOException("secret");
                        });
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            Reply reply = client.get("/");
            assertEquals(500, reply.status());
            assertFalse(reply.has("X-Half"));
            assertFalse(reply.text().contains("secret"));
            assertEquals("fine", client.get("/fine").text());
        }
    }

    @Test
    void answers500WhenTheHandlerReturnsWithoutAnAnswer() throws IOException {
        try (TestServer server = TestServer.start(network, only((_, _) -> {}));
                TestClient client = server.connect()) {
            assertEquals(500, client.get("/").status());
            assertEquals("fine", client.get("/fine").text());
        }
    }

    @Test
    void endsAStreamThatTheHandlerLeftOpen() throws IOException {
        Handler handler = only((_, response) -> response.outputStream().write(new byte[] {'x'}));
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            Reply reply = client.get("/");
            assertTrue(reply.isChunked());
            assertEquals("x", reply.text());
            assertEquals("fine", client.get("/fine").text());
        }
    }

    @Test
    void abortsWhenTheHandlerThrowsWithinAStream() throws IOException {
        Handler handler =
                only(
                        (_, response) -> {
                            OutputStream out = response.outputStream();
                            out.write(new byte[1000]);
                            out.flush();
                            throw new IOException("halfway");
                        });
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            assertThrows(IOException.class, () -> client.get("/"));
            try (TestClient other = server.connect()) {
                assertEquals("fine", other.get("/fine").text());
            }
        }
    }

    @Test
    void losesNothingWhenTheClientGoesBeforeTheAnswer() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        CompletableFuture<String> seen = new CompletableFuture<>();
        Handler handler =
                Handlers.blocking(
                        (request, response) -> {
                            entered.countDown();
                            gate.await();
                            seen.complete(request.bodyText());
                            response.send("too late");
                        });
        try (TestServer server = TestServer.start(network, handler)) {
            try (TestClient client = server.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nkept");
                assertTrue(entered.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
                client.reset();
            }
            server.awaitNothingHeld();
            gate.countDown();
            assertEquals("kept", seen.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
    }

    @Test
    void aWriterToAClientThatHasGoneIsTold() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        Handler handler =
                Handlers.blocking(
                        (_, response) -> {
                            try (OutputStream out = response.outputStream()) {
                                while (true) out.write(new byte[10_000]);
                            } catch (IOException gone) {
                                told.complete(gone);
                            }
                        });
        try (TestServer server = TestServer.start(network, handler)) {
            try (TestClient client = server.connectNarrow()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertEquals(1000, client.read(1000).length);
                client.reset();
            }
            Throwable failure = told.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertInstanceOf(IOException.class, failure);
            assertEquals("the connection has ended", failure.getMessage());
        }
    }

    /// As thrown by the stream, and as wrapped by a library in between.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientThatGoesWhileItIsWrittenToIsNoError(boolean wrapped) throws IOException {
        Handler handler =
                Handlers.blocking(
                        (_, response) -> {
                            OutputStream out = response.outputStream();
                            try {
                                while (true) out.write(new byte[10_000]);
                            } catch (IOException gone) {
                                throw wrapped ? new UncheckedIOException(gone) : gone;
                            }
                        });
        try (LogRecords log = new LogRecords(Failures.class);
                TestServer server = TestServer.start(network, handler)) {
            for (int i = 1; i <= 5; i++) {
                int ended = i;
                try (TestClient client = server.connectNarrow()) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertEquals(1000, client.read(1000).length);
                    client.reset();
                }
                Await.until("the handler ended", () -> log.at(Level.FINE).size() == ended);
            }
            assertEquals(0, log.at(Level.SEVERE).size());
        }
    }

    @Test
    void handlersThatFailDoNotFloodTheLog() throws IOException {
        Handler handler =
                only(
                        (_, _) -> {
                            throw new IOException("failed on purpose");
                        });
        int failures = 300;
        long start = System.nanoTime();
        try (LogRecords log = new LogRecords(Failures.class);
                TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            for (int i = 0; i < failures; i++) assertEquals(500, client.get("/").status());
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            List<LogRecord> logged = log.at(Level.SEVERE);
            assertTrue(!logged.isEmpty() && logged.size() <= seconds + 1, "" + logged.size());
            String message = logged.getFirst().getMessage();
            assertTrue(message.matches("request [0-9a-f]{32} failed: GET /"), message);
            assertEquals("failed on purpose", logged.getFirst().getThrown().getMessage());
        }
    }

    @Test
    void saysHowManyFailuresItDidNotLog() throws IOException {
        Handler handler = only((_, _) -> {});
        try (LogRecords log = new LogRecords(Failures.class);
                TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            int failures = 0;
            while (log.at(Level.SEVERE).size() < 2) {
                assertEquals(500, client.get("/").status());
                failures++;
            }
            String second = log.at(Level.SEVERE).getLast().getMessage();
            assertTrue(second.contains(" (" + (failures - 2) + " more like it"), second);
        }
    }
}
