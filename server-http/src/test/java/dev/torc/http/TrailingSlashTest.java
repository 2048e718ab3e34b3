package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;

@EveryNetwork
class TrailingSlashTest {
    private static final String HOST = " HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter Network network;

    private TestServer start(TrailingSlash policy) {
        Handler template =
                (request, response) ->
                        response.header("X-Path", request.rawPath()).send(request.routeTemplate());
        Router router =
                new Router()
                        .trailingSlash(policy)
                        .get("/", template)
                        .get("/with/", template)
                        .get("/without", template)
                        .get("/both", template)
                        .get("/both/", template)
                        .get("/id/{id:int}", template)
                        .get("/any/{x}/", template)
                        .parameterType("long-text", ParameterType.of(12, 99, _ -> true))
                        .get("/{x:long-text}/", template)
                        .get(
                                "/files/{path...}",
                                (q, r) -> r.send("[" + q.pathParameter("path") + "]"))
                        .post("/post/", template);
        return TestServer.start(network, router);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/with",
                "/without/",
                "/id/7/",
                "/any/x",
                "/files",
                "/id/7//",
                "//",
                "/id//"
            })
    void strictTellsThemApart(String path) throws IOException {
        try (TestServer server = start(TrailingSlash.STRICT);
                TestClient client = server.connect()) {
            assertEquals(404, client.get(path).status());
        }
    }

    @ParameterizedTest
    @EnumSource(TrailingSlash.class)
    void takesWhatIsThereAsItIs(TrailingSlash policy) throws IOException {
        try (TestServer server = start(policy);
                TestClient client = server.connect()) {
            for (String path : new String[] {"/", "/with/", "/without", "/both", "/both/"}) {
                assertEquals(path, client.get(path).text());
            }
            assertEquals("[]", client.get("/files/").text());
            assertEquals("[/a//]", client.get("/files//a//").text());
            assertEquals(404, client.get("/nothing/at/all").status());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/with, /with/",
        "/with?q, /with/",
        "/%77ith, /with/",
        "/without/, /without",
        "/id/7/, /id/{id:int}",
        "/any/%2F, /any/{x}/",
        "/evil.example, /{x:long-text}/",
        "/files, []"
    })
    void ignoreServesTheOther(String path, String expected) throws IOException {
        try (TestServer server = start(TrailingSlash.IGNORE);
                TestClient client = server.connect()) {
            Reply reply = client.get(path);
            assertEquals(200, reply.status());
            assertEquals(expected, reply.text());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/with, /with/",
        "/with?q=/a/&x, /with/?q=/a/&x",
        "/with?, /with/?",
        "/%77ith, /%77ith/",
        "/without/?a, /without?a",
        "/id/7/, /id/7",
        "/%2Fevil.example, /%2Fevil.example/",
        "/%5Cevil.example, /%5Cevil.example/",
        "/evil.example%0d%0aX-Evil:1, /evil.example%0d%0aX-Evil:1/",
        "http://evil.example/with, /with/",
        "/files, /files/",
        "//, /"
    })
    void redirectNamesTheOther(String target, String location) throws IOException {
        try (TestServer server = start(TrailingSlash.REDIRECT);
                TestClient client = server.connect()) {
            Reply reply = client.get(target);
            assertEquals(308, reply.status());
            assertEquals(location, reply.header("Location"));
            assertEquals(0, reply.contentLength().orElseThrow());
            assertFalse(reply.has("X-Evil"));
            assertEquals("/", client.get("/").text());
        }
    }

    /// A Location that starts with two slashes names another host.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example",
                "//evil.example/",
                "//evil.example/..",
                "///evil.example",
                "//evil.example/with",
                "http://a//evil.example/",
                "//with",
                "/id/8589934592/",
                "/id//"
            })
    void redirectLeadsNowhereElse(String target) throws IOException {
        try (TestServer server = start(TrailingSlash.REDIRECT);
                TestClient client = server.connect()) {
            Reply reply = client.get(target);
            assertEquals(404, reply.status());
            assertFalse(reply.has("Location"));
        }
    }

    @Test
    void redirectKeepsMethodAndLeavesLongPathsAlone() throws IOException {
        HttpLimits limits =
                HttpLimits.defaults().withHeadBytesMax(100_000).withRequestLineBytesMax(90_000);
        Router router =
                new Router()
                        .trailingSlash(TrailingSlash.REDIRECT)
                        .post("/{x}/", (_, response) -> response.send());
        try (TestServer server = TestServer.start(network, limits, router);
                TestClient client = server.connect()) {
            Reply reply = client.send("POST /a" + HOST).reply();
            assertEquals(308, reply.status());
            assertEquals("/a/", reply.header("Location"));
            String path = "/" + "x".repeat(80_000);
            assertEquals(404, client.send("POST " + path + HOST).reply().status());
            assertEquals(200, client.send("POST " + path + "/" + HOST).reply().status());
        }
    }

    @Test
    void theOtherSaysWhichMethodsItTakes() throws IOException {
        try (TestServer server = start(TrailingSlash.IGNORE);
                TestClient client = server.connect()) {
            Reply reply = client.get("/post");
            assertEquals(405, reply.status());
            assertTrue(reply.header("Allow").startsWith("POST"));
        }
    }
}
