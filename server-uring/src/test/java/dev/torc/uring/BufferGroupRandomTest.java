package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.uring.constants.Errno;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/// Several sockets share a group; what they receive, in which buffers, and which of them the kernel
/// has, is compared with a naive account of it. Messages have any size, completions are put in any
/// order, and now and then all buffers are out.
class BufferGroupRandomTest {
    private static final int SOCKETS = 3;
    private static final int STEPS = 30_000;
    private static final int IN_FLIGHT_MAX = 4096;

    private enum Way {
        ONCE,
        MULTISHOT,
        BUNDLE,
        MULTISHOT_BUNDLE
    }

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    /// The buffers as lists of objects: the first in the ring is the kernel's next.
    private static final class Twin {
        private final boolean incremental;
        private final Deque<Buffer> ring = new ArrayDeque<>();
        private int usedUp;

        private static final class Buffer {
            final int id;
            final int bytes;
            int head;
            int partsOut;
            boolean left;

            Buffer(int id, int bytes) {
                this.id = id;
                this.bytes = bytes;
            }
        }

        private record Piece(Buffer buffer, long position, int length) {}

        Twin(BufferRingSetup setup) {
            incremental = setup.withIncrements().equals(setup);
            for (int id = 0; id < setup.count(); id++) {
                ring.add(new Buffer(id, setup.bufferBytes()));
            }
        }

        List<Piece> arrive(int bytes) {
            List<Piece> pieces = new ArrayList<>();
            int left = bytes;
            while (left > 0) {
                Buffer buffer = ring.getFirst();
                int length = Math.min(left, buffer.bytes - buffer.head);
                long position = (long) buffer.id * buffer.bytes + buffer.head;
                pieces.add(new Piece(buffer, position, length));
                buffer.head += length;
                buffer.partsOut++;
                left -= length;
                if (incremental && buffer.head < buffer.bytes) continue;
                buffer.left = true;
                ring.removeFirst();
                usedUp++;
            }
            return pieces;
        }

        void put(List<Piece> pieces) {
            for (Piece piece : pieces) {
                Buffer buffer = piece.buffer();
                buffer.partsOut--;
                if (buffer.partsOut > 0 || !buffer.left) continue;
                buffer.head = 0;
                buffer.left = false;
                ring.addLast(buffer);
            }
        }
    }

    private record Arrival(int result, int flags, List<Twin.Piece> pieces) {}

    /// One run: the sockets, the group and its twin.
    private static final class Run implements CompletionHandler, AutoCloseable {
        final Rig rig = new Rig();
        final Random random;
        final Way way;
        final BufferGroup group;
        final Twin twin;
        final int[] receivers = new int[SOCKETS];
        final int[] senders = new int[SOCKETS];
        final boolean[] armed = new boolean[SOCKETS];
        final long[] sent = new long[SOCKETS];
        final long[] received = new long[SOCKETS];
        final List<Arrival> out = new ArrayList<>();
        int exhaustions;
        int severals;

        Run(long seed, Way way, BufferRingSetup setup) {
            random = new Random(seed);
            this.way = way;
            group = BufferGroup.open(rig.ring, setup);
            twin = new Twin(setup);
            for (int i = 0; i < SOCKETS; i++) {
                int[] pair = rig.socketPair();
                receivers[i] = pair[0];
                senders[i] = pair[1];
            }
        }

        void step() {
            int socket = random.nextInt(SOCKETS);
            int dice = random.nextInt(10);
            if (dice < 4) send(socket, 1 + random.nextInt(random.nextBoolean() ? 8 : 200));
            else if (dice < 6) arm(socket);
            else if (dice < 8) turn();
            else if (!out.isEmpty()) putAny();
        }

        private void send(int socket, int bytes) {
            if (sent[socket] - received[socket] + bytes > IN_FLIGHT_MAX) return;
            byte[] content = new byte[bytes];
            for (int i = 0; i < bytes; i++) content[i] = content(socket, sent[socket] + i);
            assertEquals(bytes, Libc.write(senders[socket], content));
            sent[socket] += bytes;
        }

        private static byte content(int socket, long index) {
            return (byte) (index * 31 + (index >> 8) + socket * 77L);
        }

