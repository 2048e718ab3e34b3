package dev.torc.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.BufferPool;
import dev.torc.core.Limits;
import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.http.BodyProducer.Progress;
import dev.torc.http.Handler;
import dev.torc.http.Handlers;
import dev.torc.http.HttpLimits;
import dev.torc.http.Method;
import dev.torc.http.Response;
import dev.torc.http.TestServer;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Seed;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/// States that a client brings about only with luck, made certain by small limits.
@EveryNetwork
class Http1ConnectionTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final Handler ECHO = (request, response) -> response.send(request.body());

    @Parameter Network network;

    @Test
    void readsABodyThatArrivedWhileTheOutputWasBlocked() throws IOException {
        // The answer to the first request blocks the output just when the second one's head, and
        // nothing of its body, has been parsed: one receive buffer ends exactly there.
        int bufferBytes = 128;
        String post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300\r\nX: ";
        String padding = "x".repeat(bufferBytes - GET.length() - post.length() - 4);
        String requests = GET + post + padding + "\r\n\r\n";
        assertEquals(bufferBytes, requests.length());
        Limits limits =
                Limits.defaults().withReceiveBuffers(64, bufferBytes).withSendQueueBytesMax(1);
        try (TestServer server = TestServer.start(network, limits, HttpLimits.defaults(), ECHO)) {
            for (int i = 0; i < 20; i++) {
                try (TestClient client = server.connect()) {
                    client.send(requests + "b".repeat(300));
                    assertEquals("", client.reply().text());
                    assertEquals("b".repeat(300), client.reply().text());
                }
            }
        }
    }

    @Test
    void worksWithTheSmallestBuffersAndQueues() throws IOException {
        long seed = Seed.next();
        Random random = new Random(seed);
        Limits limits = Limits.defaults().withReceiveBuffers(4, 64).withSendQueueBytesMax(1);
        try (TestServer server = TestServer.start(network, limits, HttpLimits.defaults(), ECHO);
                TestClient client = server.connect()) {
            List<String> bodies = new ArrayList<>();
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                String body = ("" + i % 10).repeat(random.nextInt(500));
                bodies.add(body);
                requests.append(
                        "PUT / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(random.nextInt(99)));
                if (random.nextBoolean()) {
                    requests.append("\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                } else {
                    String chunk = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n";
                    requests.append("\r\nTransfer-Encoding: chunked\r\n\r\n");
                    requests.append((body.isEmpty() ? "" : chunk) + "0\r\n\r\n");
                }
            }
            client.send(requests.toString());
            for (String body : bodies) {
                assertEquals(body, client.reply().text(), () -> "seed " + seed);
            }
        }
    }

    @Test
    void answersOneRequestAtATime() throws IOException {
        ConcurrentLinkedQueue<Response> waiting = new ConcurrentLinkedQueue<>();
        Handler handler = (_, response) -> waiting.add(response);
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            client.send(GET.repeat(10));
            for (int i = 0; i < 10; i++) {
                Await.until("one waits", () -> !waiting.isEmpty());
                assertEquals(1, waiting.size());
                waiting.remove().send("" + i);
                assertEquals("" + i, client.reply().text());
            }
        }
    }

    @Test
    void keepsBoundedInputBehindARequestThatWaits() throws IOException {
        ConcurrentLinkedQueue<Response> waiting = new ConcurrentLinkedQueue<>();
        Handler handler =
                (request, response) -> {
                    if (request.method() == Method.POST) {
                        waiting.add(response);
                    } else {
                        response.send("next");
                    }
                };
        int count = 20_000;
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.send(GET.repeat(count));
            Await.until("it waits", () -> waiting.size() == 1);
            long[] receives = new long[1];
            Await.until(
                    "it receives no more",
                    () -> {
                        receives[0] = server.counters().receives();
                        for (int i = 0; i < 100; i++) server.counters();
                        return receives[0] == server.counters().receives();
                    });
            assertTrue(server.ask(shard -> shard.buffers().bytes()) < 4 << 20);
            waiting.remove().send("first");
            assertEquals("first", client.reply().text());
            for (int i = 0; i < count; i++) assertEquals("next", client.reply().text());
        }
    }

    @Test
    void refusesABodyForWhichThereIsNoMemory() throws IOException {
        Limits limits = Limits.defaults().withPoolBytesMax(BufferPool.SLICE_BYTES_MAX);
        HttpLimits http = HttpLimits.defaults().withBodyBytesMax(8 << 20);
        try (TestServer server = TestServer.start(network, limits, http, ECHO)) {
            warm(server);
            List<Slice> hoard = new ArrayList<>();
            server.ask(shard -> hoard.addAll(allSpare(shard)));
            try (TestClient client = server.connect()) {
                client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n");
                client.send(new byte[900_000]);
                assertEquals(413, client.reply().status());
            }
            server.ask(_ -> release(hoard));
        }
    }

    @Test
    void survivesThatAllMemoryIsUsedUp() throws IOException {
        Limits limits = Limits.defaults().withPoolBytesMax(BufferPool.SLICE_BYTES_MAX);
        try (TestServer server = TestServer.start(network, limits, HttpLimits.defaults(), ECHO)) {
            warm(server);
            List<Slice> hoard = new ArrayList<>();
            server.ask(shard -> hoard.addAll(all(shard)));
            for (String part :
                    new String[] {GET, GET + GET, "GET / HT", "GET / HTTP/1.1\r\n\r\n"}) {
                try (TestClient client = server.connect()) {
                    assertEquals("", client.send(part).restOrReset());
                }
            }
            server.ask(_ -> release(hoard));
            try (TestClient client = server.connect()) {
                assertEquals(200, client.send(GET).reply().status());
            }
        }
    }

    /// Makes the pool have slices of the sizes that an answer takes: what it has once given to one
    /// size class stays there.
    private static void warm(TestServer server) throws IOException {
        try (TestClient client = server.connect()) {
            assertEquals(200, client.drip(GET).reply().status());
        }
        server.awaitNothingHeld();
    }

    /// What the pool has to spare, in large pieces.
    private static List<Slice> allSpare(Shard shard) {
        List<Slice> slices = new ArrayList<>();
        Slice slice;
        while ((slice = shard.buffers().takeSpare(1 << 20)) != null) slices.add(slice);
        return slices;
    }

    /// Everything that the pool still lends.
    private static List<Slice> all(Shard shard) {
        List<Slice> slices = new ArrayList<>();
        for (int bytes = 16 << 20; bytes >= 4096; bytes /= 4) {
            for (Slice s = shard.buffers().take(bytes);
                    s != null;
                    s = shard.buffers().take(bytes)) {
                slices.add(s);
            }
        }
        return slices;
    }

    private static boolean release(List<Slice> slices) {
        slices.forEach(Slice::release);
        slices.clear();
        return true;
    }

    @Test
    void streamsAndAnswersMix() throws IOException {
        Handler handler =
                (request, response) -> {
                    switch (request.rawPath()) {
                        case "/now" -> response.send("now");
                        case "/stream" ->
                                response.stream(
                                        buffer -> {
                                            buffer.append(TestClient.bytes("streamed"), 0, 8);
                                            return Progress.DONE;
                                        });
                        case "/blocking" ->
                                Handlers.blocking((_, r) -> r.send("blocking"))
                                        .handle(request, response);
                        default -> Thread.ofVirtual().start(() -> response.send("later"));
                    }
                };
        String[][] kinds = {
            {"/now", "now"}, {"/stream", "streamed"}, {"/blocking", "blocking"}, {"/x", "later"}
        };
        long seed = Seed.next();
        Random random = new Random(seed);
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            StringBuilder requests = new StringBuilder();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                String[] kind = kinds[random.nextInt(kinds.length)];
                requests.append("GET " + kind[0] + " HTTP/1.1\r\nHost: a\r\n\r\n");
                expected.add(kind[1]);
            }
            client.send(requests.toString());
            for (String text : expected) {
                assertEquals(text, client.reply().text(), () -> "seed " + seed);
            }
        }
    }
}
