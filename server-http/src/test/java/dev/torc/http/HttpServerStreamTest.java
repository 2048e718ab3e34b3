package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Limits;
import dev.torc.core.Slice;
import dev.torc.http.BodyProducer.Progress;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Reply;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

@EveryNetwork
class HttpServerStreamTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter Network network;

    /// Bytes that count up, in pieces of at most so many bytes.
    private static final class Counting implements BodyProducer {
        private final long total;
        private final int pieceBytes;
        private final AtomicLong produced = new AtomicLong();
        private final AtomicBoolean abandoned = new AtomicBoolean();

        Counting(long total, int pieceBytes) {
            this.total = total;
            this.pieceBytes = pieceBytes;
        }

        @Override
        public Progress produce(Slice buffer) {
            long left = total - produced.get();
            int bytes = (int) Math.min(Math.min(left, pieceBytes), buffer.remaining());
            byte[] piece = new byte[bytes];
            for (int i = 0; i < bytes; i++) piece[i] = (byte) (produced.get() + i);
            buffer.append(piece, 0, bytes);
            return produced.addAndGet(bytes) == total ? Progress.DONE : Progress.MORE;
        }

        @Override
        public void abandon() {
            abandoned.set(true);
        }
    }

    private static byte[] counted(int bytes) {
        byte[] all = new byte[bytes];
        for (int i = 0; i < bytes; i++) all[i] = (byte) i;
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_521, 65_522, 65_523, 65_536, 1_000_000})
    void sendsChunks(int bytes) throws IOException {
        try (TestServer server =
                        TestServer.start(
                                network, (_, r) -> r.stream(new Counting(bytes, 1 << 20)));
                TestClient client = server.connect()) {
            for (int i = 0; i < 2; i++) {
                Reply reply = client.send(GET).reply();
                assertTrue(reply.isChunked());
                assertFalse(reply.has("Content-Length"));
                assertArrayEquals(counted(bytes), reply.body());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_536, 1_000_000})
    void sendsAnAnnouncedLength(int bytes) throws IOException {
        Handler handler = (_, r) -> r.contentLength(bytes).stream(new Counting(bytes, 777));
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            for (int i = 0; i < 2; i++) {
                Reply reply = client.send(GET).reply();
                assertEquals(bytes, reply.contentLength().orElseThrow());
                assertArrayEquals(counted(bytes), reply.body());
            }
        }
    }

    @Test
    void endsAnHttp10StreamByClosing() throws IOException {
        try (TestServer server =
                        TestServer.start(network, (_, r) -> r.stream(new Counting(300_000, 999)));
                TestClient client = server.connect()) {
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            Reply reply = client.reply();
            assertTrue(reply.closes());
            assertFalse(reply.isChunked());
            assertArrayEquals(counted(300_000), reply.body());
        }
    }

    @Test
    void keepsAnHttp10ConnectionWhenTheLengthIsAnnounced() throws IOException {
        Handler handler = (_, r) -> r.contentLength(10).stream(new Counting(10, 3));
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                assertArrayEquals(counted(10), client.reply().body());
            }
        }
    }

    @Test
    void tellsAProducerThatHeadWantsNoBody() throws IOException {
        Counting producer = new Counting(10, 10);
        try (TestServer server = TestServer.start(network, (_, r) -> r.stream(producer));
                TestClient client = server.connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(client.replyToHead().isChunked());
            assertTrue(producer.abandoned.get());
            assertEquals(0, producer.produced.get());
        }
    }

    @Test
    void resumesAStreamFromOtherThreads() throws IOException {
        int messages = 500;
        AtomicInteger ready = new AtomicInteger();
        CompletableFuture<Response> started = new CompletableFuture<>();
        Handler handler =
                (_, response) -> {
                    AtomicInteger sent = new AtomicInteger();
                    response.stream(
                            buffer -> {
                                while (sent.get() < ready.get()) {
                                    buffer.append(TestClient.bytes("m"), 0, 1);
                                    sent.incrementAndGet();
                                }
                                return sent.get() == messages ? Progress.DONE : Progress.LATER;
                            });
                    started.complete(response);
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            client.send(GET);
            Response response = started.join();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < messages; i++) {
                threads.add(
                        Thread.ofVirtual()
                                .start(
                                        () -> {
                                            ready.incrementAndGet();
                                            response.resume();
                                        }));
            }
            assertEquals("m".repeat(messages), client.reply().text());
            // a resume that comes after the end means nothing
            response.resume();
            for (Thread thread : threads) thread.interrupt();
        }
    }

    @Test
    void startsAStreamFromAnotherThread() throws IOException {
        Handler handler =
                (_, response) ->
                        Thread.ofVirtual().start(() -> response.stream(new Counting(100_000, 50)));
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            client.send(GET + GET);
            assertArrayEquals(counted(100_000), client.reply().body());
            assertArrayEquals(counted(100_000), client.reply().body());
        }
    }

    @Test
    void doesNotAskAProducerWhoseClientDoesNotRead() throws IOException {
        long total = 64 << 20;
        Counting producer = new Counting(total, 1 << 20);
        Limits limits = Limits.defaults().withSendQueueBytesMax(100_000);
        try (TestServer server =
                        TestServer.start(
                                network,
                                limits,
                                HttpLimits.defaults(),
                                (_, r) -> r.contentLength(total).stream(producer));
                TestClient client = server.connectNarrow()) {
            client.send(GET);
            Await.until("it stands still", () -> isStill(server, producer.produced));
            assertTrue(producer.produced.get() < 16 << 20, "produced " + producer.produced);
            assertTrue(server.slicesTaken() <= 4, "slices " + server.slicesTaken());
            String head = "";
            while (!head.endsWith("\r\n\r\n")) head += TestClient.text(client.read(1));
            byte[] expected = counted(1 << 16);
            for (long read = 0; read < total; read += expected.length) {
                assertArrayEquals(expected, client.read(expected.length), "at " + read);
            }
        }
    }

    @Test
    void aTrickleOfEventsThatNobodyReadsIsBounded() throws IOException {
        AtomicLong produced = new AtomicLong();
        CompletableFuture<Response> started = new CompletableFuture<>();
        Handler handler =
                (_, response) -> {
                    response.stream(
                            buffer -> {
                                buffer.append(TestClient.bytes("data: tick\n\n"), 0, 12);
                                produced.incrementAndGet();
                                return Progress.LATER;
                            });
                    started.complete(response);
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connectNarrow()) {
            client.send(GET);
            Response response = started.orTimeout(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).join();
            long before;
            do {
                before = produced.get();
                for (int i = 0; i < 1000; i++) response.resume();
                server.counters();
            } while (produced.get() > before);
            assertEquals(1, server.counters().open());
            assertTrue(server.ask(shard -> shard.buffers().bytes()) < 128 << 20);
            client.reset();
        }
    }

    private static boolean isStill(TestServer server, AtomicLong produced) {
        long before = produced.get();
        for (int i = 0; i < 100; i++) server.counters();
        return before > 0 && before == produced.get();
    }

    @Test
    void abortsWhenAProducerThrows() throws IOException {
        Handler handler =
                (_, response) ->
                        response.stream(
                                buffer -> {
                                    buffer.append(new byte[100], 0, 100);
                                    throw new IOException("secret");
                                });
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            client.send(GET);
            assertFalse(client.restOrReset().contains("0\r\n\r\n"));
        }
    }

    @Test
    void abortsWhenAProducerHasMoreButAppendsNothing() throws IOException {
        try (TestServer server = TestServer.start(network, (_, r) -> r.stream(_ -> Progress.MORE));
                TestClient client = server.connect()) {
            client.send(GET);
            assertFalse(client.restOrReset().contains("0\r\n\r\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {99, 101})
    void abortsWhenTheLengthAnnouncedIsWrong(int announced) throws IOException {
        Handler handler = (_, r) -> r.contentLength(announced).stream(new Counting(100, 100));
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            client.send(GET);
            assertThrows(IOException.class, client::reply);
        }
    }

    @Test
    void tellsAProducerThatTheClientHasGone() throws IOException {
        Counting producer = new Counting(Long.MAX_VALUE, 1 << 20);
        try (TestServer server = TestServer.start(network, (_, r) -> r.stream(producer))) {
            try (TestClient client = server.connect()) {
                client.send(GET);
                assertEquals(1000, client.read(1000).length);
                client.reset();
            }
            Await.until("it is told", producer.abandoned::get);
        }
    }

    @Test
    void answersHundredThousandPipelinedRequestsOfAClientThatReadsLate() throws IOException {
        int count = 100_000;
        byte[] requests =
                TestClient.bytes("GET /12345678 HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1000));
        AtomicInteger handled = new AtomicInteger();
        Handler handler = (_, r) -> r.send("" + handled.getAndIncrement());
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            AtomicBoolean reading = new AtomicBoolean();
            Thread sender =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            for (int i = 0; i < count / 1000; i++) {
                                                client.send(requests);
                                            }
                                        } catch (IOException failure) {
                                            reading.set(true);
                                        }
                                    });
            AtomicLong seen = new AtomicLong();
            Await.until(
                    "the server stands still",
                    () -> {
                        seen.set(handled.get());
                        for (int i = 0; i < 100; i++) server.counters();
                        return seen.get() > 1000 && seen.get() == handled.get();
                    });
            assertTrue(handled.get() < count, "nothing was held back");
            assertTrue(server.slicesTaken() <= 64, "slices " + server.slicesTaken());
            // All of a shard's receive buffers, 4 MiB, may be one connection's in one turn.
            assertTrue(server.ask(shard -> shard.buffers().bytes()) <= 16 << 20);
            for (int i = 0; i < count; i++) assertEquals("" + i, client.reply().text());
            assertFalse(reading.get());
            sender.interrupt();
        }
    }
}
