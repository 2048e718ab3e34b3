package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Limits;
import dev.torc.core.Shard;
import dev.torc.http.h1.Http1Connections;
import dev.torc.http.message.RequestHead;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;

@EveryNetwork
class RequestObserverTest {
    private static final String NO_FAILURE = "null";

    @Parameter Network network;

    private final AtomicInteger begun = new AtomicInteger();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Response> waiting = new ConcurrentLinkedQueue<>();

    /// Notes what it can be told.
    private final class Noting implements RequestObserver {
        @Override
        public void onBegin() {
            begun.incrementAndGet();
        }

        @Override
        public void onEnd(EndedRequest ended) {
            assertTrue(ended.nanos() >= 0);
            RequestHead head = ended.head();
            String path = head == null ? "-" : head.path();
            ends.add(
                    "%s %s %s [%s] %d %d %s"
                            .formatted(
                                    ended.outcome(),
                                    ended.method(),
                                    path,
                                    ended.routeTemplate(),
                                    ended.status(),
                                    ended.bodyBytes(),
                                    ended.failure()));
        }
    }

    private TestServer start(Handler handler) {
        return start(HttpLimits.defaults(), _ -> new Noting(), handler);
    }

    private TestServer start(
            HttpLimits limits, RequestObserver.PerShard observers, Handler handler) {
        return TestServer.start(
                network,
                Limits.defaults(),
                shard -> new Http1Connections(shard, limits, observers.start(shard), handler));
    }

