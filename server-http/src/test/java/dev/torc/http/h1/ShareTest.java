package dev.torc.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Shard;
import dev.torc.http.Handler;
import dev.torc.http.TestServer;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

@EveryNetwork
class ShareTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String CHUNKED =
            "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    /// What a shard may handle in a turn of one connection: what it has put off, and then what it
    /// receives.
    private static final int REQUESTS_PER_TURN_MAX = 64;

    private final AtomicInteger handled = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private int seen;

    @Parameter Network network;

    /// Looks in each turn at how many requests have been handled since the last.
    private void watch(Shard shard, int until) {
        int now = handled.get();
        most.accumulateAndGet(now - seen, Math::max);
        seen = now;
        if (now < until) shard.putOff(() -> watch(shard, until));
    }

    @Test
    void handlesABoundedNumberOfRequestsInATurn() throws IOException {
        int count = 3000;
        Handler handler = (_, response) -> response.send("" + handled.getAndIncrement());
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            server.shard().execute(() -> watch(server.shard(), count));
            client.send(GET.repeat(count));
            for (int i = 0; i < count; i++) assertEquals("" + i, client.reply().text());
            server.ask(_ -> true);
        }
        assertEquals(count, handled.get());
        assertTrue(most.get() <= REQUESTS_PER_TURN_MAX, "requests in one turn: " + most);
    }

    @Test
    void whatIsPutOffIsStillHandledWhenThePeerHasEnded() throws IOException {
        int count = 1000;
        Handler handler = (_, response) -> response.send("" + handled.getAndIncrement());
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            client.send(GET.repeat(count));
            client.endOutput();
            for (int i = 0; i < count; i++) assertEquals("" + i, client.reply().text());
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void whatIsPutOffDiesWithItsConnection() throws IOException {
        Handler handler = (_, response) -> response.send("" + handled.getAndIncrement());
        try (TestServer server = TestServer.start(network, handler)) {
            for (int i = 0; i < 20; i++) {
                TestClient client = server.connect();
                client.send(GET.repeat(1000));
                client.reset();
            }
        }
    }

    @Test
    void aBodyInTheSmallestChunksArrivesWhole() throws IOException {
        int count = 10_000;
        Handler handler = (request, response) -> response.send("" + request.body().length());
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            client.send(CHUNKED + "1\r\nx\r\n".repeat(count) + "0\r\n\r\n" + GET);
            assertEquals("" + count, client.reply().text());
            assertEquals("0", client.reply().text());
        }
    }
}
