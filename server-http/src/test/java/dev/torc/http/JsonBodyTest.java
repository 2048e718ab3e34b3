package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.json.Json;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;

/// JSON through a server: what requests and responses must say of it.
@EveryNetwork
class JsonBodyTest {
    private static final String GOOD = "{\"name\":\"Ada\",\"age\":36}";

    @Parameter Network network;

    private TestServer server;

    public record Person(String name, int age) {}

    @BeforeEach
    void start() {
        Handler echo = (request, response) -> response.json(request.json(Person.class));
        Router router =
                new Router()
                        .json(new Json())
                        .post("/echo", echo)
                        .post("/blocking", Handlers.blocking(echo))
                        .post("/later", JsonBodyTest::later)
                        .post("/names", JsonBodyTest::names)
                        .get("/person", (_, response) -> response.json(new Person("Ada", 36)))
                        .get("/circle", JsonBodyTest::circle)
                        .get("/problem", JsonBodyTest::problem)
                        .group("/mapped", JsonBodyTest::mapped);
        server = TestServer.start(network, HttpLimits.defaults().withBodyBytesMax(1000), router);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void later(Request request, Response response) {
        Person person = request.json(Person.class);
        Thread.ofVirtual().start(() -> response.json(person));
    }

    private static void names(Request request, Response response) {
        List<Person> people = request.json(new GenericType<List<Person>>() {});
        response.json(people.stream().map(Person::name).toList());
    }

    private static void circle(Request request, Response response) {
        List<Object> circle = new ArrayList<>();
        circle.add(circle);
        response.json(circle);
    }

    private static void problem(Request request, Response response) {
        response.status(404).contentType(MediaType.APPLICATION_PROBLEM_JSON).json(List.of("none"));
    }

    /// Failures are told in JSON, too.
    private static void mapped(RouteGroup group) {
        group.onException(
                        StatusException.class,
                        (failure, _, response) ->
                                response.status(failure.status())
                                        .json(List.of("" + failure.getMessage())))
                .get("/person", (_, response) -> response.json(new Person("Ada", 36)));
    }

    private Reply post(TestClient client, String path, String fields, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        client.send(
                "POST "
                        + path
                        + " HTTP/1.1\r\nHost: a\r\n"
                        + fields
                        + "Content-Length: "
                        + bytes.length
                        + "\r\n\r\n");
        return client.send(bytes).finalReply();
    }

    private static Reply ask(TestClient client, String path, String accept) throws IOException {
        return client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + accept + "\r\n").reply();
    }

