package dev.torc.http.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Limits;
import dev.torc.http.HttpLimits;
import dev.torc.http.Response;
import dev.torc.http.Router;
import dev.torc.http.TestServer;
import dev.torc.http.h1.Http1Connections;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Seed;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

@EveryNetwork
class AccessLogTest {
    private static final Duration AMPLE = Duration.ofSeconds(Await.PATIENCE_SECONDS);

    @Parameter Network network;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ConcurrentLinkedQueue<Response> waiting = new ConcurrentLinkedQueue<>();
    private AccessLog log = open(LogFormat.COMMON, 1);

    @AfterEach
    void close() {
        assertTrue(log.close(AMPLE));
    }

    private AccessLog open(LogFormat format, int sample) {
        AccessLogConfig config = AccessLogConfig.defaults().withFormat(format).withSample(sample);
        return AccessLog.to(Channels.newChannel(written), config);
    }

    private TestServer start(LogFormat format, int sample) {
        close();
        log = open(format, sample);
        Router router =
                new Router()
                        .get("/hello/{name}", (_, response) -> response.send("hello"))
                        .get("/none", (_, response) -> response.status(204).send())
                        .get("/later", (_, response) -> waiting.add(response))
                        .get(
                                "/fail",
                                (_, _) -> {
                                    throw new IllegalStateException("no");
                                });
        return TestServer.start(
                network,
                Limits.defaults(),
                shard ->
                        new Http1Connections(
                                shard, HttpLimits.defaults(), log.start(shard), router));
    }

    /// All lines, once the log has ended.
    private List<String> lines() {
        close();
        String text = written.toString(StandardCharsets.ISO_8859_1);
        assertTrue(text.isEmpty() || text.endsWith("\n"), text);
        assertEquals(0, log.droppedCount());
        List<String> lines = text.lines().toList();
        assertEquals(lines.size(), log.writtenCount());
        return lines;
    }

    private static String get(String path, String... fields) {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: a\r\n");
        for (String field : fields) request.append(field).append("\r\n");
        return request.append("\r\n").toString();
    }

    @Test
    void writesTheCommonFormat() throws IOException {
        try (TestServer server = start(LogFormat.COMMON, 1);
                TestClient client = server.connect()) {
            client.send(get("/hello/a?b=c%20d")).reply();
            client.send(get("/none")).reply();
            client.send("nonsense\r\n\r\n").reply();
        }
        String time =
                "127\\.0\\.0\\.1 - - \\[\\d\\d/[A-Z][a-z]{2}/\\d{4}(:\\d\\d){3} [+-]\\d{4}\\] ";
        List<String> expected =
                List.of(
                        "\"GET /hello/a\\?b=c%20d HTTP/1\\.1\" 200 5",
                        "\"GET /none HTTP/1\\.1\" 204 -", "\"-\" 400 \\d+");
        List<String> lines = lines();
        assertEquals(expected.size(), lines.size());
        for (int i = 0; i < lines.size(); i++) {
            assertTrue(lines.get(i).matches(time + expected.get(i)), lines.get(i));
        }
    }

    @Test
    void writesTheCombinedFormatAndEscapesWhatClientsSend() throws IOException {
        try (TestServer server = start(LogFormat.COMBINED, 1);
                TestClient client = server.connect()) {
            String agent = "User-Agent: a\"b\\\u00e9\t200 5";
            client.send(get("/hello/a", agent, "Referer: http://b/")).reply();
            client.send(get("/hello/b")).reply();
        }
        List<String> lines = lines();
        String end = " 200 5 \"http://b/\" \"a\\x22b\\x5c\\xe9\\x09200 5\"";
        assertTrue(lines.get(0).endsWith(end), lines.get(0));
        assertTrue(lines.get(1).endsWith(" 200 5 \"-\" \"-\""), lines.get(1));
    }

    @Test
    void writesLinesForATerminal() throws IOException {
        try (TestServer server = start(LogFormat.TERMINAL, 1);
                TestClient client = server.connect()) {
            client.send(get("/hello/a?b")).reply();
        }
        String line = lines().getFirst();
        assertTrue(
                line.matches(
                        "(\\d\\d:){2}\\d\\d 127\\.0\\.0\\.1 GET /hello/a\\?b 200 5 B \\d+\\.\\d"
                                + " ms"),
                line);
    }

