package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.BufferPool;
import dev.torc.core.Server;
import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.testkit.Await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The contract of a transport: sending and receiving.
abstract class SendContract extends TransportFixture {

    @Test
    void echoesManyWritesInOrder() {
        long seed = 11;
        Random random = new Random(seed);
        try (Client client = connect(start(TestHandler::new))) {
            int bytes = 2 * MIB;
            Thread writer =
                    thread(
                            () -> {
                                long done = 0;
                                while (done < bytes) {
                                    int piece = 1 + random.nextInt(8000);
                                    piece = (int) Math.min(piece, bytes - done);
                                    client.write(Client.pattern(done, piece));
                                    done += piece;
                                }
                                client.endOutput();
                            });
            client.expectPattern(0, bytes);
            client.expectEnd();
            join(writer);
        }
    }

    @Test
    void answersAClientThatHasEndedItsOutput() {
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    private int received;

                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        received += data.length();
                                    }

                                    @Override
                                    public void onEnd(Connection connection) {
                                        sendPattern(connection, received, 10_000);
                                        sendPattern(connection, received + 10_000, 10_000);
                                        connection.close();
                                    }
                                });
        for (int bytes : new int[] {0, 1, 5000, 100_000}) {
            try (Client client = connect(server)) {
                client.write(new byte[bytes]);
                client.endOutput();
                client.expectPattern(bytes, 20_000);
                client.expectEnd();
            }
        }
        awaitClosed(CloseReason.PEER_CLOSED, 4);
    }

    @Test
    void aBigDownloadReachesASlowReaderWholeWhileTheQueueStaysBounded() {
        long total = 50L * MIB;
        int max = 300_000;
        TestHandler.Download download = new TestHandler.Download(total, 65_536);
        Server server = start(limits().withSendQueueBytesMax(max), () -> download);
        try (Client client = connect(server, 16_384)) {
            client.write(new byte[1]);
            awaitOn(server, "a stall", () -> download.stalls > 0);
            client.expectPattern(0, total);
            client.expectEnd();
        }
        awaitClosed(CloseReason.LOCAL, 1);
        assertTrue(download.stalls > 10, "stalls=" + download.stalls);
        assertTrue(download.queuedBytesMax <= max + 65_536, "max=" + download.queuedBytesMax);
    }

    /// Nothing but the sends themselves wakes the shard: each kind of queue must get on by itself.
    @ParameterizedTest
    @ValueSource(ints = {1, 999, 1000, 1500, 2500, 8000})
    void aTinySendQueueGetsOnByItself(int sendQueueBytesMax) {
        long total = 200_000;
        Server server =
                start(
                        limits().withSendQueueBytesMax(sendQueueBytesMax),
                        () -> new TestHandler.Download(total, 1000));
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            client.expectPattern(0, total);
            client.expectEnd();
        }
    }

    @Test
    void saysThatTheQueueIsFullUntilItIsEmpty() {
        Queue<Boolean> answers = new ConcurrentLinkedQueue<>();
        AtomicInteger writable = new AtomicInteger();
        Server server =
                start(
                        limits().withSendQueueBytesMax(2000),
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        for (int i = 0; i < 4; i++) {
                                            answers.add(sendPattern(connection, i * 1000L, 1000));
                                        }
                                        answers.add(connection.queuedBytes() == 4000);
                                    }

                                    @Override
                                    public void onWritable(Connection connection) {
                                        answers.add(connection.queuedBytes() == 0);
                                        answers.add(!connection.isSending());
                                        writable.incrementAndGet();
                                    }
                                });
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            client.expectPattern(0, 4000);
            Await.until("onWritable", () -> writable.get() == 1);
        }
        assertEquals(List.of(true, true, false, false, true, true, true), List.copyOf(answers));
    }

    @Test
    void saysThatTheQueueIsFullUntilItIsEmptyEvenWhenItIsShortAgain() {
        Queue<Boolean> answers = new ConcurrentLinkedQueue<>();
        AtomicInteger writable = new AtomicInteger();
        Server server =
                start(
                        limits().withSendQueueBytesMax(2500),
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        for (int i = 0; i < 3; i++) {
                                            answers.add(sendPattern(connection, i * 1000L, 1000));
                                        }
                                        connection.shard().execute(() -> sendMore(connection));
                                    }

                                    private void sendMore(Connection connection) {
                                        long queued = connection.queuedBytes();
                                        if (queued > 2000) {
                                            connection.shard().execute(() -> sendMore(connection));
                                        } else if (queued > 0) {
                                            answers.add(sendPattern(connection, 3000, 100));
                                        }
                                    }

                                    @Override
                                    public void onWritable(Connection connection) {
                                        writable.incrementAndGet();
                                    }
                                });
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            client.expectPattern(0, 3000);
            Await.until("onWritable", () -> writable.get() == 1);
        }
        assertFalse(List.copyOf(answers).subList(2, answers.size()).contains(true));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5000, 3 * MIB + 1})
    void sendCopyTakesAnArrayOfAnyLength(int bytes) {
        byte[] data = Client.pattern(0, bytes);
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice received) {
                                        connection.sendCopy(data);
                                        connection.sendCopy(received);
                                        connection.close();
                                        assertFalse(connection.sendCopy(data));
                                    }
                                });
        try (Client client = connect(server)) {
            client.write(Client.pattern(bytes, 3));
            client.expectPattern(0, bytes + 3);
            client.expectEnd();
        }
        awaitClosed(CloseReason.LOCAL, 1);
    }

    @Test
    void sendCopyGivesUpWhenThePoolHasNothingLeft() {
        byte[] tooMuch = new byte[40 * MIB];
        Queue<Boolean> answers = new ConcurrentLinkedQueue<>();
        Server server =
                start(
                        limits().withPoolBytesMax(17L * MIB),
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        answers.add(connection.sendCopy(tooMuch));
                                        answers.add(connection.isClosing());
                                    }
                                });
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            client.readUntilEndOrReset();
        }
        awaitClosed(CloseReason.OUT_OF_BUFFERS, 1);
        assertEquals(List.of(false, true), List.copyOf(answers));
    }

    @Test
    void refusesToSendWhatIsBorrowed() {
        Queue<String> messages = new ConcurrentLinkedQueue<>();
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        try {
                                            connection.send(data);
                                        } catch (IllegalArgumentException refused) {
                                            messages.add(String.valueOf(refused.getMessage()));
                                        }
                                        super.onReceive(connection, data);
                                    }
                                });
        expectEcho(server);
        assertTrue(messages.remove().contains("sendCopy"));
    }

    @Test
    void progressIsTheTimeOfWhatWasReceivedOrSentLast() {
        Queue<Long> received = new ConcurrentLinkedQueue<>();
        CompletableFuture<Connection> opened = new CompletableFuture<>();
        long start = network().transport().nanoTime();
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onOpen(Connection connection) {
                                        received.add(connection.progressNanos());
                                        opened.complete(connection);
                                    }

                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        received.add(connection.progressNanos());
                                    }
                                });
        try (Client client = connect(server)) {
            Connection connection = opened.join();
            assertTrue(received.remove() - start >= 0, "opening is no progress");
            long before = network().transport().nanoTime();
            client.write(new byte[1]);
            Await.until("received", () -> !received.isEmpty());
            assertTrue(received.remove() - before >= 0, "receiving is no progress");
            long later = network().transport().nanoTime();
            // One may still go in a turn that has begun before.
            Await.until(
                    "a send's",
                    () -> {
                        byte[] one = {Client.pattern(0)};
                        connection.shard().execute(() -> connection.sendCopy(one));
                        client.expectPattern(0, 1);
                        server.counters(); // a round trip: what the shard has written is seen
                        return connection.progressNanos() - later >= 0;
                    });
        }
    }

    @Test
    void aPausedConnectionReceivesLittleAndOtherOnesGoOn() {
        long total = 32L * MIB;
        AtomicLong received = new AtomicLong();
        CompletableFuture<Connection> paused = new CompletableFuture<>();
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    private long place;
                                    private boolean upload;

                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        if (data.getByte(0) == 'e' && !upload) {
                                            super.onReceive(connection, data);
                                            return;
                                        }
                                        upload = true;
                                        place = checkPattern(data, place);
                                        received.set(place);
                                        if (paused.isDone()) return;
                                        connection.pauseReceive();
                                        paused.complete(connection);
                                    }
                                });
        try (Client upload = connect(server);
                Client echo = connect(server)) {
            Thread writer = thread(() -> upload.writePattern(0, total, MIB));
            Connection connection = paused.join();
            for (int i = 0; i < 300; i++) {
                echo.write(new byte[] {'e'});
                assertEquals(1, echo.read(new byte[1], 1));
            }
            long meanwhile = received.get();
            assertTrue(meanwhile < 4 * MIB, "received while paused: " + meanwhile);
            connection.shard().execute(connection::resumeReceive);
            Await.until("the whole upload", () -> received.get() == total);
            join(writer);
        }
    }

    @Test
    void pausingAndResumingAtOnceLosesNothing() {
        int total = 4 * MIB;
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    private final Random random = new Random(3);

                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        super.onReceive(connection, data);
                                        connection.pauseReceive();
                                        if (random.nextBoolean()) {
                                            connection.resumeReceive();
                                        } else {
                                            connection.shard().execute(connection::resumeReceive);
                                        }
                                    }
                                });
        try (Client client = connect(server)) {
            Thread writer =
                    thread(
                            () -> {
                                client.writePattern(0, total, 5000);
                                client.endOutput();
                            });
            client.expectPattern(0, total);
            client.expectEnd();
            join(writer);
        }
    }

    /// Each of them would otherwise hold a slice of 4 KiB.
    @Test
    void manySmallSendsToAPeerThatDoesNotReadShareMemory() {
        int big = BufferPool.SLICE_BYTES_MAX;
        int small = 20_000;
        Queue<Long> slices = new ConcurrentLinkedQueue<>();
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        sendPattern(connection, 0, big);
                                        for (int i = 0; i < small; i++) {
                                            sendPattern(connection, big + i * 10L, 10);
                                        }
                                        slices.add(connection.shard().buffers().takenCount());
                                    }
                                });
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            Await.until("queued", () -> !slices.isEmpty());
            assertTrue(slices.remove() <= 1 + (small * 10 + 4095) / 4096 + 16);
            client.expectPattern(0, big + small * 10L);
        }
    }
}
