package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.Seed;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

@EveryNetwork
class BlockingBodyTest {
    @Parameter Network network;

    private TestServer serve(Body body) {
        return TestServer.start(
                network,
                Handlers.blocking(
                        (_, response) -> {
                            try (OutputStream out = response.outputStream()) {
                                body.write(out);
                            }
                        }));
    }

    private interface Body {
        void write(OutputStream out) throws Exception;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 65_535, 131_072, 131_073, 400_000})
    void sendsWhatIsWrittenInAnyPieces(int pieceBytesMax) throws IOException {
        long seed = Seed.next();
        Random random = new Random(seed);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        int total = pieceBytesMax == 1 ? 3000 : 1_000_000;
        while (expected.size() < total) {
            byte[] piece = new byte[1 + random.nextInt(pieceBytesMax)];
            random.nextBytes(piece);
            expected.writeBytes(piece);
        }
        Body body =
                out -> {
                    byte[] all = expected.toByteArray();
                    Random cuts = new Random(seed);
                    for (int i = 0; i < all.length; ) {
                        int bytes = Math.min(all.length - i, 1 + cuts.nextInt(pieceBytesMax));
                        if (bytes == 1) {
                            out.write(all[i]);
                        } else {
                            out.write(all, i, bytes);
                        }
                        if (cuts.nextInt(10) == 0) out.flush();
                        i += bytes;
                    }
                };
        try (TestServer server = serve(body);
                TestClient client = server.connect()) {
            assertArrayEquals(expected.toByteArray(), client.get("/").body(), "seed " + seed);
        }
    }

    @Test
    void sendsWhatIsFlushedWithoutWaitingForMore() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch read = new CountDownLatch(1);
        Body body =
                out -> {
                    assertTrue(started.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
                    out.write('x');
                    out.flush();
                    assertTrue(read.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
                    out.write('y');
                };
        try (TestServer server = serve(body);
                TestClient client = server.connect()) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            String head = "";
            while (!head.endsWith("\r\n\r\n")) head += TestClient.text(client.read(1));
            // With the head sent, the shard has asked for the body once, and found nothing.
            started.countDown();
            assertEquals("x", TestClient.text(client.read(1)));
            read.countDown();
            assertEquals("y", client.rest());
        }
    }

    @Test
    void blocksTheWriterWhileTheClientDoesNotRead() throws Exception {
        AtomicLong written = new AtomicLong();
        int total = 64 << 20;
        Body body =
                out -> {
                    byte[] piece = new byte[1 << 16];
                    for (int i = 0; i < total / piece.length; i++) {
                        out.write(piece);
                        written.addAndGet(piece.length);
                    }
                };
        try (TestServer server = serve(body);
                TestClient client = server.connectNarrow()) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            AtomicLong before = new AtomicLong(-1);
            Await.until(
                    "the writer stands still",
                    () -> written.get() > 0 && isStill(server, written, before));
            assertTrue(written.get() < 16 << 20, "written ahead: " + written.get());
            assertTrue(server.ask(shard -> shard.buffers().bytes()) < 4 << 20);
            client.skip(total);
        }
    }

    /// Whether nothing was written during a hundred round trips to the shard.
    private static boolean isStill(TestServer server, AtomicLong written, AtomicLong before) {
        before.set(written.get());
        for (int i = 0; i < 100; i++) server.counters();
        return before.get() == written.get();
    }

    @Test
    void refusesToBlockTheShard() throws IOException {
        CompletableFuture<String> refusal = new CompletableFuture<>();
        Handler handler =
                (_, response) -> {
                    try {
                        response.outputStream();
                    } catch (IllegalStateException refused) {
                        refusal.complete(refused.getMessage());
                    }
                    response.send("fine");
                };
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            assertEquals("fine", client.get("/").text());
            assertTrue(
                    refusal.orTimeout(Await.PATIENCE_SECONDS, TimeUnit.SECONDS)
                            .join()
                            .contains("blocks"),
                    refusal.orTimeout(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).join());
        }
    }

    @Test
    void takesNothingAfterItsEnd() throws Exception {
        CompletableFuture<String> refusal = new CompletableFuture<>();
        Handler handler =
                Handlers.blocking(
                        (_, response) -> {
                            OutputStream out = response.outputStream();
                            out.write('x');
                            out.close();
                            out.close();
                            try {
                                out.write('y');
                                refusal.complete("written");
                            } catch (IOException refused) {
                                refusal.complete(String.valueOf(refused.getMessage()));
                            }
                        });
        try (TestServer server = TestServer.start(network, handler);
                TestClient client = server.connect()) {
            assertEquals("x", client.get("/").text());
            String said = refusal.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue(said.contains("closed") || said.contains("ended"), said);
        }
    }

    @Test
    void discardsTheBodyOfAnAnswerToHead() throws IOException {
        Body body = out -> out.write(new byte[1 << 20]);
        try (TestServer server = serve(body);
                TestClient client = server.connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, client.replyToHead().status());
            assertFalse(client.get("/").text().isEmpty());
        }
    }

    @Test
    void abortsWhenTheLengthAnnouncedIsNotKept() throws IOException {
        for (int announced : new int[] {5, 500_000, 500_002}) {
            Handler handler =
                    Handlers.blocking(
                            (_, response) -> {
                                response.contentLength(announced);
                                try (OutputStream out = response.outputStream()) {
                                    out.write(new byte[500_001]);
                                }
                            });
            try (TestServer server = TestServer.start(network, handler);
                    TestClient client = server.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                String all = client.restOrReset();
                int body = all.length() - (all.indexOf("\r\n\r\n") + 4);
                assertTrue(body != announced, "announced and received " + body);
            }
        }
    }
}
