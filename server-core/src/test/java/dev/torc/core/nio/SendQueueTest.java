package dev.torc.core.nio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.BufferPool;
import dev.torc.core.Slice;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Random;

/// Against real sockets; what comes out is compared with what was put in.
class SendQueueTest {
    private final BufferPool pool = new BufferPool(64L << 20);
    private final SendQueue queue = new SendQueue();
    private final Slice gathered = slice(SendQueue.GATHER_BYTES);

    private Slice slice(int bytes) {
        Slice slice = pool.take(bytes);
        if (slice == null) throw new AssertionError("the pool gave nothing");
        return slice;
    }

    private void add(byte[] data) {
        Slice slice = slice(data.length);
        slice.append(data, 0, data.length);
        queue.add(slice);
    }

    @Test
    void smallSlicesGoOutWithOneWrite() throws Exception {
        try (Pair pair = new Pair()) {
            for (int i = 0; i < 10; i++) add(new byte[] {(byte) i, (byte) i});
            assertEquals(20, queue.queuedBytes());
            assertTrue(queue.write(pair.server, gathered));
            assertTrue(queue.isEmpty());
            assertEquals(0, queue.queuedBytes());
            ByteBuffer read = ByteBuffer.allocate(100);
            assertEquals(20, pair.client.read(read));
        }
        assertEquals(1, pool.takenCount());
    }

    @Test
    void anyMixOfSlicesArrivesInOrder() throws Exception {
        long seed = Long.getLong("torc.seed", System.nanoTime());
        Random random = new Random(seed);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try (Pair pair = new Pair()) {
            for (int round = 0; round < 300; round++) {
                for (int i = random.nextInt(12); i > 0; i--) {
                    byte[] data = new byte[1 + random.nextInt(1 << random.nextInt(1, 20))];
                    random.nextBytes(data);
                    add(data);
                    sent.writeBytes(data);
                }
                boolean all = true;
                for (int i = 0; i < 4 && all && !queue.isEmpty(); i++) {
                    all = queue.write(pair.server, gathered);
                }
                if (!all || random.nextInt(4) == 0) pair.drainInto(received);
            }
            while (!queue.isEmpty()) {
                queue.write(pair.server, gathered);
                pair.drainInto(received);
            }
            pair.server.close();
            pair.readToEndInto(received);
        }
        assertArrayEquals(sent.toByteArray(), received.toByteArray(), "torc.seed=" + seed);
        assertEquals(1, pool.takenCount(), "torc.seed=" + seed);
    }

    @Test
    void dropReleasesEverything() {
        for (int i = 0; i < 9; i++) add(new byte[100_000]);
        queue.drop();
        assertTrue(queue.isEmpty());
        assertEquals(0, queue.queuedBytes());
        assertEquals(1, pool.takenCount());
        queue.drop();
    }

    /// Two ends of a connection, neither of which blocks.
    private static final class Pair implements AutoCloseable {
        final SocketChannel client;
        final SocketChannel server;

        Pair() throws IOException {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            try (ServerSocketChannel listener = ServerSocketChannel.open()) {
                listener.bind(new InetSocketAddress(loopback, 0));
                client = SocketChannel.open(listener.getLocalAddress());
                server = listener.accept();
            }
            server.configureBlocking(false);
        }

        void drainInto(ByteArrayOutputStream target) throws IOException {
            client.configureBlocking(false);
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            for (int n = client.read(buffer); n > 0; n = client.read(buffer.clear())) {
                target.write(buffer.array(), 0, n);
            }
            client.configureBlocking(true);
        }

        void readToEndInto(ByteArrayOutputStream target) throws IOException {
            target.writeBytes(client.socket().getInputStream().readAllBytes());
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }
}
