package dev.torc.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torc.core.BufferPool;
import dev.torc.core.Limits;
import dev.torc.http.BodyProducer;
import dev.torc.http.BodyProducer.Progress;
import dev.torc.http.HttpLimits;
import dev.torc.http.Router;
import dev.torc.http.TestServer;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Peers that hold as much of a shard's memory as they can get.
@EveryNetwork
class MemoryForOthersTest {
    private static final int POOL_BYTES = BufferPool.SLICE_BYTES_MAX;
    private static final int LARGE_BYTES = 8 << 20;
    private static final int PIECE_BYTES = 32 * 1024;
    private static final String SMALL = "GET /small HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String STREAM = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String WHOLE = "GET /whole HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String BODY =
            "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n";

    @Parameter Network network;

    private final byte[] whole = new byte[300_000];
    private final Router router =
            new Router()
                    .get("/small", (_, response) -> response.send("small"))
                    .post("/body", (_, response) -> response.send())
                    .get("/whole", (_, response) -> response.send(whole))
                    .get(
                            "/stream",
                            (_, response) -> response.contentLength(LARGE_BYTES).stream(zeroes()));

    private static BodyProducer zeroes() {
        int[] left = {LARGE_BYTES};
        return buffer -> {
            int bytes = Math.min(PIECE_BYTES, left[0]);
            buffer.append(new byte[bytes], 0, bytes);
            left[0] -= bytes;
            return left[0] == 0 ? Progress.DONE : Progress.MORE;
        };
    }

    /// `count` peers say `what`, and read nothing, until the pool has no memory to spare: others
    /// are answered all the same, and have all of it once those have gone.
    private void expectMemoryForOthers(int count, byte[] what) throws IOException {
        Limits limits = Limits.defaults().withPoolBytesMax(POOL_BYTES);
        try (TestServer server = TestServer.start(network, limits, HttpLimits.defaults(), router)) {
            List<TestClient> greedy = new ArrayList<>();
            for (int i = 0; i < count; i++) greedy.add(server.connectNarrow().send(what));
            Await.until(
                    "some are given up",
                    () ->
                            server.counters().accepted() == count
                                    && server.counters().open() < count);
            try (TestClient client = server.connect()) {
                for (int i = 0; i < 100; i++) {
                    assertEquals("small", client.send(SMALL).reply().text());
                }
            }
            for (TestClient client : greedy) client.reset();
            server.awaitNothingHeld();
            try (TestClient client = server.connect()) {
                assertEquals(LARGE_BYTES, client.send(STREAM).reply().text().length());
                client.send(BODY).send(new byte[1_000_000]);
                assertEquals(200, client.reply().status());
            }
        }
    }

    @Test
    void streamedAnswersThatAreNotReadLeaveMemoryForOthers() throws IOException {
        expectMemoryForOthers(100, STREAM.getBytes(US_ASCII));
    }

    @Test
    void wholeAnswersThatAreNotReadLeaveMemoryForOthers() throws IOException {
        expectMemoryForOthers(100, WHOLE.repeat(20).getBytes(US_ASCII));
    }

    @Test
    void bodiesThatDoNotEndLeaveMemoryForOthers() throws IOException {
        byte[] unfinished = new byte[BODY.length() + 600_000];
        System.arraycopy(BODY.getBytes(US_ASCII), 0, unfinished, 0, BODY.length());
        expectMemoryForOthers(30, unfinished);
    }
}
