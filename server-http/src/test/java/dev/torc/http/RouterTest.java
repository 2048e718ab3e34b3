package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;

/// The router as a handler; how paths match is tested with the route tree.
@EveryNetwork
class RouterTest {
    private static final String HOST = " HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter Network network;

    private static Handler says(String text) {
        return (_, response) -> response.send(text);
    }

    private static Reply ask(TestClient client, String start) throws IOException {
        return client.send(start + HOST).reply();
    }

    @Test
    void takesEachMethodToItsRoute() throws IOException {
        Router router =
                new Router()
                        .get("/x", says("get"))
                        .post("/x", says("post"))
                        .put("/x", says("put"))
                        .delete("/x", says("delete"))
                        .route(Method.PATCH, "/x", says("patch"))
                        .route(Method.TRACE, "/x", says("trace"))
                        .route(Method.OTHER, "/x", (q, r) -> r.send("other " + q.methodText()));
        try (TestServer server = TestServer.start(network, router);
                TestClient client = server.connect()) {
            assertEquals("get", ask(client, "GET /x").text());
            assertEquals("post", ask(client, "POST /x").text());
            assertEquals("put", ask(client, "PUT /x").text());
            assertEquals("delete", ask(client, "DELETE /x").text());
            assertEquals("patch", ask(client, "PATCH /x").text());
            assertEquals("trace", ask(client, "TRACE /x").text());
            assertEquals("other BREW", ask(client, "BREW /x").text());
        }
    }

    @Test
    void tellsTheHandlerWhichRouteItIs() throws IOException {
        Handler handler =
                (request, response) ->
                        response.send(request.routeTemplate() + " " + request.pathParameter("id"));
        try (TestServer server =
                        TestServer.start(network, new Router().get("/users/{id}", handler));
                TestClient client = server.connect()) {
            assertEquals("/users/{id} 7", ask(client, "GET /users/7").text());
            assertEquals("/users/{id} a b", ask(client, "GET /users/a%20b").text());
        }
    }

    @Test
    void aRouteOfItsOwnAnswersHeadAndOptions() throws IOException {
        Router router =
                new Router()
                        .get("/x", says("get"))
                        .route(Method.HEAD, "/x", (_, r) -> r.header("X-Head", "own").send())
                        .route(Method.OPTIONS, "/x", says("options"));
        try (TestServer server = TestServer.start(network, router);
                TestClient client = server.connect()) {
            assertEquals("own", client.send("HEAD /x" + HOST).replyToHead().header("X-Head"));
            assertEquals("options", ask(client, "OPTIONS /x").text());
        }
    }

    @Test
    void aHandlersExceptionPassesThrough() throws IOException {
        Handler failing =
                (_, _) -> {
                    throw new IOException("on purpose");
                };
        Router router = new Router().get("/bad", failing).get("/good", says("good"));
        try (TestServer server = TestServer.start(network, router);
                TestClient client = server.connect()) {
            assertEquals(500, ask(client, "GET /bad").status());
            assertEquals("good", ask(client, "GET /good").text());
        }
    }

    @Test
    void aRouterMayStandBehindAnotherHandler() throws IOException {
        Router router = new Router().get("/x", says("inner"));
        Handler outer =
                (request, response) -> {
                    response.header("X-Outer", "seen");
                    router.handle(request, response);
                };
        try (TestServer server = TestServer.start(network, outer);
                TestClient client = server.connect()) {
            Reply reply = ask(client, "GET /x");
            assertEquals("inner", reply.text());
            assertEquals("seen", reply.header("X-Outer"));
            assertEquals("seen", ask(client, "GET /y").header("X-Outer"));
        }
    }

    @Test
    void aRouteTakenOrMalformedIsRefusedAtOnce() {
        Router router = new Router().get("/x/{a}", says("first"));
        assertThrows(IllegalArgumentException.class, () -> router.get("/x/{b}", says("second")));
        assertThrows(IllegalArgumentException.class, () -> router.get("x", says("x")));
        assertThrows(IllegalArgumentException.class, () -> router.get("/{a", says("x")));
    }

    @Test
    void sayingWhatAServerDoesNeedsNoRoute() throws IOException {
        try (TestServer server = TestServer.start(network, new Router());
                TestClient client = server.connect()) {
            assertTrue(ask(client, "OPTIONS *").header("Allow").contains("HEAD"));
            assertEquals(404, ask(client, "OPTIONS /x").status());
            assertEquals(404, ask(client, "GET /").status());
        }
    }