        private void arm(int socket) {
            if (armed[socket]) return;
            armed[socket] = true;
            switch (way) {
                case ONCE -> group.recv(receivers[socket], 0, socket);
                case MULTISHOT -> group.recvMultishot(receivers[socket], 0, socket);
                case BUNDLE -> group.recvBundle(receivers[socket], 0, socket);
                case MULTISHOT_BUNDLE -> group.recvMultishotBundle(receivers[socket], 0, socket);
            }
        }

        private void turn() {
            rig.ring.submitAndWait(0);
            rig.ring.drain(this);
        }

        private void putAny() {
            Arrival arrival = out.remove(random.nextInt(out.size()));
            group.put(arrival.result(), arrival.flags());
            twin.put(arrival.pieces());
        }

        @Override
        public void onCompletion(long userData, int result, int flags) {
            int socket = (int) userData;
            if (!new Completion(userData, result, flags).hasMore()) armed[socket] = false;
            if (result <= 0) {
                assertEquals(-Errno.ENOBUFS, result);
                assertEquals(0, group.take(result, flags));
                exhaustions++;
                return;
            }
            int count = group.take(result, flags);
            List<Twin.Piece> pieces = twin.arrive(result);
            assertEquals(pieces.size(), count);
            if (count > 1) severals++;
            for (int i = 0; i < count; i++) {
                assertEquals(pieces.get(i).position(), group.position(i));
                assertEquals(pieces.get(i).length(), group.length(i));
                check(socket, group.position(i), group.length(i));
            }
            out.add(new Arrival(result, flags, pieces));
        }

        private void check(int socket, long position, int length) {
            for (int i = 0; i < length; i++) {
                byte found = group.memory().get(ValueLayout.JAVA_BYTE, position + i);
                long index = received[socket] + i;
                if (found != content(socket, index)) {
                    assertEquals(content(socket, index), found, "byte " + index + " of " + socket);
                }
            }
            received[socket] += length;
        }

        /// All that was sent arrives, all that arrived is put.
        void finish() {
            for (int turn = 0; turn < 100_000 && !isDone(); turn++) {
                while (!out.isEmpty()) putAny();
                for (int socket = 0; socket < SOCKETS; socket++) arm(socket);
                turn();
            }
            while (!out.isEmpty()) putAny();
            for (int socket = 0; socket < SOCKETS; socket++) {
                assertEquals(sent[socket], received[socket]);
            }
            assertEquals(0, group.outCount());
            assertEquals(twin.usedUp & 0xffff, group.kernelHead());
            assertEquals(group.count(), twin.ring.size());
        }

        private boolean isDone() {
            for (int socket = 0; socket < SOCKETS; socket++) {
                if (received[socket] < sent[socket]) return false;
            }
            return true;
        }

        @Override
        public void close() {
            group.close();
            rig.close();
        }
    }

    @Test
    void onceEach(TestReporter reporter) {
        run(reporter, Way.ONCE, BufferRingSetup.of(1, 8, 64));
    }

    @Test
    void multishot(TestReporter reporter) {
        run(reporter, Way.MULTISHOT, BufferRingSetup.of(1, 8, 64).withKernelMemory());
    }

    @Test
    void inIncrementsOnceEach(TestReporter reporter) {
        run(reporter, Way.ONCE, BufferRingSetup.of(1, 4, 256).withIncrements());
    }

    @Test
    void inIncrementsMultishot(TestReporter reporter) {
        BufferRingSetup setup = BufferRingSetup.of(1, 4, 256).withIncrements();
        run(reporter, Way.MULTISHOT, setup.withKernelMemory());
    }

    @Test
    void inBundles(TestReporter reporter) {
        run(reporter, Way.BUNDLE, BufferRingSetup.of(1, 16, 32));
    }

    @Test
    void inBundlesMultishot(TestReporter reporter) {
        run(reporter, Way.MULTISHOT_BUNDLE, BufferRingSetup.of(1, 16, 32));
    }

    private static void run(TestReporter reporter, Way way, BufferRingSetup setup) {
        long seed = Long.getLong("torc.seed", System.nanoTime());
        reporter.publishEntry(way + " seed", Long.toString(seed));
        try (Run run = new Run(seed, way, setup)) {
            for (int step = 0; step < STEPS; step++) run.step();
            run.finish();
            assertTrue(run.exhaustions > 0, "buffers must run out");
            boolean bundles = way == Way.BUNDLE || way == Way.MULTISHOT_BUNDLE;
            assertEquals(bundles, run.severals > 0);
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError("torc.seed=" + seed, failure);
        }
    }
}
