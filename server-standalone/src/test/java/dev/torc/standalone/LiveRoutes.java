package dev.torc.standalone;

import dev.torc.core.Slice;
import dev.torc.http.BodyProducer;
import dev.torc.http.Handler;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Router;
import dev.torc.http.file.FileHandler;
import dev.torc.testkit.TestClient;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// The demo's routes and, for what only some clients can show, three more. Counts requests.
final class LiveRoutes {
    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
    private final LongAdder unproxied = new LongAdder();
    private final Map<String, Gate> gates = new ConcurrentHashMap<>();

    LiveRoutes() {}

    Router router(FileHandler files) {
        return new DemoRoutes()
                .router(files)
                .filter(this::count)
                .get("/gate/{name}", (request, response) -> gate(request).stream(response))
                .post("/gate/{name}", (request, response) -> gate(request).open(response))
                .get("/hints", LiveRoutes::hints)
                .get("/trailers", LiveRoutes::trailers);
    }

    long requests(String path) {
        LongAdder count = requests.get(path);
        return count == null ? 0 : count.sum();
    }

    /// Requests that no [Proxy] has seen.
    long unproxied() {
        return unproxied.sum();
    }

    private void count(Request request, Response response, Handler next) throws Exception {
        if (request.header("X-Proxied") == null) unproxied.increment();
        requests.computeIfAbsent(request.rawPath(), _ -> new LongAdder()).increment();
        next.handle(request, response);
    }

    private Gate gate(Request request) {
        return gates.computeIfAbsent(request.pathParameter("name"), _ -> new Gate());
    }

    /// Two early hints, and the answer.
    private static void hints(Request request, Response response) {
        response.inform(103, "Link", "</a.css>; rel=preload; as=style");
        response.inform(103, "Link", "</b.js>; rel=preload; as=script");
        response.send("hinted");
    }

    /// `body`, and how many bytes that was, after it.
    private static void trailers(Request request, Response response) {
        response.trailer("X-Bytes", () -> "4").stream(
                buffer -> {
                    append(buffer, "body");
                    return BodyProducer.Progress.DONE;
                });
    }

    private static void append(Slice buffer, String text) {
        buffer.append(TestClient.bytes(text), 0, text.length());
    }

    /// A stream whose second half a client lets out itself, when it has seen the first one: `GET`
    /// sends `first`, and `second` once there was a `POST`.
    private static final class Gate {
        private volatile boolean isOpen;
        private volatile Runnable opened = () -> {};

        void stream(Response response) {
            opened = response::resume;
            response.stream(new Halves());
        }

        void open(Response response) {
            isOpen = true;
            opened.run();
            response.send("open");
        }

        private final class Halves implements BodyProducer {
            private boolean begun;

            @Override
            public Progress produce(Slice buffer) {
                if (!begun) append(buffer, "first\n");
                begun = true;
                if (!isOpen) return Progress.LATER;
                append(buffer, "second\n");
                return Progress.DONE;
            }
        }
    }
}
