package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// What routes of a router or group share: prefixes, filters, blocking.
@EveryNetwork
class RouteScopeTest {
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
    void groupsPutTheirPrefixInFront() throws IOException {
        Handler template = (request, response) -> response.send(request.routeTemplate());
        Router router =
                new Router()
                        .group(
                                "/api",
                                api ->
                                        api.get("", template)
                                                .get("/", template)
                                                .group(
                                                        "/users/{user:int}",
                                                        user -> user.get("/posts/{id}", template)));
        try (TestServer server = start(router);
                TestClient client = server.connect()) {
            assertEquals("/api", client.get("/api").text());
            assertEquals("/api/", client.get("/api/").text());
            assertEquals(
                    "/api/users/{user:int}/posts/{id}", client.get("/api/users/7/posts/x").text());
            assertEquals(404, client.get("/users/7/posts/x").status());
            assertEquals(404, client.get("/api/users/x/posts/x").status());
        }
    }

    @Test
    void refusesPrefixesAndTemplatesThatDoNotFit() {
        for (String prefix : new String[] {"", "/", "api", "/api/"}) {
            assertThrows(IllegalArgumentException.class, () -> new Router().group(prefix, _ -> {}));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> new Router().group("/{path...}", api -> api.get("/x", says("x"))));
        assertThrows(IllegalArgumentException.class, () -> new Router().get("", says("x")));
    }

    @Test
    void namesBothTemplatesOfAConflictBetweenGroups() {
        Router router = new Router().get("/api/users/{id:int}", says("first"));
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> router.group("/api", api -> api.get("/users/{u:int}", says("2nd"))));
        assertEquals(
                "two routes match the same requests: GET /api/users/{id:int} and"
                        + " GET /api/users/{u:int}",
                refused.getMessage());
    }

    @Test
    void passesFiltersFromTheOutsideInWhateverWasAddedFirst() throws IOException {
        Router router =
                new Router()
                        .get("/plain", says("plain"))
                        .group(
                                "/api",
                                api ->
                                        api.get("/x", says("x"))
                                                .group(
                                                        "/in",
                                                        in ->
                                                                in.get("/y", says("y"))
                                                                        .filter(named("in")))
                                                .filter(named("api 1"))
                                                .filter(named("api 2")))
                        .filter(named("router"));
        try (TestServer server = start(router);
                TestClient client = server.connect()) {
            assertEquals(List.of("router"), passed(client.get("/plain")));
            assertEquals(List.of("router", "api 1", "api 2"), passed(client.get("/api/x")));
            assertEquals(
                    List.of("router", "api 1", "api 2", "in"), passed(client.get("/api/in/y")));
        }
    }

    @Test
    void passesFiltersWhereNoRouteAnswers() throws IOException {
        Router router =
                new Router()
                        .filter(named("router"))
                        .group("/api", api -> api.filter(named("api")).get("/x", says("x")));
        try (TestServer server = start(router);
                TestClient client = server.connect()) {
            assertEquals(List.of("router"), passed(client.get("/nothing")));
            assertEquals(List.of("router"), passed(client.get("/%ff")));
            assertEquals(List.of("router"), passed(client.send("OPTIONS *" + HOST).reply()));
            Reply refused = client.send("POST /api/x" + HOST).reply();
            assertEquals(405, refused.status());
            assertEquals(List.of("router", "api"), passed(refused));
            Reply options = client.send("OPTIONS /api/x" + HOST).reply();
            assertEquals(204, options.status());
            assertEquals(List.of("router", "api"), passed(options));
        }
    }

    @Test
    void aFilterMayAnswerItself() throws IOException {
        Router router =
                new Router()
                        .filter((_, response, _) -> response.status(403).send("no"))
                        .get("/x", fails(new IOException("never called")));
        try (TestServer server = start(router);
                TestClient client = server.connect()) {
            assertEquals("no", client.get("/x").text());
            assertEquals("no", client.get("/nothing").text());
        }
    }

    @Test
    void aFilterMayGoOnLaterFromAnyThread() throws IOException {
        Router router =
                new Router()
                        .filter(
                                (request, response, next) -> {
                                    request.retain();
                                    Thread.ofVirtual().start(() -> goOn(request, response, next));
                                })
                        .onException(IOException.class, answers("mapped"))
                        .get("/x/{id:int}", (q, r) -> r.send("x" + q.pathInt("id")))
                        .get("/bad", fails(new IOException("late")))
                        .get("/block", Handlers.blocking((q, r) -> r.send(q.rawPath())));
        try (TestServer server = start(router);
                TestClient client = server.connect()) {
            for (int i = 0; i < 3; i++) {
                assertEquals("x12", client.get("/x/12").text());
                assertEquals("mapped: late", client.get("/bad").text());
                assertEquals("/block", client.get("/block").text());
                assertEquals(404, client.get("/x/y").status());
            }
        }
    }

    private static void goOn(Request request, Response response, Handler next) {
        try {
            next.handle(request, response);
        } catch (Exception failure) {
            response.fail(failure);
        }
    }

    @Test
    void aBlockingGroupRunsItsFiltersHandlersAndMappersOnOneVirtualThread() throws Exception {
        ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
        CompletableFuture<Boolean> outer = new CompletableFuture<>();
        Filter notes =
                (request, response, next) -> {
                    threads.add(Thread.currentThread());
                    next.handle(request, response);
                };
        Router router =
                new Router()
                        .filter(
                                (request, response, next) -> {
                                    outer.complete(Thread.currentThread().isVirtual());
                                    next.handle(request, response);
                                })
                        .group(
                                "/api",
                                api ->
                                        api.group(
                                                        "/in",
                                                        in ->
                                                                in.blocking()
                                                                        .filter(notes)
                                                                        .get("/x", blocks(threads)))
                                                .filter(notes)
                                                .blocking()
                                                .onException(
                                                        IOException.class,
                                                        (_, _, response) -> {
                                                            threads.add(Thread.currentThread());
                                                            response.send("mapped");
                                                        }));
        try (TestServer server = start(router);
                TestClient client = server.connect()) {
            assertEquals("mapped", client.get("/api/in/x").text());
            assertFalse(outer.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertEquals(4, threads.size());
            assertEquals(1, threads.stream().distinct().count());
            assertTrue(threads.element().isVirtual());
            assertEquals(405, client.send("POST /api/in/x" + HOST).reply().status());
        }
    }

    private static Handler blocks(ConcurrentLinkedQueue<Thread> threads) {
        return Handlers.blocking(
                (request, _) -> {
                    threads.add(Thread.currentThread());
                    throw new IOException(request.routeTemplate());
                });
    }

    @Test
    void isCompleteOnceItServes() throws IOException {
        Router router = new Router().get("/x", says("x"));
        try (TestServer server = start(router);
                TestClient client = server.connect()) {
            assertEquals("x", client.get("/x").text());
            assertThrows(IllegalStateException.class, () -> router.get("/y", says("y")));
            assertThrows(IllegalStateException.class, () -> router.filter(named("late")));
        }
    }

    @Test
    void findsMappersByTheNearestType() {
        RouteScope scope = new RouteScope();
        ExceptionMapper<Throwable> any = answers("any");
        scope.onException(Throwable.class, any);
        RouteScope group = new RouteScope(scope, "/a");
        group.onException(IOException.class, answers("io"));
        assertNull(new RouteScope().mapper(new IOException()));
        assertEquals(scope.mapper(new Error()), group.mapper(new Error()));
        assertNotEquals(scope.mapper(new IOException()), group.mapper(new IOException()));
    }
}