    private String end() throws InterruptedException {
        String end = ends.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        return end == null ? "nothing was observed" : end;
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    @Test
    void seesRouteStatusAndBytesOfEachAnswer() throws Exception {
        Router router =
                new Router()
                        .get("/hello/{name}", (_, response) -> response.send("hello"))
                        .get("/none", (_, response) -> response.status(204).send());
        try (TestServer server = start(router);
                TestClient client = server.connect()) {
            client.send(get("/hello/a?b=c") + get("/none") + get("/lost"));
            for (int i = 0; i < 3; i++) client.reply();
            assertEquals("ANSWERED GET /hello/a [/hello/{name}] 200 5 " + NO_FAILURE, end());
            assertEquals("ANSWERED GET /none [/none] 204 0 " + NO_FAILURE, end());
            assertEquals("ANSWERED GET /lost [] 404 14 " + NO_FAILURE, end());
            assertEquals(3, begun.get());
        }
        assertTrue(ends.isEmpty());
    }

    @Test
    void seesWhatAHandlerFailedWith() throws Exception {
        Router router =
                new Router()
                        .get(
                                "/",
                                (_, _) -> {
                                    throw new IllegalStateException("no");
                                })
                        .onException(
                                IllegalStateException.class,
                                (_, _, response) -> response.status(409).send("busy"));
        try (TestServer server = start(router);
                TestClient client = server.connect()) {
            client.send(get("/") + get("/other")).reply();
            client.reply();
            String failure = "java.lang.IllegalStateException: no";
            assertEquals("ANSWERED GET / [/] 409 4 " + failure, end());
            assertEquals("ANSWERED GET /other [] 404 14 " + NO_FAILURE, end());
        }
    }

    @Test
    void readsTheHeadOfWhatIsAnsweredLater() throws Exception {
        Router router = new Router().get("/later", (_, response) -> waiting.add(response));
        try (TestServer server = start(router);
                TestClient client = server.connect()) {
            client.send(get("/later"));
            Await.until("it waits", () -> !waiting.isEmpty());
            assertEquals(1, begun.get());
            assertTrue(ends.isEmpty());
            waiting.remove().send("now");
            assertEquals("now", client.reply().text());
            assertEquals("ANSWERED GET /later [/later] 200 3 " + NO_FAILURE, end());
        }
    }

    @Test
    void hearsWhenTheAnswersToAllThatCameTogetherGo() throws Exception {
        RequestObserver noting =
                new RequestObserver() {
                    @Override
                    public void onEnd(EndedRequest ended) {
                        begun.incrementAndGet();
                    }

                    @Override
                    public void onHandOver() {
                        int together = begun.getAndSet(0);
                        if (together > 0) ends.add("together " + together);
                    }
                };
        Handler handler = (_, response) -> response.send("x");
        try (TestServer server = start(HttpLimits.defaults(), _ -> noting, handler);
                TestClient client = server.connect()) {
            client.send(get("/").repeat(5));
            for (int i = 0; i < 5; i++) assertEquals("x", client.reply().text());
            // Fewer of them came together where the network cut what was sent.
            int sum = 0;
            int calls = ends.size();
            while (sum < 5) sum += Integer.parseInt(end().substring("together ".length()));
            assertEquals(5, sum);
            if (network.isReal()) assertEquals(1, calls);
        }
    }

    @Test
    void countsTheBytesOfStreams() throws Exception {
        byte[] kibibyte = new byte[1024];
        Handler handler =
                (_, response) ->
                        response.stream(
                                into -> {
                                    into.append(kibibyte, 0, kibibyte.length);
                                    return BodyProducer.Progress.DONE;
                                });
        try (TestServer server = start(handler);
                TestClient client = server.connect()) {
            assertEquals(1024, client.send(get("/")).reply().body().length);
            // "00400", the data, "0", an empty line, and the ends of lines (RFC 9112 section 7.1)
            assertEquals("ANSWERED GET / [] 200 1038 " + NO_FAILURE, end());
        }
    }

    @Test
    void seesWhatIsCutBeforeItsAnswer() throws Exception {
        try (TestServer server = start((_, response) -> waiting.add(response))) {
            try (TestClient client = server.connect()) {
                client.send(get("/never"));
                Await.until("it waits", () -> !waiting.isEmpty());
                client.reset();
            }
            assertEquals("CUT GET /never [] 0 0 " + NO_FAILURE, end());
        }
    }

    @Test
    void knowsTheClientOfWhatIsCutWithinItsBody() throws Exception {
        RequestObserver asking =
                new RequestObserver() {
                    @Override
                    public void onBegin() {
                        begun.incrementAndGet();
                    }

                    @Override
                    public void onEnd(EndedRequest ended) {
                        RequestHead head = ended.head();
                        String path = head == null ? "-" : head.path();
                        ends.add(path + " " + (ended.remoteAddress() != null));
                    }
                };
        Handler handler = (_, response) -> response.send("x");
        try (TestServer server = start(HttpLimits.defaults(), _ -> asking, handler)) {
            try (TestClient client = server.connect()) {
                client.send("POST /part HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
                Await.until("its head is there", () -> begun.get() == 1);
                server.ask(Shard::index); // the shard is done with what it has received
                client.reset();
            }
            assertEquals("/part true", end());
        }
    }

    @Test
    void readsNoHeadOutOfMemoryThatIsNoLongerTheRequests() throws Exception {
        Handler failing =
                new Handler() {
                    @Override
                    public void handle(Request request, Response response) {
                        response.send("x");
                    }

                    @Override
                    public boolean streamsBody(Request request) {
                        throw new IllegalStateException("before anything has been kept");
                    }
                };
        try (TestServer server = start(failing);
                TestClient client = server.connect()) {
            client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
            assertTrue(end().startsWith("CUT POST - [] 0 0 "));
        }
    }

    @Test
    void seesWhatIsRefused() throws Exception {
        try (TestServer server = start((_, response) -> response.send("x"))) {
            for (String bad :
                    new String[] {
                        "nonsense\r\n\r\n",
                        "GET /a HTTP/1.1\r\nHost: a\r\nNo colon\r\n\r\n",
                        "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n"
                    }) {
                try (TestClient client = server.connect()) {
                    assertEquals(400, client.send(bad).reply().status());
                }
            }
            assertTrue(end().startsWith("REFUSED OTHER - [] 400 "));
            assertTrue(end().startsWith("REFUSED GET /a [] 400 "));
            assertTrue(end().startsWith("REFUSED POST /b [] 400 "));
            assertEquals(1, begun.get());
        }
        assertTrue(ends.isEmpty());
    }

    @Test
    void seesAHandlerThatDoesNotAnswerInTime() throws Exception {
        HttpTimeouts timeouts = HttpLimits.defaults().timeouts().withHandler(Duration.ofMillis(50));
        HttpLimits limits = HttpLimits.defaults().withTimeouts(timeouts);
        Handler handler = (_, response) -> waiting.add(response);
        try (TestServer server = start(limits, _ -> new Noting(), handler);
                TestClient client = server.connect()) {
            assertEquals(503, client.send(get("/slow")).reply().status());
            assertTrue(end().startsWith("REFUSED GET /slow [] 503 "));
        }
    }

    @Test
    void goesOnWhenAnObserverFails() throws Exception {
        RequestObserver failing =
                _ -> {
                    throw new IllegalStateException("an observer's own");
                };
        try (LogRecords log = new LogRecords(Http1Connections.class);
                TestServer server =
                        start(
                                HttpLimits.defaults(),
                                RequestObserver.PerShard.all(List.of(_ -> failing)),
                                (_, response) -> response.send("x"));
                TestClient client = server.connect()) {
            assertEquals("x", client.send(get("/")).reply().text());
            assertEquals("x", client.send(get("/")).reply().text());
            Await.until("it is logged", () -> !log.at(Level.SEVERE).isEmpty());
        }
    }

    @Test
    void anObserverThatFailsKeepsNothingFromTheOthers() throws Exception {
        Failing failing = new Failing();
        List<RequestObserver.PerShard> three =
                List.of(_ -> failing, _ -> new Noting(), _ -> failing);
        try (LogRecords log = new LogRecords(Http1Connections.class);
                TestServer server =
                        start(
                                HttpLimits.defaults(),
                                RequestObserver.PerShard.all(three),
                                (_, response) -> response.send("x"));
                TestClient client = server.connect()) {
            assertEquals("x", client.send(get("/")).reply().text());
            assertEquals("ANSWERED GET / [] 200 1 " + NO_FAILURE, end());
            assertEquals(1, begun.get());
            Await.until("it is logged", () -> !log.at(Level.SEVERE).isEmpty());
            assertEquals(failing.failure, log.at(Level.SEVERE).getFirst().getThrown());
        }
    }

    private static final class Failing implements RequestObserver {
        /// The same at every call, as some libraries' are.
        final IllegalStateException failure = new IllegalStateException("an observer's own");

        @Override
        public void onBegin() {
            throw failure;
        }

        @Override
        public void onEnd(EndedRequest request) {
            throw failure;
        }
    }

    @Test
    void tellsSeveralObserversInTheirOrder() throws Exception {
        List<RequestObserver.PerShard> two =
                List.of(shard -> naming("first", shard), shard -> naming("second", shard));
        RequestObserver.PerShard all = RequestObserver.PerShard.all(two);
        try (TestServer server =
                        start(HttpLimits.defaults(), all, (_, response) -> response.send("x"));
                TestClient client = server.connect()) {
            client.send(get("/")).reply();
            assertEquals("first of 0", end());
            assertEquals("second of 0", end());
        }
    }

    private RequestObserver naming(String name, Shard shard) {
        return _ -> ends.add(name + " of " + shard.index());
    }
}
