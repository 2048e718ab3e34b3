package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;

import dev.torc.http.json.Json;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Type;
import java.util.concurrent.TimeUnit;

/// What the shard's thread allocates for JSON, without and with Jackson's part of it.
@EveryNetwork
class JsonAllocationTest {
    private static final HttpLimits ENDLESS =
            HttpLimits.defaults().withRequestsPerConnectionMax(Integer.MAX_VALUE);
    private static final int ROUNDS = 40;
    private static final int PIPELINED = 500;
    private static final long WARM_UP_NANOS_MAX = TimeUnit.SECONDS.toNanos(Await.PATIENCE_SECONDS);
    private static final Message HELLO = new Message("Hello, World!");
    private static final String BODY = "{\"message\":\"Hello, World!\"}";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST =
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                    + BODY.length()
                    + "\r\n\r\n"
                    + BODY;
    // An array's header and padding: what BODY takes as one.
    private static final int ARRAY_BYTES_MAX = BODY.length() + 24;

    @Parameter Network network;

    public record Message(String message) {}

    /// Always the same value and text.
    private static final class Canned implements JsonCodec {
        private static final byte[] TEXT = TestClient.bytes(BODY);

        @Override
        public Object read(byte[] utf8, Type type) {
            return HELLO;
        }

        @Override
        public void write(Object value, OutputStream target) throws IOException {
            target.write(TEXT, 0, TEXT.length);
        }
    }

    @BeforeEach
    void skipSimulation() {
        assumeTrue(network.isReal(), "the simulated kernel allocates on the shard's thread");
    }

    private void assertAllocates(JsonCodec codec, String request, long bytesMax)
            throws IOException {
        Router router =
                new Router()
                        .json(codec)
                        .get("/", (_, response) -> response.json(HELLO))
                        .post("/", (asked, response) -> response.json(asked.json(Message.class)));
        try (TestServer server = TestServer.start(network, ENDLESS, router)) {
            long bytes = fewestBytes(server, request, bytesMax);
            assertTrue(bytes <= bytesMax, bytes + " bytes for a request, at most " + bytesMax);
        }
    }

    /// The fewest bytes for a request of any round. The first ones run while the JIT still
    /// compiles: until then is allocated what escape analysis removes later.
    private static long fewestBytes(TestServer server, String request, long enough)
            throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long shardThread = server.ask(_ -> Thread.currentThread().threadId());
        byte[] requests = TestClient.bytes(request.repeat(PIPELINED));
        long answersBytes = (long) answerBytes(server, request) * PIPELINED;
        long fewest = Long.MAX_VALUE;
        long deadlineNanos = System.nanoTime() + WARM_UP_NANOS_MAX;
        try (TestClient client = server.connect()) {
            while (fewest > enough && System.nanoTime() - deadlineNanos < 0) {
                long before = threads.getThreadAllocatedBytes(shardThread);
                for (int i = 0; i < ROUNDS; i++) {
                    client.send(requests);
                    client.skip(answersBytes);
                }
                long bytes = threads.getThreadAllocatedBytes(shardThread) - before;
                fewest = Math.min(fewest, Math.ceilDiv(bytes, ROUNDS * PIPELINED));
            }
        }
        return fewest;
    }

    private static int answerBytes(TestServer server, String request) throws IOException {
        try (TestClient client = server.connect()) {
            String last = request.replaceFirst("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
            return client.send(last).rest().length() - "Connection: close\r\n".length();
        }
    }

    @Test
    void torcAllocatesNothingToWrite() throws IOException {
        assertAllocates(new Canned(), GET, 0);
    }

    @Test
    void torcAllocatesTheBodyToRead() throws IOException {
        assertAllocates(new Canned(), POST, ARRAY_BYTES_MAX);
    }

    /// Nothing, if the JIT finds that Jackson's context does not outlive the call.
    @Test
    void jacksonAllocatesNextToNothingToWrite() throws IOException {
        assertAllocates(new Json(), GET, 128);
    }
}