    @Test
    void readsTypedParameters() throws IOException {
        String uuid = "123e4567-e89b-12d3-a456-426614174000";
        Router router =
                new Router()
                        .get("/i/{id:int}", (q, r) -> r.send("" + q.pathInt("id")))
                        .get("/il/{id:int}", (q, r) -> r.send("" + q.pathLong("id")))
                        .get("/l/{id:long}", (q, r) -> r.send("" + q.pathLong("id")))
                        .get("/u/{a}/{id:uuid}", (q, r) -> r.send("" + q.pathUuid("id")));
        try (TestServer server = TestServer.start(network, router);
                TestClient client = server.connect()) {
            assertEquals("7", client.get("/i/7").text());
            assertEquals("-2147483648", client.get("/i/-2147483648").text());
            assertEquals("42", client.get("/i/%34%32").text());
            assertEquals("7", client.get("/il/7").text());
            assertEquals("9223372036854775807", client.get("/l/9223372036854775807").text());
            assertEquals(uuid, client.get("/u/x/" + uuid).text());
            for (String path :
                    new String[] {
                        "/i/2147483648",
                        "/i/a",
                        "/i/07",
                        "/i/",
                        "/i/7/",
                        "/i/1%2F1",
                        "/i//7",
                        "/l/9223372036854775808",
                        "/u/x/" + uuid + "0",
                        "/u/x/1",
                        "/i/%37%00",
                        "/i/" + "1".repeat(7000)
                    }) {
                assertEquals(404, client.get(path).status(), path);
            }
        }
    }

    @Test
    void aTypedAccessorNeedsTheType() throws IOException {
        Router router =
                new Router()
                        .get("/{id}", (q, r) -> r.send("" + q.pathInt("id")))
                        .get("/l/{id:long}", (q, r) -> r.send("" + q.pathInt("id")))
                        .get("/n/{id:int}", (q, r) -> r.send("" + q.pathInt("name")))
                        .onException(
                                IllegalArgumentException.class,
                                (failure, _, response) -> response.send("" + failure.getMessage()));
        try (TestServer server = TestServer.start(network, router);
                TestClient client = server.connect()) {
            String noInt = "the route has no parameter {id:int}";
            assertEquals(noInt, client.get("/7").text());
            assertEquals(noInt, client.get("/l/7").text());
            assertEquals("the route has no parameter {name}", client.get("/n/7").text());
        }
    }

    @Test
    void triesTheNextCandidateForAValueOfAnotherType() throws IOException {
        Handler template = (request, response) -> response.send(request.routeTemplate());
        Router router =
                new Router()
                        .parameterType("lower", ParameterType.of(1, 5, c -> c >= 'a' && c <= 'z'))
                        .get("/{rest...}", template)
                        .get("/{x}/end", template)
                        .get("/{x:lower}/end", template)
                        .get("/{x:uuid}/end", template)
                        .get("/{x:long}/end", template)
                        .get("/{x:int}/end", template)
                        .get("/7/end", template)
                        .get("/8/other", template);
        try (TestServer server = TestServer.start(network, router);
                TestClient client = server.connect()) {
            assertEquals("/7/end", client.get("/7/end").text());
            assertEquals("/{x:int}/end", client.get("/8/end").text());
            assertEquals("/{x:long}/end", client.get("/8589934592/end").text());
            assertEquals("/{x:lower}/end", client.get("/abc/end").text());
            assertEquals("/{x}/end", client.get("/abcdef/end").text());
            assertEquals("/{x}/end", client.get("/99999999999999999999/end").text());
            assertEquals("/{rest...}", client.get("/8/ending").text());
            assertEquals(
                    "/{x:uuid}/end",
                    client.get("/123e4567-e89b-12d3-a456-426614174000/end").text());
        }
    }

    @Test
    void refusesTypesThatAreNotThere() {
        for (String template :
                new String[] {"/{id:date}", "/{id:}", "/{:int}", "/{id:int:int}", "/{id:int...}"}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Router().get(template, says("x")),
                    template);
        }
        Router router = new Router();
        assertThrows(
                IllegalArgumentException.class,
                () -> router.parameterType("int", ParameterType.of(1, 1, _ -> true)));
    }

    @Test
    void asksTheApplicationWhatToSayOfUnknownPathsAndMethods() throws IOException {
        Router router =
                new Router()
                        .get("/x", says("x"))
                        .notFound((q, r) -> r.send("nothing at " + q.rawPath()))
                        .methodNotAllowed(
                                Handlers.blocking((q, r) -> r.send("not " + q.methodText())));
        try (TestServer server = TestServer.start(network, router);
                TestClient client = server.connect()) {
            Reply missing = client.get("/y/z");
            assertEquals(404, missing.status());
            assertEquals("nothing at /y/z", missing.text());
            Reply refused = ask(client, "DELETE /x");
            assertEquals(405, refused.status());
            assertEquals("GET, HEAD, OPTIONS", refused.header("Allow"));
            assertEquals("not DELETE", refused.text());
            assertEquals(501, ask(client, "BREW /x").status());
            assertEquals(204, ask(client, "OPTIONS /x").status());
        }
    }

    @Test
    void mapsWhatTheApplicationsOwn404Throws() throws IOException {
        Handler failing =
                (_, _) -> {
                    throw new IOException("on purpose");
                };
        Router router =
                new Router()
                        .notFound(failing)
                        .onException(
                                IOException.class, (_, _, response) -> response.send("mapped"));
        try (TestServer server = TestServer.start(network, router);
                TestClient client = server.connect()) {
            Reply reply = client.get("/x");
            assertEquals("mapped", reply.text());
            assertEquals(200, reply.status());
        }
    }
}
