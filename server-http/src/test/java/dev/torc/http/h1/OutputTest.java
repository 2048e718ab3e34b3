package dev.torc.http.h1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.BufferPool;
import dev.torc.core.Limits;
import dev.torc.core.Slice;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.http.TestServer;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

@EveryNetwork
class OutputTest {
    @Parameter Network network;

    /// Gives `body` the output of a real connection and its shard's pool, on its shard, when the
    /// first byte arrives.
    private record OnFirstByte(BiConsumer<BufferPool, Output> body, CompletableFuture<Boolean> done)
            implements ConnectionHandler {
        @Override
        public void onReceive(Connection connection, Slice data) {
            if (done.isDone()) return;
            try {
                body.accept(connection.shard().buffers(), new Output(connection));
                done.complete(true);
            } catch (Throwable failure) {
                done.completeExceptionally(failure);
            }
            connection.close();
        }
    }

    /// What a client receives of what `body` writes.
    private byte[] written(Limits limits, Consumer<Output> body) throws Exception {
        return written(limits, (_, output) -> body.accept(output));
    }

    private byte[] written(Limits limits, BiConsumer<BufferPool, Output> body) throws Exception {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        try (TestServer server =
                        TestServer.start(network, limits, _ -> _ -> new OnFirstByte(body, done));
                TestClient client = server.connect()) {
            client.send("x");
            byte[] all = TestClient.bytes(client.rest());
            assertTrue(done.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
            return all;
        }
    }

    private static byte[] random(int seed, int bytes) {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return content;
    }

    @Test
    void sendsNothingBeforeAFlush() throws Exception {
        Consumer<Output> body =
                output -> {
                    assertTrue(output.write(new byte[100]));
                    output.drop();
                    output.flush();
                };
        assertEquals(0, written(Limits.defaults(), body).length);
    }

    @Test
    void keepsTheOrderOfAllThatIsWritten() throws Exception {
        int pieces = 60;
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int i = 0; i < pieces; i++) expected.writeBytes(random(i, i * i * 20));
        Consumer<Output> body =
                output -> {
                    for (int i = 0; i < pieces; i++) {
                        byte[] piece = random(i, i * i * 20);
                        if (i % 3 == 0) {
                            assertTrue(output.write(piece, 0, piece.length));
                        } else {
                            Slice slice = Objects.requireNonNull(output.room(piece.length));
                            assertTrue(slice.remaining() >= piece.length);
                            slice.append(piece, 0, piece.length);
                        }
                        if (i % 7 == 0) output.flush();
                    }
                    output.flush();
                };
        assertArrayEquals(expected.toByteArray(), written(Limits.defaults(), body));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writesASliceOfAnySize(boolean shared) throws Exception {
        for (int bytes : new int[] {0, 1, 4095, 4096, 16_384, 200_000}) {
            byte[] content = random(bytes, bytes);
            BiConsumer<BufferPool, Output> body =
                    (pool, output) -> {
                        // Of several the first may leave by itself; the order stays.
                        for (int i = 0; i < 3; i++) {
                            assertTrue(output.write(new byte[] {(byte) i}));
                            write(output, slice(pool, content, shared));
                        }
                        write(output, slice(pool, content, false));
                        output.flush();
                        write(output, slice(pool, content, shared));
                        output.flush();
                    };
            ByteBuffer expected = ByteBuffer.allocate(3 + 5 * bytes);
            for (int i = 0; i < 3; i++) expected.put((byte) i).put(content);
            expected.put(content).put(content);
            assertArrayEquals(expected.array(), written(Limits.defaults(), body));
        }
    }

    private static void write(Output output, Slice content) {
        assertTrue(output.write(content));
        content.release();
    }

    private static Slice slice(BufferPool pool, byte[] content, boolean shared) {
        Slice slice = Objects.requireNonNull(pool.take(content.length));
        slice.append(content, 0, content.length);
        if (!shared) return slice;
        Slice copy = Objects.requireNonNull(pool.share(slice));
        slice.release();
        return copy;
    }

    @Test
    void isBlockedFromTheLimitOnUntilItIsTold() throws Exception {
        Consumer<Output> body =
                output -> {
                    assertTrue(output.write(new byte[1000]));
                    assertFalse(output.isBlocked());
                    output.flush();
                    assertFalse(output.isBlocked());
                    assertTrue(output.write(new byte[1]));
                    output.flush();
                    assertTrue(output.isBlocked());
                    output.unblock();
                    assertFalse(output.isBlocked());
                };
        assertEquals(1001, written(Limits.defaults().withSendQueueBytesMax(1000), body).length);
    }

    @Test
    void failsWhenTheShardsMemoryIsUsedUp() throws Exception {
        Limits limits = Limits.defaults().withPoolBytesMax(16 << 20);
        Consumer<Output> body =
                output -> {
                    boolean all = output.write(new byte[20 << 20]);
                    assertFalse(all);
                    assertFalse(output.write(new byte[1 << 20]));
                };
        assertTrue(written(limits, body).length < 20 << 20);
    }
}