    private static String type(String type) {
        return "Content-Type: " + type + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/blocking", "/later"})
    void readsAndWritesOnAnyThread(String path) throws IOException {
        try (TestClient client = server.connect()) {
            for (int i = 0; i < 3; i++) {
                Reply reply = post(client, path, type("application/json"), GOOD);
                assertEquals(200, reply.status());
                assertEquals("application/json", reply.header("Content-Type"));
                assertEquals("{\"age\":36,\"name\":\"Ada\"}".length(), reply.text().length());
            }
        }
    }

    @Test
    void readsTypesWithArguments() throws IOException {
        try (TestClient client = server.connect()) {
            String json = type("application/json");
            assertEquals("[\"Ada\"]", post(client, "/names", json, "[" + GOOD + "]").text());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json; charset=utf-8",
                "Application/JSON;Charset=\"UTF-8\"",
                "application/json;v=1",
                "application/vnd.example+json"
            })
    void takesWhatIsJsonInUtf8(String type) throws IOException {
        try (TestClient client = server.connect()) {
            assertEquals(200, post(client, "/echo", type(type), GOOD).status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Content-Type: text/plain\r\n",
                "Content-Type: application/jsonx\r\n",
                "Content-Type: application/json; charset=iso-8859-1\r\n",
                "Content-Type: application/json; charset=\"utf-16\"\r\n",
                "Content-Type: json\r\n",
                "Content-Type: application/json, text/plain\r\n",
                "Content-Type: application/json\r\nContent-Type: application/json\r\n",
                "Content-Type: application/json\r\nContent-Encoding: gzip\r\n"
            })
    void refusesOtherTypes(String fields) throws IOException {
        try (TestClient client = server.connect()) {
            Reply reply = post(client, "/echo", fields, GOOD);
            assertEquals(415, reply.status());
            assertTrue(reply.text().startsWith("415 Unsupported Media Type: send "), reply.text());
            assertEquals(200, post(client, "/echo", type("application/json"), GOOD).status());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | no JSON in an empty body",
                "{ | malformed JSON at $, line 1",
                "{\"name\":\"Ada\",\"age\":\"secret\"} | JSON that does not fit at $.age, line 1",
                "null | null instead of a value at $"
            })
    void answersBadInputWithItsPlace(String body, String why) throws IOException {
        try (TestClient client = server.connect();
                LogRecords log = new LogRecords(Failures.class)) {
            for (String path : new String[] {"/echo", "/blocking", "/later"}) {
                Reply reply = post(client, path, type("application/json"), body);
                assertEquals(400, reply.status());
                assertTrue(reply.text().startsWith("400 Bad Request: " + why), reply.text());
                assertFalse(reply.text().contains("secret"));
            }
            assertTrue(log.at(Level.SEVERE).isEmpty());
        }
    }

    @Test
    void refusesWhatIsNotUtf8() throws IOException {
        try (TestClient client = server.connect()) {
            String head = "POST /echo HTTP/1.1\r\nHost: a\r\n" + type("application/json");
            // a byte a character
            String body = "{\"name\":\"Ad\u00e0\",\"age\":1}";
            client.send(head + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            assertEquals("400 Bad Request: JSON that is not UTF-8\n", client.reply().text());
        }
    }

    @Test
    void refusesABodyBeyondTheLimitUnread() throws IOException {
        try (TestClient client = server.connect()) {
            String body = "[" + "1,".repeat(1000) + "1]";
            assertEquals(413, post(client, "/echo", type("application/json"), body).status());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', 200",
        "'Accept: */*\r\n', 200",
        "'Accept: text/html, application/json\r\n', 200",
        "'Accept: text/html\r\nAccept: application/*\r\n', 200",
        "'Accept: text/html\r\n', 406",
        "'Accept: text/html\r\nAccept: application/xml\r\n', 406",
        "'Accept: application/json;q=0\r\n', 406"
    })
    void answersOnlyThoseWhoAcceptJson(String accept, int status) throws IOException {
        try (TestClient client = server.connect()) {
            assertEquals(status, ask(client, "/person", accept).status());
            String fields = accept + type("application/json");
            for (String path : new String[] {"/echo", "/blocking", "/later"}) {
                assertEquals(status, post(client, path, fields, GOOD).status(), path);
            }
        }
    }

    @Test
    void asksForTheTypeThatWasSet() throws IOException {
        try (TestClient client = server.connect()) {
            Reply reply = ask(client, "/problem", "Accept: application/problem+json\r\n");
            assertEquals(404, reply.status());
            assertEquals("application/problem+json", reply.header("Content-Type"));
            assertEquals("[\"none\"]", reply.text());
            assertEquals(406, ask(client, "/problem", "Accept: application/json\r\n").status());
        }
    }

    @Test
    void aFailureIsToldInJsonWhateverIsAccepted() throws IOException {
        try (TestClient client = server.connect()) {
            Reply reply = ask(client, "/mapped/person", "Accept: text/html\r\n");
            assertEquals(406, reply.status());
            assertEquals("[\"this is application/json\"]", reply.text());
        }
    }

    @Test
    void answers500ForWhatCannotBeWritten() throws IOException {
        try (TestClient client = server.connect();
                LogRecords log = new LogRecords(Failures.class)) {
            assertEquals("500 Internal Server Error\n", client.get("/circle").text());
            assertEquals(1, log.at(Level.SEVERE).size());
            assertEquals(200, client.get("/person").status());
        }
    }

    @Test
    void saysThatThereIsNoCodec() throws IOException {
        Router router = new Router().get("/", (_, response) -> response.json(List.of()));
        try (TestServer without = TestServer.start(network, router);
                TestClient client = without.connect();
                LogRecords log = new LogRecords(Failures.class)) {
            assertEquals(500, client.get("/").status());
            String message = "" + log.at(Level.SEVERE).getFirst().getThrown();
            assertTrue(message.contains("router.json(new Json())"), message);
        }
    }
}
