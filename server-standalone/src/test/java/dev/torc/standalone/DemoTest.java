package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.ServerConfig;
import dev.torc.core.spi.TransportProvider;
import dev.torc.http.HttpServer;
import dev.torc.http.file.FileHandler;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The contract of `torc demo`: its routes, asked by clients of other makes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoTest {
    private static final String HELLO = "Hello, World!";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Path directory = Path.of("");
    private HttpServer server;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        List<TransportProvider.Verdict> verdicts =
                TransportProvider.installed().stream().map(TransportProvider::verdict).toList();
        boolean works = verdicts.stream().anyMatch(TransportProvider.Verdict::works);
        assumeTrue(works, () -> "no transport works here: " + verdicts);
        directory = temporary;
        Files.writeString(directory.resolve("file.txt"), "a file");
        ServerConfig config = ServerConfig.defaults().withPort(0).withShards(2);
        server =
                HttpServer.start(
                        config, new DemoRoutes().router(new FileHandler(directory, "path")));
    }

    @AfterAll
    void stop() {
        client.close();
        if (server != null) server.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url(path))).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static String type(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("");
    }

    @Test
    void thePageLinksTheRoutes() throws Exception {
        HttpResponse<String> page = get("/");
        assertEquals(200, page.statusCode());
        assertEquals("text/html; charset=utf-8", type(page));
        for (String route : List.of("/plaintext", "/json", "/hello/", "/bytes/", "/stream/")) {
            assertTrue(page.body().contains("href=\"" + route), route);
        }
        assertTrue(page.body().contains("/static/"));
        assertFalse(page.body().contains("src=\"http"), "not self-contained");
    }

    @Test
    void plaintextSaysHello() throws Exception {
        HttpResponse<String> response = get("/plaintext");
        assertEquals(HELLO, response.body());
        assertEquals("text/plain", type(response));
        assertEquals("13", response.headers().firstValue("Content-Length").orElse(""));
        assertTrue(response.headers().firstValue("Date").isPresent());
        assertTrue(response.headers().firstValue("Server").isPresent());
    }

    @Test
    void jsonSaysHello() throws Exception {
        HttpResponse<String> response = get("/json");
        assertEquals("{\"message\":\"Hello, World!\"}", response.body());
        assertEquals("application/json", type(response));
    }

    @ParameterizedTest
    @CsvSource({
        "POST, application/x-thing, 10",
        "PUT, text/plain; charset=utf-8, 1000000",
        "POST, image/png, 0"
    })
    void echoSendsTheBodyBack(String method, String type, int bytes) throws Exception {
        byte[] body = new byte[bytes];
        new Random(bytes).nextBytes(body);
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url("/echo")))
                        .method(method, BodyPublishers.ofByteArray(body))
                        .header("Content-Type", type)
                        .build();
        HttpResponse<byte[]> response =
                client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertArrayEquals(body, response.body());
        assertEquals(type, type(response));
    }

    @Test
    void echoTakesABodyWithoutAType() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url("/echo")))
                        .POST(BodyPublishers.ofString("plain"))
                        .build();
        assertEquals("plain", client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    @ParameterizedTest
    @CsvSource({"Torc, 'Hello, Torc!'", "J%C3%BCrgen%20E., 'Hello, Jürgen E.!'"})
    void helloDecodesTheName(String name, String expected) throws Exception {
        HttpResponse<String> response = get("/hello/" + name);
        assertEquals(expected, response.body());
        assertEquals("text/plain; charset=utf-8", type(response));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100_000})
    void streamSendsLines(int lines) throws Exception {
        HttpResponse<String> response = get("/stream/" + lines);
        String expected =
                IntStream.rangeClosed(1, lines)
                        .mapToObj(i -> "line " + i + "\n")
                        .collect(Collectors.joining());
        assertEquals(expected, response.body());
        assertTrue(response.headers().firstValue("Content-Length").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/stream/x",
                "/stream/-1",
                "/stream/1000000001",
                "/sleep/1e9",
                "/sleep/99999",
                "/bytes/x",
                "/bytes/-1",
                "/bytes/100000000001",
                "/redirect/1001",
                "/status/99",
                "/status/100",
                "/status/103",
                "/status/199",
                "/status/600",
                "/status/x",
                "/baseline?a=1&b=x",
                "/baseline?a=",
                "/baseline?a=1.5",
                "/baseline?a=%2B1",
                "/baseline?a=%FF",
                "/baseline?a=9223372036854775807&b=1",
                "/baseline?a=9223372036854775808"
            })
    void whatIsNoSuchNumberIsABadRequest(String path) throws Exception {
        assertEquals(400, get(path).statusCode());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 256, 65_793, 3_000_000})
    void bytesCountUp(int count) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url("/bytes/" + count))).build();
        HttpResponse<byte[]> response =
                client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        byte[] expected = new byte[count];
        for (int i = 0; i < count; i++) expected[i] = (byte) i;
        assertArrayEquals(expected, response.body());
        assertEquals("" + count, response.headers().firstValue("Content-Length").orElse(""));
        assertEquals("application/octet-stream", type(response));
    }

    @ParameterizedTest
    @CsvSource({
        "200, '200 OK\n'",
        "404, '404 Not Found\n'",
        "299, '299\n'",
        "503, '503 Service Unavailable\n'"
    })
    void statusIsTheOneAskedFor(int code, String body) throws Exception {
        HttpResponse<String> response = get("/status/" + code);
        assertEquals(code, response.statusCode());
        assertEquals(body, response.body());
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205, 304})
    void aStatusWithoutContentHasNone(int code) throws Exception {
        HttpResponse<String> response = get("/status/" + code);
        assertEquals(code, response.statusCode());
        assertEquals("", response.body());
    }

    @Test
    void headersAreShownAsJson() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url("/headers")))
                        .header("X-Once", "a \"quoted\" one")
                        .header("X-Twice", "b")
                        .header("X-Twice", "c")
                        .build();
        HttpResponse<String> response =
                client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertEquals("application/json", type(response));
        JsonNode values = JsonMapper.shared().readTree(response.body());
        assertEquals("a \"quoted\" one", values.get("X-Once").asString());
        assertEquals("[\"b\",\"c\"]", values.get("X-Twice").toString());
        assertEquals("127.0.0.1:" + server.port(), values.get("Host").asString());
    }

    @Test
    void redirectCountsDown() throws Exception {
        HttpResponse<String> response = get("/redirect/2");
        List<String> seen = new ArrayList<>();
        while (response.statusCode() == 302) {
            seen.add(response.headers().firstValue("Location").orElseThrow());
            response = get(seen.getLast());
        }
        assertEquals(List.of("/redirect/1", "/redirect/0", "/plaintext"), seen);
        assertEquals(HELLO, response.body());
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "?a=1&b=2, 3",
        "?a=1&a=2&b=-10, -7",
        "?a=9223372036854775807&b=-1, 9223372036854775806"
    })
    void baselineSumsTheQuery(String query, String sum) throws Exception {
        assertEquals(sum, get("/baseline" + query).body());
    }

    @ParameterizedTest
    @CsvSource({
        "20, 200, 23",
        "-3, 200, 0",
        "'', 400,",
        "x, 400,",
        "'20\n', 400,",
        "9223372036854775807, 400,",
        "000000000000000000000000000001, 400,"
    })
    void baselineAddsTheBody(String body, int status, String sum) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url("/baseline?a=1&b=2")))
                        .POST(BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(status, response.statusCode());
        if (status == 200) assertEquals(sum, response.body());
    }

    @Test
    void sleepAnswersAfterTheTime() throws Exception {
        long start = System.nanoTime();
        assertEquals("slept 50 ms\n", get("/sleep/50").body());
        assertTrue(System.nanoTime() - start >= 50_000_000);
    }

    @Test
    void staticServesFilesBelowTheRoot() throws Exception {
        HttpResponse<String> response = get("/static/file.txt");
        assertEquals("a file", response.body());
        assertTrue(type(response).startsWith("text/plain"));
        assertEquals(404, get("/static/nothing").statusCode());
        assertEquals(404, get("/static/..%2fetc/passwd").statusCode());
        assertEquals(404, get("/nowhere").statusCode());
    }
}
