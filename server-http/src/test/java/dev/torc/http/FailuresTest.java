package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// Whatever fails, on whatever thread: mapped, or logged and answered.
@EveryNetwork
class FailuresTest {
    private static final String HOST = " HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter Network network;

    private static Handler says(String text) {
        return (_, response) -> response.send(text);
    }

    private static Handler fails(Exception failure) {
        return (_, response) -> {
            response.status(201).header("X-Half", "done");
            throw failure;
        };
    }

    /// Adds its name to the response, so that the order shows.
    private static Filter named(String name) {
        return (request, response, next) -> {
            response.header("X-Passed", name);
            next.handle(request, response);
        };
    }

    private static <E extends Throwable> ExceptionMapper<E> answers(String text) {
        return (failure, _, response) ->
                response.status(418).send(text + ": " + failure.getMessage());
    }

    private static List<String> passed(Reply reply) {
        return reply.headers("X-Passed");
    }

    private TestServer start(Router router) {
        return TestServer.start(network, router);
    }

    @Test
    void theMostSpecificMapperOfTheInnermostGroupAnswers() throws IOException {
        Router router =
                new Router()
                        .onException(Exception.class, answers("router any"))
                        .onException(FileNotFoundException.class, answers("router file"))
                        .get("/file", fails(new FileNotFoundException("f")))
                        .group(
                                "/api",
                                api ->
                                        api.onException(IOException.class, answers("api io"))
                                                .get("/file", fails(new FileNotFoundException("f")))
                                                .get("/other", fails(new InterruptedException("o")))
                                                .group("/in", in -> in.get("/io", failsIo())));
        try (TestServer server = start(router);
                TestClient client = server.connect()) {
            Reply reply = client.get("/file");
            assertEquals(418, reply.status());
            assertEquals("router file: f", reply.text());
            assertFalse(reply.has("X-Half"));
            assertEquals("api io: f", client.get("/api/file").text());
            assertEquals("router any: o", client.get("/api/other").text());
            assertEquals("api io: io", client.get("/api/in/io").text());
        }
    }

    private static Handler failsIo() {
        return fails(new IOException("io"));
    }

    @Test
    void refusesASecondMapperForAType() {
        Router router = new Router().onException(IOException.class, answers("1"));
        assertThrows(
                IllegalArgumentException.class,
                () -> router.onException(IOException.class, answers("2")));
    }

    @Test
    void mapsFailuresWhereverTheyHappen() throws IOException {
        Router router =
                new Router()
                        .onException(IOException.class, answers("mapped"))
                        .get("/now", failsIo())
                        .get("/blocking", Handlers.blocking(failsIo()))
                        .get("/later", FailuresTest::failsLater)
                        .get("/future", FailuresTest::failsByFuture)
                        .group("/block", in -> in.blocking().get("/x", failsIo()))
                        .group(
                                "/filter",
                                in ->
                                        in.filter((q, r, _) -> failsIo().handle(q, r))
                                                .get("/x", says("never")));
        try (TestServer server = start(router);
                TestClient client = server.connect()) {
            for (String path :
                    new String[] {
                        "/now", "/blocking", "/later", "/future", "/block/x", "/filter/x"
                    }) {
                Reply reply = client.get(path);
                assertEquals("mapped: io", reply.text(), path);
                assertEquals(418, reply.status());
            }
        }
    }

    private static void failsLater(Request request, Response response) {
        Thread.ofVirtual().start(() -> response.fail(new IOException("io")));
    }

    private static void failsByFuture(Request request, Response response) {
        CompletableFuture<Object> future = new CompletableFuture<>();
        CompletableFuture<Object> _ =
                future.thenApply(value -> value)
                        .whenComplete((_, failure) -> response.fail(failure));
        Thread.ofVirtual().start(() -> future.completeExceptionally(new IOException("io")));
    }

