package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.ServerConfig;
import dev.torc.core.Slice;
import dev.torc.http.BodyProducer;
import dev.torc.http.Handlers;
import dev.torc.http.HttpServer;
import dev.torc.http.Router;
import dev.torc.standalone.doctor.TextStyle;
import dev.torc.testkit.Await;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

class AccessLinesTest {
    private static List<String> linesOf(boolean color, String... paths) throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
        Router router =
                new Router()
                        .filter(new AccessLines(out, new TextStyle(color, true)))
                        .get("/a", (_, response) -> response.send("x"))
                        .get("/stream", (_, response) -> response.stream(AccessLinesTest::produce))
                        .get("/fails", AccessLinesTest::fail)
                        .get("/b", Handlers.blocking((_, response) -> response.send("x")));
        HttpServer server = HttpServer.start(ServerConfig.defaults().withPort(0), router);
        try (TestClient client = TestClient.connect(server.address())) {
            for (String path : paths) client.get(path);
            Await.until("all lines", () -> text(written).lines().count() >= paths.length);
            return text(written).lines().toList();
        } finally {
            assertTrue(server.stop(Duration.ofSeconds(10)));
        }
    }

    private static BodyProducer.Progress produce(Slice buffer) {
        buffer.append(new byte[100], 0, 100);
        return BodyProducer.Progress.DONE;
    }

    private static void fail(Object request, Object response) {
        throw new IllegalStateException("on purpose");
    }

    private static String text(ByteArrayOutputStream written) {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void tellsWhatWasAskedAndAnswered() throws IOException {
        List<String> lines = linesOf(false, "/a?x=1", "/b", "/none", "/fails", "/stream");
        assertEquals(5, lines.size());
        String time = "\\d\\d:\\d\\d:\\d\\d 127\\.0\\.0\\.1 ";
        String millis = " \\d+\\.\\d ms";
        assertTrue(lines.get(0).matches(time + "GET /a\\?x=1 200 1 B" + millis), lines.get(0));
        assertTrue(lines.get(1).matches(time + "GET /b 200 1 B" + millis), lines.get(1));
        assertTrue(lines.get(2).matches(time + "GET /none 404 \\d+ B" + millis), lines.get(2));
        assertTrue(lines.get(3).matches(time + "GET /fails 500 \\d+ B" + millis), lines.get(3));
        assertTrue(lines.get(4).matches(time + "GET /stream 200 -" + millis), lines.get(4));
    }

    @Test
    void coloursTheStatus() throws IOException {
        assertTrue(linesOf(true, "/a").getFirst().contains("\u001b[32m200\u001b[0m"));
        assertTrue(linesOf(true, "/none").getFirst().contains("\u001b[33m404\u001b[0m"));
    }
}
