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

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The routes of `torc demo`, which checks and benchmarks rely on.
final class DemoRoutes {
    private static final byte[] HELLO = "Hello, World!".getBytes(StandardCharsets.US_ASCII);
    private static final long LINES_MAX = 1_000_000_000;
    private static final long BYTES_MAX = 100_000_000_000L;
    private static final long REDIRECTS_MAX = 1000;
    private static final long STATUS_MIN = 200;
    private static final long STATUS_MAX = 599;
    private static final long SLEEP_MILLIS_MAX = 60_000;

    private final byte[] page = readPage();

    DemoRoutes() {}

    record Message(String message) {}

    Router router(FileHandler files) {
        return new Router()
                .json(new LateJson())
                .get("/", this::page)
                .get("/plaintext", DemoRoutes::plaintext)
                .get("/json", DemoRoutes::json)
                .post("/echo", DemoRoutes::echo)
                .put("/echo", DemoRoutes::echo)
                .post("/upload", Handlers.streaming(Upload::handle))
                .get("/hello/{name}", DemoRoutes::hello)
                .get("/headers", DemoRoutes::headers)
                .get("/status/{code}", DemoRoutes::status)
                .get("/redirect/{n}", DemoRoutes::redirect)
                .get("/baseline", new Baseline())
                .post("/baseline", new Baseline())
                .get("/bytes/{n}", DemoRoutes::bytes)
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

    /// By name, as it was first spelt; repeated values as an array.
    private static void headers(Request request, Response response) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < request.headerCount(); i++) {
            String name = request.headerName(i);
            List<String> all = request.headers(name);
            boolean first = values.keySet().stream().noneMatch(name::equalsIgnoreCase);
            if (first) values.put(name, all.size() == 1 ? all.getFirst() : all);
        }
        response.json(values);
    }

    private static void status(Request request, Response response) {
        Long code = number(request, response, "code", STATUS_MIN, STATUS_MAX);
        if (code == null) return;
        Status status = Status.of(code.intValue());
        response.status(status);
        if (status.hasContent()) {
            response.send(status + "\n");
        } else {
            response.send();
        }
    }

    private static void redirect(Request request, Response response) {
        Long left = number(request, response, "n", 0, REDIRECTS_MAX);
        if (left == null) return;
        String location = left == 0 ? "/plaintext" : "/redirect/" + (left - 1);
        response.status(Status.FOUND).header("Location", location).send();
    }

    private static void bytes(Request request, Response response) {
        Long count = number(request, response, "n", 0, BYTES_MAX);
        if (count == null) return;
        response.contentType(MediaType.APPLICATION_OCTET_STREAM).contentLength(count).stream(
                new CountedBytes(count));
    }

    private static void stream(Request request, Response response) {
        Long lines = number(request, response, "n", 0, LINES_MAX);
        if (lines != null) {
            response.contentType(MediaType.TEXT_PLAIN_UTF_8).stream(new Lines(lines));
        }
    }

    private static void sleep(Request request, Response response) throws InterruptedException {
        Long millis = number(request, response, "ms", 0, SLEEP_MILLIS_MAX);
        if (millis == null) return;
        Thread.sleep(millis);
        response.send("slept " + millis + " ms\n");
    }

    /// The parameter as a number from `min` to `max`; otherwise answers 400 and returns null.
    private static @Nullable Long number(
            Request request, Response response, String name, long min, long max) {
        String text = request.pathParameter(name);
        boolean digits = !text.isEmpty() && text.length() <= 18;
        for (int i = 0; i < text.length(); i++) {
            digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        long number = digits ? Long.parseLong(text) : -1;
        if (number >= min && number <= max) return number;
        String range = " must be a number from " + min + " to " + max + "\n";
        response.status(Status.BAD_REQUEST).send("400 Bad Request: " + name + range);
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