    @Test
    void colorsTheStatus() throws IOException {
        try (TestServer server = start(LogFormat.COLORED, 1);
                TestClient client = server.connect()) {
            client.send(get("/hello/a")).reply();
            client.send(get("/lost")).reply();
            client.send(get("/fail")).reply();
        }
        List<String> lines = lines();
        assertTrue(lines.get(0).contains(" \u001b[32m200\u001b[0m 5 B "), lines.get(0));
        assertTrue(lines.get(1).contains(" \u001b[33m404\u001b[0m "), lines.get(1));
        assertTrue(lines.get(2).contains(" \u001b[31m500\u001b[0m "), lines.get(2));
    }

    @Test
    void writesJsonWithRouteOutcomeAndFailure() throws IOException {
        Instant before = Instant.now().minusSeconds(1);
        try (TestServer server = start(LogFormat.JSON, 1)) {
            try (TestClient client = server.connect()) {
                client.send(get("/hello/a?b", "User-Agent: test")).reply();
                client.send(get("/fail")).reply();
                client.send(get("/later"));
                Await.until("it waits", () -> !waiting.isEmpty());
                client.reset();
            }
            server.awaitNothingHeld();
        }
        List<String> lines = lines();
        JsonNode first = JsonMapper.shared().readTree(lines.getFirst());
        assertTrue(Instant.parse(first.get("time").asString()).isAfter(before));
        assertEquals("127.0.0.1", first.get("client").asString());
        assertEquals("GET", first.get("method").asString());
        assertEquals("/hello/a?b", first.get("target").asString());
        assertEquals("1.1", first.get("version").asString());
        assertEquals("/hello/{name}", first.get("route").asString());
        assertEquals("answered", first.get("outcome").asString());
        assertEquals(200, first.get("status").asInt());
        assertEquals(5, first.get("bytes").asInt());
        assertTrue(first.get("micros").asLong() >= 0);
        assertEquals("test", first.get("agent").asString());
        assertFalse(first.has("referer"));
        JsonNode failed = JsonMapper.shared().readTree(lines.get(1));
        assertEquals("java.lang.IllegalStateException", failed.get("failure").asString());
        assertEquals(500, failed.get("status").asInt());
        JsonNode cut = JsonMapper.shared().readTree(lines.get(2));
        assertEquals("cut", cut.get("outcome").asString());
        assertEquals(0, cut.get("status").asInt());
    }

    @Test
    void anyBytesMakeOneValidLineOfJson() throws IOException {
        Random random = new Random(Seed.next());
        int asked = 300;
        try (TestServer server = start(LogFormat.JSON, 1)) {
            for (int i = 0; i < asked; i++) {
                byte[] noise = new byte[1 + random.nextInt(i % 20 == 0 ? 7000 : 60)];
                random.nextBytes(noise);
                String text = TestClient.text(noise).replace('\n', '.').replace('\r', '.');
                String target = i % 3 == 0 ? text : "/hello/a";
                try (TestClient client = server.connect()) {
                    client.send(get(target, "User-Agent: " + text, "Connection: close"));
                    client.restOrReset();
                }
            }
        }
        List<String> lines = lines();
        assertEquals(asked, lines.size());
        for (String line : lines) {
            assertTrue(line.chars().allMatch(c -> c >= ' ' && c <= '~'), line);
            assertTrue(JsonMapper.shared().readTree(line).get("status").asInt() >= 200, line);
        }
    }

    @Test
    void samplesButKeepsWhatFailed() throws IOException {
        try (TestServer server = start(LogFormat.COMMON, 10);
                TestClient client = server.connect()) {
            for (int i = 0; i < 100; i++) {
                client.send(get("/hello/" + i)).reply();
                if (i % 20 == 0) client.send(get("/lost")).reply();
            }
        }
        List<String> lines = lines();
        assertEquals(10, lines.stream().filter(line -> line.contains("/hello/")).count());
        assertTrue(lines.getFirst().contains("/hello/0 "), lines.getFirst());
        assertEquals(5, lines.stream().filter(line -> line.endsWith(" 404 14")).count());
    }

    @Test
    void aLineIsThereSoonAlthoughTheLogGoesOn() throws IOException {
        try (TestServer server = start(LogFormat.COMMON, 1);
                TestClient client = server.connect()) {
            for (int i = 1; i <= 3; i++) {
                int count = i;
                client.send(get("/none")).reply();
                Await.until("it is written", () -> log.writtenCount() == count);
            }
        }
    }
}
