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
}
