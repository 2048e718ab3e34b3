package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;

import dev.torc.core.Limits;
import dev.torc.http.h1.Http1Connections;
import dev.torc.http.metrics.RequestMetrics;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What the shard's thread allocates for 100,000 requests, which are counted: nothing.
@EveryNetwork
class HttpServerAllocationTest {
    private static final int REQUESTS = 100_000;
    private static final HttpLimits ENDLESS =
            HttpLimits.defaults().withRequestsPerConnectionMax(Integer.MAX_VALUE);
    private static final int PIPELINED = 500;
    private static final int CONNECTIONS = 50;
    private static final long WARM_UP_NANOS_MAX = TimeUnit.SECONDS.toNanos(Await.PATIENCE_SECONDS);
    private static final byte[] HELLO = TestClient.bytes("Hello, World!");

    @Parameter Network network;

    private TestServer server;
    private long shardThread;

    /// Sends requests and reads their answers.
    private interface Round {
        void run() throws IOException;
    }

    @BeforeEach
    void start() {
        assumeTrue(network.isReal(), "the simulated kernel allocates on the shard's thread");
        Router router =
                new Router()
                        .get("/plaintext", HttpServerAllocationTest::plaintext)
                        .get("/hello/{name}", HttpServerAllocationTest::plaintext)
                        .group(
                                "/api",
                                api ->
                                        api.filter(new RequestIds())
                                                .filter((q, r, next) -> next.handle(q, r))
                                                .get(
                                                        "/users/{id:int}",
                                                        HttpServerAllocationTest::typed));

        RequestMetrics metrics = new RequestMetrics();
        server =
                TestServer.start(
                        network,
                        Limits.defaults(),
                        shard ->
                                new Http1Connections(shard, ENDLESS, metrics.start(shard), router));
        shardThread = server.ask(_ -> Thread.currentThread().threadId());
    }

    @AfterEach
    void stop() {
        if (server != null) server.close();
    }

    private static void plaintext(Request request, Response response) {
        response.contentType(MediaType.TEXT_PLAIN).send(HELLO);
    }

    private static void typed(Request request, Response response) {
        if (request.pathInt("id") + request.pathLong("id") != 84) throw new AssertionError();
        response.contentType(MediaType.TEXT_PLAIN).send(HELLO);
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\nUser-Agent: test\r\n\r\n";
    }

    /// The fewest bytes of any round. The first ones run while the JIT still compiles: until then a
    /// turn of the shard allocates what escape analysis removes later.
    private long steadyBytes(Round round) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long fewest = Long.MAX_VALUE;
        long deadlineNanos = System.nanoTime() + WARM_UP_NANOS_MAX;
        while (fewest > 0 && System.nanoTime() - deadlineNanos < 0) {
            long before = threads.getThreadAllocatedBytes(shardThread);
            round.run();
            fewest = Math.min(fewest, threads.getThreadAllocatedBytes(shardThread) - before);
        }
        return fewest;
    }

    private int answerBytes(String request) throws IOException {
        try (TestClient client = server.connect()) {
            String last = request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
            return client.send(last).rest().length() - "Connection: close\r\n".length();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/plaintext", "/hello/x", "/nothing", "/api/users/42"})
    void pipelinedRequestsAllocateNothing(String path) throws IOException {
        int answerBytes = answerBytes(get(path));
        byte[] requests = TestClient.bytes(get(path).repeat(PIPELINED));
        try (TestClient client = server.connect()) {
            long bytes =
                    steadyBytes(
                            () -> {
                                for (int i = 0; i < REQUESTS / PIPELINED; i++) {
                                    client.send(requests);
                                    client.skip((long) answerBytes * PIPELINED);
                                }
                            });
            assertEquals(0, bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/plaintext", "/nothing"})
    void requestsOneAtATimeAllocateNothing(String path) throws IOException {
        int answerBytes = answerBytes(get(path));
        byte[] request = TestClient.bytes(get(path));
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) clients.add(server.connect());
        long bytes =
                steadyBytes(
                        () -> {
                            for (int i = 0; i < REQUESTS / CONNECTIONS; i++) {
                                for (TestClient client : clients) client.send(request);
                                for (TestClient client : clients) client.skip(answerBytes);
                            }
                        });
        for (TestClient client : clients) client.close();
        assertEquals(0, bytes);
    }
}
