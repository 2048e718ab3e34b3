package dev.torc.standalone;

import dev.torc.core.Slice;
import dev.torc.http.BodyProducer;
import dev.torc.http.Handlers;
import dev.torc.http.MediaType;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Router;
import dev.torc.http.Status;
import dev.torc.http.file.FileHandler;
import dev.torc.http.json.Json;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The routes of `torc demo`, which checks and benchmarks rely on.
final class DemoRoutes {
    private static final byte[] HELLO = "Hello, World!".getBytes(StandardCharsets.US_ASCII);
    private static final long LINES_MAX = 1_000_000_000;
    private static final long SLEEP_MILLIS_MAX = 60_000;

    private final byte[] page = readPage();

    DemoRoutes() {}

    record Message(String message) {}

    Router router(FileHandler files) {
        return new Router()
                .json(new Json())
                .get("/", this::page)
                .get("/plaintext", DemoRoutes::plaintext)
                .get("/json", DemoRoutes::json)
                .post("/echo", DemoRoutes::echo)
                .put("/echo", DemoRoutes::echo)
                .get("/hello/{name}", DemoRoutes::hello)
                .get("/stream/{n}", DemoRoutes::stream)
                .get("/sleep/{ms}", Handlers.blocking(DemoRoutes::sleep))
                .get("/static/{path...}", files);
    }

    private void page(Request request, Response response) {
        response.contentType(MediaType.TEXT_HTML_UTF_8).send(page);
    }

    private static void plaintext(Request request, Response response) {
        response.contentType(MediaType.TEXT_PLAIN).send(HELLO);
    }

    private static void json(Request request, Response response) {
        response.json(new Message("Hello, World!"));
    }

    private static void echo(Request request, Response response) {
        String sent = request.header("Content-Type");
        MediaType type = sent == null ? null : MediaType.parse(sent);
        if (type != null) response.contentType(type);
        response.send(request.body());
    }

    private static void hello(Request request, Response response) {
        response.send("Hello, " + request.pathParameter("name") + "!");
    }

    private static void stream(Request request, Response response) {
        Long lines = number(request, response, "n", LINES_MAX);
        if (lines != null) {
            response.contentType(MediaType.TEXT_PLAIN_UTF_8).stream(new Lines(lines));
        }
    }

    private static void sleep(Request request, Response response) throws InterruptedException {
        Long millis = number(request, response, "ms", SLEEP_MILLIS_MAX);
        if (millis == null) return;
        Thread.sleep(millis);
        response.send("slept " + millis + " ms\n");
    }

    /// The parameter as a number from 0 to `max`; otherwise answers 400 and returns null.
    private static @Nullable Long number(
            Request request, Response response, String name, long max) {
        String text = request.pathParameter(name);
        boolean digits = !text.isEmpty() && text.length() <= 18;
        for (int i = 0; i < text.length(); i++) {
            digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (digits && Long.parseLong(text) <= max) return Long.parseLong(text);
        response.status(Status.BAD_REQUEST)
                .send("400 Bad Request: " + name + " must be a number from 0 to " + max + "\n");
        return null;
    }

    private static byte[] readPage() {
        try (InputStream page = DemoRoutes.class.getResourceAsStream("demo.html")) {
            return Objects.requireNonNull(page, "demo.html is part of the module").readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// `line 1` to `line n`.
    private static final class Lines implements BodyProducer {
        private static final int LINE_BYTES_MAX = 32;

        private final long last;
        private long next = 1;

        Lines(long count) {
            last = count;
        }

        @Override
        public Progress produce(Slice buffer) {
            while (next <= last && buffer.remaining() >= LINE_BYTES_MAX) {
                byte[] line = ("line " + next++ + "\n").getBytes(StandardCharsets.US_ASCII);
                buffer.append(line, 0, line.length);
            }
            return next > last ? Progress.DONE : Progress.MORE;
        }
    }
}
