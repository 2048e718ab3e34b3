package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Limits;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Each limit of [HttpLimits]: what is exactly as much is taken, and one more is refused with the
/// status that is promised.
@EveryNetwork
class HttpServerLimitsTest {
    private static final String HOST = "Host: a\r\n";
    private static final String GET = "GET / HTTP/1.1\r\n" + HOST;
    private static final String POST = "POST /whole HTTP/1.1\r\n" + HOST;
    private static final String STREAM = "POST /echo HTTP/1.1\r\n" + HOST;
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
    private static final HttpLimits LIMITS =
            HttpLimits.defaults()
                    .withRequestLineBytesMax(100)
                    .withHeadBytesMax(400)
                    .withHeaderCountMax(5)
                    .withBodyBytesMax(1000)
                    .withStreamedBodyBytesMax(2000)
                    .withUnreadBodyBytesMax(500)
                    .withChunkExtensionBytesMax(30)
                    .withTrailerBytesMax(40)
                    .withPipelinedBytesMax(1000)
                    .withRequestsPerConnectionMax(3);

    @Parameter Network network;

    private TestServer serve() {
        Router router = new StreamedBodies().router();
        router.get("/{rest...}", (_, response) -> response.send("got"));
        return TestServer.start(network, LIMITS, router);
    }

    private static String xs(int count) {
        return "x".repeat(count);
    }

    private static String line(int bytes) {
        String rest = "GET / HTTP/1.1\r\n";
        return "GET /" + xs(bytes - rest.length()) + " HTTP/1.1\r\n" + HOST + "\r\n";
    }

    private static String head(int bytes) {
        String rest = GET + "X: \r\n\r\n";
        return GET + "X: " + xs(bytes - rest.length()) + "\r\n\r\n";
    }

    private static String fields(int count) {
        return GET + "X: y\r\n".repeat(count - 1) + "\r\n";
    }

    private static String sized(String start, int bytes) {
        return start + "Content-Length: " + bytes + "\r\n\r\n" + xs(bytes);
    }

    private static String chunks(String start, int bytes) {
        String chunk = "64\r\n" + xs(100) + "\r\n";
        String rest = Integer.toHexString(bytes % 100);
        String last = bytes % 100 == 0 ? "" : rest + "\r\n" + xs(bytes % 100) + "\r\n";
        return start + CHUNKED + chunk.repeat(bytes / 100) + last + "0\r\n\r\n";
    }

    /// All the extensions of a message count, in whatever chunk.
    private static String extensions(int bytes) {
        String second = ";" + xs(bytes - 11);
        return POST + CHUNKED + "1;" + xs(9) + "\r\nx\r\n1" + second + "\r\nx\r\n0\r\n\r\n";
    }

    private static String trailers(int bytes) {
        return POST + CHUNKED + "0\r\nX: " + xs(bytes - 7) + "\r\n\r\n";
    }

    static Stream<Arguments> limits() {
        return Stream.of(
                Arguments.of("requestLineBytesMax", 414, line(100), line(101)),
                Arguments.of("headBytesMax", 431, head(400), head(401)),
                Arguments.of("headerCountMax", 431, fields(5), fields(6)),
                Arguments.of("headerCountMax", 431, trailerFields(5), trailerFields(6)),
                Arguments.of("bodyBytesMax", 413, sized(POST, 1000), sized(POST, 1001)),
                Arguments.of("bodyBytesMax", 413, chunks(POST, 1000), chunks(POST, 1001)),
                Arguments.of("streamedBodyBytesMax", 413, sized(STREAM, 2000), sized(STREAM, 2001)),
                Arguments.of(
                        "streamedBodyBytesMax", 413, chunks(STREAM, 2000), chunks(STREAM, 2001)),
                Arguments.of("chunkExtensionBytesMax", 400, extensions(30), extensions(31)),
                Arguments.of("trailerBytesMax", 431, trailers(40), trailers(41)));
    }

    private static String trailerFields(int count) {
        return POST + CHUNKED + "0\r\n" + "X: y\r\n".repeat(count) + "\r\n";
    }

    @ParameterizedTest
    @MethodSource("limits")
    void takesAsMuchAndNotOneMore(String limit, int status, String within, String beyond)
            throws IOException {
        try (TestServer server = serve();
                TestClient client = server.connect();
                TestClient other = server.connect()) {
            assertEquals(200, client.send(within).send(GET + "\r\n").reply().status(), limit);
            assertEquals("root", client.reply().text(), limit);
            Reply refused = other.send(beyond).reply();
            assertEquals(status, refused.status(), limit);
            assertTrue(refused.closes(), limit);
            assertEquals("", other.rest(), limit);
        }
    }

    @Test
    void theLastRequestOfAConnectionIsToldSo() throws IOException {
        try (TestServer server = serve();
                TestClient client = server.connect()) {
            client.send((GET + "\r\n").repeat(5));
            assertFalse(client.reply().closes());
            assertFalse(client.reply().closes());
            assertTrue(client.reply().closes());
            assertEquals("", client.rest());
            try (TestClient another = server.connect()) {
                assertEquals(200, another.send(GET + "\r\n").reply().status());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1000, 0, 1", "8388608, 2, 32"})
    void receivesNoMoreThanIsKeptBehindARequestThatIsHandled(int limit, int fewest, int most)
            throws Exception {
        CompletableFuture<Response> first = new CompletableFuture<>();
        Handler handler =
                (_, response) -> {
                    if (!first.complete(response)) response.send("next");
                };
        HttpLimits one = HttpLimits.defaults().withPipelinedBytesMax(limit);
        Limits small = Limits.defaults().withReceiveBuffers(4, 1024);
        try (TestServer server = TestServer.start(network, small, one, handler);
                TestClient client = server.connect()) {
            byte[] more = TestClient.bytes((GET + "\r\n").repeat(40));
            AtomicLong sent = new AtomicLong();
            Thread sender =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            while (sent.get() < 64 << 20) {
                                                client.send(more);
                                                sent.addAndGet(more.length);
                                            }
                                        } catch (IOException ended) {
                                            sent.set(Long.MAX_VALUE);
                                        }
                                    });
            Response response = first.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            Await.until("what came is kept", () -> keptMebibytes(server) >= fewest);
            // On a busy machine the peer may stand still for another reason; then this proves less.
            AtomicLong seen = new AtomicLong(-1);
            Await.until(
                    "the peer stands still",
                    () -> {
                        long before = seen.getAndSet(sent.get());
                        for (int i = 0; i < 100; i++) server.counters();
                        return before == sent.get();
                    });
            assertTrue(sent.get() < 64 << 20, "nothing was held back");
            // Memory is taken in powers of two, and copied into the next.
            long kept = keptMebibytes(server);
            assertTrue(kept <= most, "MiB " + kept);
            response.send("first");
            assertEquals("first", client.reply().text());
            assertEquals("next", client.reply().text());
            client.reset();
            assertTrue(sender.join(Duration.ofSeconds(Await.PATIENCE_SECONDS)));
        }
    }

    private static long keptMebibytes(TestServer server) {
        return server.ask(shard -> shard.buffers().bytes()) >> 20;
    }
}