    @Test
    void keepsFieldsOfFiltersAndDropsThoseOfTheHandlerThatFailed() throws IOException {
        Router router =
                new Router()
                        .filter(named("router"))
                        .get("/x", failsIo())
                        .get("/block", Handlers.blocking(failsIo()));
        try (TestServer server = start(router);
                TestClient client = server.connect()) {
            for (String path : new String[] {"/x", "/block"}) {
                Reply reply = client.get(path);
                assertEquals(500, reply.status());
                assertEquals(List.of("router"), passed(reply));
                assertFalse(reply.has("X-Half"));
            }
        }
    }

    @Test
    void logsWhatNothingMapsOnceWithItsId() throws IOException {
        Router router = new Router().get("/x/{id}", failsIo());
        try (LogRecords log = new LogRecords(Failures.class);
                TestServer server = start(router);
                TestClient client = server.connect()) {
            client.send("GET /x/secret HTTP/1.1\r\nHost: a\r\nX-Request-Id: id-7\r\n\r\n");
            assertEquals("500 Internal Server Error\n", client.reply().text());
            List<LogRecord> logged = log.at(Level.SEVERE);
            assertEquals(1, logged.size());
            assertEquals("request id-7 failed: GET /x/{id}", logged.getFirst().getMessage());
            assertEquals("io", logged.getFirst().getThrown().getMessage());
        }
    }

    @Test
    void aMapperThatFailsIsAnsweredWith500() throws IOException {
        ExceptionMapper<IOException> failing =
                (_, _, response) -> {
                    response.status(418).header("X-Half", "mapped");
                    throw new IllegalStateException("mapper");
                };
        Router router =
                new Router()
                        .onException(IOException.class, failing)
                        .onException(IllegalStateException.class, answers("never"))
                        .onException(
                                ArithmeticException.class,
                                (failure, _, response) -> response.fail(failure))
                        .onException(UnsupportedOperationException.class, (_, _, _) -> {})
                        .get("/x", failsIo())
                        .get("/again", fails(new ArithmeticException("a")))
                        .get("/block", Handlers.blocking(failsIo()))
                        .get(
                                "/silent",
                                Handlers.blocking(fails(new UnsupportedOperationException())));
        try (LogRecords log = new LogRecords(Failures.class);
                TestServer server = start(router);
                TestClient client = server.connect()) {
            for (String path : new String[] {"/x", "/again", "/block", "/silent"}) {
                Reply reply = client.get(path);
                assertEquals(500, reply.status(), path);
                assertFalse(reply.has("X-Half"));
            }
            assertFalse(log.at(Level.SEVERE).isEmpty());
        }
    }

    @Test
    void abortsAResponseThatHasBegun() throws IOException {
        Handler begins =
                (_, response) -> {
                    response.stream(_ -> BodyProducer.Progress.LATER);
                    throw new IOException("halfway");
                };
        Router router =
                new Router().onException(IOException.class, answers("never")).get("/x", begins);
        try (LogRecords log = new LogRecords(Failures.class);
                TestServer server = start(router);
                TestClient client = server.connect()) {
            String got = client.send("GET /x" + HOST).restOrReset();
            assertFalse(got.contains("never") || got.contains("0\r\n\r\n"), got);
            assertEquals(1, log.at(Level.SEVERE).size());
        }
    }

    @Test
    void answersWithAStatusThatWasThrown() throws IOException {
        Router router =
                new Router()
                        .get("/x", fails(new StatusException(Status.CONFLICT, "it is taken")))
                        .group(
                                "/api",
                                api ->
                                        api.onException(StatusException.class, answers("mapped"))
                                                .get(
                                                        "/x",
                                                        fails(
                                                                new StatusException(
                                                                        Status.GONE, "gone"))));
        try (LogRecords log = new LogRecords(Failures.class);
                TestServer server = start(router);
                TestClient client = server.connect()) {
            Reply reply = client.get("/x");
            assertEquals(409, reply.status());
            assertEquals("409 Conflict: it is taken\n", reply.text());
            assertFalse(reply.has("X-Half"));
            assertEquals("mapped: gone", client.get("/api/x").text());
            assertTrue(log.at(Level.SEVERE).isEmpty());
        }
        assertThrows(IllegalArgumentException.class, () -> new StatusException(Status.OK, "fine"));
    }
}
