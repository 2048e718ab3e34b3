package dev.torc.uring.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.Limits;
import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.StartException;
import dev.torc.core.TimerWheel;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.ConnectionHandler;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.core.spi.TransportProvider;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// What every transport does, whatever it is made of. Uses Torc's core and nothing below it.
@Timeout(60)
abstract class TransportContract {
    private static final int MIB = 1 << 20;

    private final List<Server> servers = new ArrayList<>();
    private final Queue<CloseReason> closed = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    abstract TransportProvider provider();

    @BeforeEach
    void probe() {
        TransportProvider.Verdict verdict = provider().verdict();
        assumeTrue(verdict.works(), verdict.reason());
    }

    /// Nothing is left over, whatever the test did.
    @AfterEach
    void stopServers() {
        for (Server server : servers) {
            assertTrue(server.stop(Duration.ofSeconds(5)), "a shard does not end");
            for (Counters counters : server.counters()) {
                assertEquals(0, counters.open(), counters::toString);
                assertEquals(0, counters.buffersOut(), counters::toString);
                assertEquals(0, counters.stale(), counters::toString);
            }
        }
        assertEquals(List.of(), List.copyOf(failures));
    }

    // ---- sending and receiving

    @Test
    void echoesManyWritesInOrder() {
        long seed = 11;
        Random random = new Random(seed);
        try (Client client = new Client(start(TestHandler::new).address())) {
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
            try (Client client = new Client(server.address())) {
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
        try (Client client = new Client(server.address(), 16_384)) {
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
        try (Client client = new Client(server.address())) {
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
                                        writable.incrementAndGet();
                                    }
                                });
        try (Client client = new Client(server.address())) {
            client.write(new byte[1]);
            client.expectPattern(0, 4000);
            Await.until("onWritable", () -> writable.get() == 1);
        }
        assertEquals(List.of(true, true, false, false, true, true), List.copyOf(answers));
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
        try (Client client = new Client(server.address())) {
            client.write(new byte[1]);
            client.expectPattern(0, 3000);
            Await.until("onWritable", () -> writable.get() == 1);
        }
        assertFalse(List.copyOf(answers).subList(2, answers.size()).contains(true));
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
        try (Client upload = new Client(server.address());
                Client echo = new Client(server.address())) {
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
        try (Client client = new Client(server.address())) {
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

    // ---- closing

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10})
    void closeDeliversEverythingAndThenTheEnd(int slices) {
        for (int bytes : new int[] {1, 1000, 60_000, 400_000}) {
            Server server = start(() -> new SendAndClose(slices, bytes));
            try (Client client = new Client(server.address())) {
                client.write(new byte[1]);
                client.expectPattern(0, (long) slices * bytes);
                client.expectEnd();
            }
        }
        awaitClosed(CloseReason.LOCAL, 4);
    }

    @Test
    void closingDuringAStallStillDeliversEverything() {
        AtomicInteger queued = new AtomicInteger();
        Server server =
                start(
                        () ->
                                new SendAndClose(64, 1 << 18) {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        super.onReceive(connection, data);
                                        queued.incrementAndGet();
                                    }
                                });
        try (Client client = new Client(server.address(), 16_384)) {
            client.write(new byte[1]);
            Await.until("the close", () -> queued.get() == 1);
            assertEquals(0, closed.size());
            client.expectPattern(0, 16L * MIB);
            client.expectEnd();
        }
        awaitClosed(CloseReason.LOCAL, 1);
    }

    /// Bytes that a server has not read when it closes make the kernel answer with a reset, which
    /// destroys what the client has not read yet.
    @Test
    void aLingeringCloseLetsTheClientReadTheResponse() {
        AtomicInteger closes = new AtomicInteger();
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        sendPattern(connection, 0, 100_000);
                                        sendPattern(connection, 100_000, 100_000);
                                        connection.closeLingering();
                                        assertTrue(connection.isClosing());
                                        closes.incrementAndGet();
                                    }
                                });
        for (int i = 1; i <= 20; i++) {
            int round = i;
            try (Client client = new Client(server.address())) {
                client.write(new byte[50_000]);
                Await.until("the close", () -> closes.get() == round);
                client.write(new byte[300_000]);
                client.expectPattern(0, 200_000);
                client.expectEnd();
                client.write(new byte[1000]);
            }
        }
        awaitClosed(CloseReason.LOCAL, 20);
    }

    @Test
    void aLingeringCloseDoesNotListenForEver() {
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        connection.closeLingering();
                                    }
                                });
        try (Client client = new Client(server.address())) {
            assertThrows(
                    java.io.UncheckedIOException.class,
                    () -> client.writePattern(0, 256L * MIB, MIB),
                    "a client that goes on sending is cut off");
        }
        awaitClosed(CloseReason.LOCAL, 1);
    }

    @Test
    void abortEndsTheConnectionForItsReason() {
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        connection.abort(CloseReason.TIMEOUT);
                                        assertTrue(connection.isClosing());
                                        assertFalse(sendPattern(connection, 0, 10));
                                        connection.abort(CloseReason.FAILED);
                                        connection.close();
                                    }
                                });
        try (Client client = new Client(server.address())) {
            client.write(new byte[10_000]);
            assertEquals(0, client.readUntilEndOrReset());
        }
        awaitClosed(CloseReason.TIMEOUT, 1);
    }

    @Test
    void abortDuringAStallDropsWhatIsQueued() {
        CompletableFuture<Connection> stalled = new CompletableFuture<>();
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        for (int i = 0; i < 64; i++) {
                                            sendPattern(connection, i << 18, 1 << 18);
                                        }
                                        stalled.complete(connection);
                                    }
                                });
        try (Client client = new Client(server.address(), 16_384)) {
            client.write(new byte[1]);
            Connection connection = stalled.join();
            awaitOn(server, "a stall", () -> connection.queuedBytes() < 64L << 18);
            connection.shard().execute(() -> connection.abort(CloseReason.TIMEOUT));
            awaitClosed(CloseReason.TIMEOUT, 1);
            assertTrue(client.readUntilEndOrReset() < 64L << 18);
        }
    }

    /// Nothing is armed that could wake the shard.
    @Test
    void abortAfterASendEndsAConnectionThatReceivesNoMore() {
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onEnd(Connection connection) {
                                        sendPattern(connection, 0, 10);
                                        connection.abort(CloseReason.TIMEOUT);
                                    }
                                });
        try (Client client = new Client(server.address())) {
            client.endOutput();
            client.readUntilEndOrReset();
        }
        awaitClosed(CloseReason.TIMEOUT, 1);
    }

    @Test
    void survivesClientsThatResetAtAnyPoint() {
        long seed = 17;
        Random random = new Random(seed);
        Server server = start(TestHandler::new);
        for (int i = 0; i < 300; i++) {
            Client client = new Client(server.address());
            int bytes = random.nextInt(4) * random.nextInt(100_000);
            Thread writer = thread(() -> writeQuietly(client, bytes));
            if (random.nextBoolean() && bytes > 0) {
                client.expectPattern(0, random.nextInt(bytes));
            }
            if (random.nextBoolean()) join(writer);
            client.reset();
            join(writer);
        }
        Await.until("every close", () -> closed.size() == 300);
        expectEcho(server);
    }

    // ---- a connection refused or prepared by its factory

    @Test
    void aFactoryMayCloseTheConnectionAtOnce() {
        closesInItsFactory(CloseReason.LOCAL, 0, Connection::close);
    }

    @Test
    void aFactoryMayAbortTheConnectionAtOnce() {
        closesInItsFactory(
                CloseReason.TIMEOUT, 0, connection -> connection.abort(CloseReason.TIMEOUT));
    }

    @Test
    void aFactoryMaySendAFarewell() {
        closesInItsFactory(
                CloseReason.LOCAL,
                20_000,
                connection -> {
                    TestHandler.sendPattern(connection, 0, 10_000);
                    TestHandler.sendPattern(connection, 10_000, 10_000);
                    connection.close();
                });
    }

    @Test
    void aFactoryMaySendAFarewellAndLinger() {
        closesInItsFactory(
                CloseReason.LOCAL,
                20_000,
                connection -> {
                    TestHandler.sendPattern(connection, 0, 20_000);
                    connection.closeLingering();
                });
    }

    private void closesInItsFactory(
            CloseReason reason, int farewell, java.util.function.Consumer<Connection> refuse) {
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger received = new AtomicInteger();
        Server server =
                start(
                        limits().withConnectionsMax(2),
                        _ ->
                                connection -> {
                                    boolean refused = opened.incrementAndGet() % 2 == 0;
                                    if (refused) refuse.accept(connection);
                                    return new TestHandler() {
                                        @Override
                                        public void onReceive(Connection from, Slice data) {
                                            assertFalse(refused);
                                            received.addAndGet(data.length());
                                            super.onReceive(from, data);
                                        }

                                        @Override
                                        public void onClose(Connection from, CloseReason why) {
                                            if (refused) closed.add(why);
                                        }
                                    };
                                });
        for (int i = 1; i <= 20; i++) {
            try (Client welcome = new Client(server.address());
                    Client refused = new Client(server.address())) {
                refused.expectPattern(0, farewell);
                assertEquals(0, refused.readUntilEndOrReset());
                welcome.writePattern(0, 1000, 1000);
                welcome.expectPattern(0, 1000);
            }
            awaitClosed(reason, i);
            awaitOpen(server, 0);
        }
        assertEquals(20_000, received.get());
        assertEquals(40, opened.get());
    }

    @Test
    void aFactoryMayPauseReceiving() {
        CompletableFuture<Connection> opened = new CompletableFuture<>();
        AtomicInteger early = new AtomicInteger();
        Server server =
                start(
                        limits(),
                        _ ->
                                connection -> {
                                    if (opened.isDone()) return new TestHandler();
                                    connection.pauseReceive();
                                    opened.complete(connection);
                                    return new TestHandler() {
                                        @Override
                                        public void onReceive(Connection from, Slice data) {
                                            early.incrementAndGet();
                                            super.onReceive(from, data);
                                        }
                                    };
                                });
        try (Client paused = new Client(server.address())) {
            paused.write(Client.pattern(0, 100));
            Connection connection = opened.join();
            for (int i = 0; i < 20; i++) expectEcho(server);
            assertEquals(0, early.get());
            connection.shard().execute(connection::resumeReceive);
            paused.expectPattern(0, 100);
        }
    }

    // ---- the shard

    @Test
    void tasksFromOtherThreadsWakeAnIdleShard() {
        Queue<Shard> shards = new ConcurrentLinkedQueue<>();
        start(
                limits(),
                shard -> {
                    shards.add(shard);
                    return _ -> new TestHandler();
                });
        Shard shard = shards.remove();
        assertFalse(shard.isCurrent());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int rounds = 500 + 500 * i;
            threads.add(
                    thread(
                            () -> {
                                for (int round = 0; round < rounds; round++) {
                                    CountDownLatch ran = new CountDownLatch(1 + round % 3);
                                    for (long n = ran.getCount(); n > 0; n--) {
                                        shard.execute(
                                                () -> {
                                                    if (shard.isCurrent()) ran.countDown();
                                                });
                                    }
                                    awaitLatch(ran);
                                }
                            }));
        }
        threads.forEach(this::join);
    }

    @Test
    void timersFireWhileIdleAndNotEarly() {
        CountDownLatch fired = new CountDownLatch(5);
        Queue<Long> early = new ConcurrentLinkedQueue<>();
        start(
                limits(),
                shard -> {
                    for (int i = 1; i <= 5; i++) {
                        long deadline = System.nanoTime() + i * 20_000_000L;
                        shard.timers()
                                .schedule(
                                        new TimerWheel.Timer() {
                                            @Override
                                            protected void onExpire(long nowNanos) {
                                                long left = deadline - System.nanoTime();
                                                if (left > 0) early.add(left);
                                                fired.countDown();
                                            }
                                        },
                                        deadline);
                    }
                    return _ -> new TestHandler();
                });
        awaitLatch(fired);
        assertEquals(List.of(), List.copyOf(early));
    }

    @Test
    void anEarlierTimerEndsAWaitForALaterOne() {
        Queue<Shard> shards = new ConcurrentLinkedQueue<>();
        CountDownLatch fired = new CountDownLatch(4);
        start(
                limits(),
                shard -> {
                    shards.add(shard);
                    return _ -> new TestHandler();
                });
        Shard shard = shards.remove();
        // Each is scheduled while the shard sleeps until the one before is due.
        for (long delay : new long[] {3_600_000, 60_000, 30_000, 300, 200, 100, 20}) {
            CountDownLatch scheduled = new CountDownLatch(1);
            shard.execute(
                    () -> {
                        shard.timers().schedule(countDown(fired), millisFrom(shard, delay));
                        shard.execute(scheduled::countDown);
                    });
            awaitLatch(scheduled);
        }
        awaitLatch(fired);
    }

    private static TimerWheel.Timer countDown(CountDownLatch latch) {
        return new TimerWheel.Timer() {
            @Override
            protected void onExpire(long nowNanos) {
                latch.countDown();
            }
        };
    }

    private static long millisFrom(Shard shard, long millis) {
        return shard.nowNanos() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void aThrowingTaskOrTimerLosesNoConnection() {
        Queue<Shard> shards = new ConcurrentLinkedQueue<>();
        Server server =
                start(
                        limits(),
                        shard -> {
                            shards.add(shard);
                            return _ -> new TestHandler();
                        });
        Shard shard = shards.remove();
        try (Client client = new Client(server.address())) {
            for (int i = 0; i < 10; i++) {
                client.writePattern(1000L * i, 1000, 1000);
                client.expectPattern(1000L * i, 1000);
                shard.execute(
                        () -> {
                            throw new IllegalStateException("thrown by a task, as the test wants");
                        });
            }
        }
    }

    // ---- handlers that throw

    @Test
    void aHandlerThatThrowsLosesOnlyItsOwnConnection() {
        AtomicInteger number = new AtomicInteger();
        Server server =
                start(
                        limits().withSendQueueBytesMax(1),
                        _ ->
                                connection -> {
                                    int place = number.getAndIncrement();
                                    if (place == 1) throw thrown("the factory");
                                    return new ThrowingHandler(place);
                                });
        try (Client bystander = new Client(server.address())) {
            bystander.write(new byte[1]);
            assertEquals(1, bystander.read(new byte[1], 1));
            for (int i = 1; i <= ThrowingHandler.PLACES; i++) {
                try (Client victim = new Client(server.address())) {
                    writeQuietly(victim, 10);
                    if (i == ThrowingHandler.ON_END) victim.endOutput();
                    victim.readUntilEndOrReset();
                }
                bystander.write(new byte[1]);
                assertEquals(1, bystander.read(new byte[1], 1));
            }
            awaitOpen(server, 1);
        }
    }

    /// Throws in one place, and closes where it cannot be made to throw there otherwise.
    private final class ThrowingHandler extends TestHandler {
        static final int ON_RECEIVE = 2;
        static final int ON_WRITABLE = 3;
        static final int ON_END = 4;
        static final int ON_CLOSE = 5;
        static final int PLACES = 5;

        private final int place;

        ThrowingHandler(int place) {
            this.place = place;
        }

        @Override
        public void onReceive(Connection connection, Slice data) {
            if (place == ON_RECEIVE) throw thrown("onReceive");
            super.onReceive(connection, data);
            if (place == ON_CLOSE) connection.close();
        }

        @Override
        public void onWritable(Connection connection) {
            if (place == ON_WRITABLE) throw thrown("onWritable");
            super.onWritable(connection);
        }

        @Override
        public void onEnd(Connection connection) {
            if (place == ON_END) throw thrown("onEnd");
            super.onEnd(connection);
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            boolean expected = place != 0 && place != ON_CLOSE;
            if (expected && reason != CloseReason.HANDLER_FAILED) {
                failures.add(new AssertionError("place=" + place + ", reason=" + reason));
            }
            if (place == ON_CLOSE) throw thrown("onClose");
        }
    }

    private static IllegalStateException thrown(String where) {
        return new IllegalStateException("thrown by " + where + ", as the test wants");
    }

    // ---- many connections

    @Test
    void manyShortConnectionsLeaveNothingBehind() {
        Server server = start(() -> new SendAndClose(1, 100));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(
                    thread(
                            () -> {
                                for (int n = 0; n < 5000; n++) {
                                    try (Client client = new Client(server.address())) {
                                        client.write(new byte[1]);
                                        client.expectPattern(0, 100);
                                        if (n % 2 == 0) client.expectEnd();
                                    }
                                }
                            }));
        }
        threads.forEach(this::join);
        awaitOpen(server, 0);
        assertEquals(20_000, server.counters().getFirst().accepted());
    }

    @Test
    void neverHasMoreConnectionsThanItMayAndServesAllTheSame() {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger openMax = new AtomicInteger();
        Server server =
                start(
                        limits().withConnectionsMax(8),
                        _ ->
                                _ -> {
                                    openMax.accumulateAndGet(open.incrementAndGet(), Math::max);
                                    return new TestHandler() {
                                        @Override
                                        public void onClose(Connection from, CloseReason reason) {
                                            open.decrementAndGet();
                                        }
                                    };
                                });
        List<Client> first = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            first.add(new Client(server.address()));
            first.getLast().write(new byte[1]);
            assertEquals(1, first.getLast().read(new byte[1], 1));
        }
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < 42; i++) {
            others.add(
                    thread(
                            () -> {
                                try (Client client = new Client(server.address())) {
                                    client.writePattern(0, 30_000, 10_000);
                                    client.endOutput();
                                    client.expectPattern(0, 30_000);
                                    client.expectEnd();
                                }
                            }));
        }
        for (int i = 0; i < 20; i++) {
            first.getFirst().write(new byte[1]);
            assertEquals(1, first.getFirst().read(new byte[1], 1));
        }
        Counters full = server.counters().getFirst();
        assertEquals(8, full.accepted());
        assertEquals(8, full.open());
        assertTrue(full.acceptPauses() > 0, full::toString);
        first.forEach(Client::close);
        others.forEach(this::join);
        awaitOpen(server, 0);
        assertEquals(8, openMax.get());
        assertEquals(50, server.counters().getFirst().accepted());
    }

    @Test
    void fewReceiveBuffersServeManyUploads() {
        int clients = 200;
        AtomicInteger complete = new AtomicInteger();
        Server server =
                start(
                        limits().withReceiveBuffers(4, 4096),
                        () ->
                                new TestHandler() {
                                    private long place;

                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        place = checkPattern(data, place);
                                    }

                                    @Override
                                    public void onEnd(Connection connection) {
                                        if (place == MIB) complete.incrementAndGet();
                                        connection.close();
                                    }
                                });
        List<Thread> threads = new ArrayList<>();
        byte[] upload = Client.pattern(0, MIB);
        for (int i = 0; i < clients; i++) {
            threads.add(
                    thread(
                            () -> {
                                try (Client client = new Client(server.address())) {
                                    client.write(upload);
                                    client.endOutput();
                                    client.expectEnd();
                                }
                            }));
        }
        threads.forEach(this::join);
        awaitOpen(server, 0);
        assertEquals(clients, complete.get());
        checkAfterFewReceiveBuffers(server.counters().getFirst());
    }

    /// For what only a transport that shares receive buffers can say.
    void checkAfterFewReceiveBuffers(Counters counters) {
        assertTrue(counters.receives() > 0);
    }

    @Test
    void twoShardsShareAPort() {
        Server server = start(config(limits()).withShards(2), _ -> _ -> new TestHandler());
        assertEquals(2, server.shardCount());
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            clients.add(new Client(server.address()));
            clients.getLast().write(Client.pattern(0, 100));
        }
        for (Client client : clients) client.expectPattern(0, 100);
        for (Counters counters : server.counters()) {
            assertTrue(counters.accepted() > 0, counters::toString);
        }
        clients.forEach(Client::close);
        awaitOpen(server, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aPortInUseFailsTheStartAndIsNamed(int shards) {
        int port = start(config(limits()).withShards(shards), _ -> _ -> new TestHandler()).port();
        for (int second = 1; second <= 2; second++) {
            ServerConfig config = config(limits()).withPort(port).withShards(second);
            StartException refusal =
                    assertThrows(
                            StartException.class,
                            () -> Server.start(config, _ -> _ -> new TestHandler()));
            String message = String.valueOf(refusal.getMessage());
            assertTrue(message.contains(":" + port) && message.contains("in use"), message);
        }
    }

    @Test
    void aTransportThatDoesNotExistFailsTheStartAndNamesThoseThatDo() {
        StartException refusal =
                assertThrows(
                        StartException.class,
                        () ->
                                Server.start(
                                        config(limits()).withTransport("none"),
                                        _ -> _ -> new TestHandler()));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains("'none'") && message.contains(provider().name()), message);
    }

    // ---- stopping

    @Test
    void stopClosesTheIdleAtOnceAndLetsOthersFinish() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    private boolean busy;

                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        busy |= data.getByte(0) == 'b';
                                        boolean last = data.getByte(data.length() - 1) == 'l';
                                        super.onReceive(connection, data);
                                        if (last) connection.close();
                                    }

                                    @Override
                                    public void onStopping(Connection connection) {
                                        if (busy) {
                                            told.countDown();
                                        } else {
                                            connection.close();
                                        }
                                    }
                                });
        try (Client idle = new Client(server.address());
                Client busy = new Client(server.address())) {
            idle.write(new byte[1]);
            assertEquals(1, idle.read(new byte[1], 1));
            busy.write(new byte[] {'b'});
            assertEquals(1, busy.read(new byte[1], 1));
            CompletableFuture<Boolean> stopped =
                    CompletableFuture.supplyAsync(() -> server.stop(Duration.ofSeconds(30)));
            idle.expectEnd();
            awaitLatch(told);
            assertThrows(
                    java.io.UncheckedIOException.class, () -> new Client(server.address()).close());
            assertFalse(stopped.isDone());
            busy.write(new byte[] {'l'});
            assertEquals(1, busy.read(new byte[1], 1));
            busy.expectEnd();
            assertTrue(stopped.get(10, TimeUnit.SECONDS));
        }
        assertEquals(2, server.counters().getFirst().accepted());
        server.await();
    }

    @Test
    void stopAbortsWhatIsStuckAtTheDeadline() {
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        for (int i = 0; i < 64; i++) {
                                            sendPattern(connection, i << 18, 1 << 18);
                                        }
                                    }

                                    @Override
                                    public void onStopping(Connection connection) {}
                                });
        long deadline = 200_000_000;
        try (Client silent = new Client(server.address());
                Client stalled = new Client(server.address(), 16_384)) {
            stalled.write(new byte[1]);
            awaitOpen(server, 2);
            long start = System.nanoTime();
            assertTrue(server.stop(Duration.ofNanos(deadline)));
            assertTrue(System.nanoTime() - start >= deadline, "stopped before the deadline");
            assertEquals(0, silent.readUntilEndOrReset());
            assertTrue(stalled.readUntilEndOrReset() < 64L << 18);
        }
        awaitClosed(CloseReason.STOPPED, 2);
    }

    @Test
    void stoppingTwiceOrAfterTheEndIsHarmless() {
        Server server = start(TestHandler::new);
        expectEcho(server);
        assertTrue(server.stop(Duration.ofSeconds(5)));
        assertTrue(server.stop(Duration.ZERO));
        server.close();
        assertEquals(1, server.counters().getFirst().accepted());
    }

    // ---- soak

    @Test
    void survivesWhateverClientsDo() {
        long seed = Long.getLong("torc.seed", System.nanoTime());
        long end = System.nanoTime() + 3_000_000_000L;
        Server server =
                start(
                        limits().withReceiveBuffers(16, 2048).withSendQueueBytesMax(50_000),
                        TestHandler::new);
        AtomicInteger connections = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            long clientSeed = seed + i;
            threads.add(
                    thread(
                            () -> {
                                Random random = new Random(clientSeed);
                                while (System.nanoTime() < end) {
                                    connections.incrementAndGet();
                                    try {
                                        misbehave(server.address(), random);
                                    } catch (RuntimeException | AssertionError failure) {
                                        throw new AssertionError("torc.seed=" + seed, failure);
                                    }
                                }
                            }));
        }
        threads.forEach(this::join);
        awaitOpen(server, 0);
        Await.until("every close", () -> closed.size() == connections.get());
        assertEquals(connections.get(), server.counters().getFirst().accepted());
        for (CloseReason reason : closed) {
            assertTrue(
                    reason == CloseReason.PEER_CLOSED || reason == CloseReason.PEER_RESET,
                    () -> reason + ", torc.seed=" + seed);
        }
    }

    private void misbehave(InetSocketAddress address, Random random) {
        try (Client client = new Client(address, random.nextInt(3) == 0 ? 4096 : 0)) {
            int rounds = random.nextInt(20);
            long place = 0;
            for (int round = 0; round < rounds; round++) {
                int bytes = 1 + random.nextInt(1 << random.nextInt(18));
                int piece = 1 + random.nextInt(20_000);
                long from = place;
                switch (random.nextInt(12)) {
                    case 0 -> {
                        Thread writer = thread(() -> writeQuietly(client, bytes));
                        client.reset();
                        join(writer);
                        return;
                    }
                    case 1 -> {
                        Thread writer =
                                thread(
                                        () -> {
                                            client.writePattern(from, bytes, piece);
                                            client.endOutput();
                                        });
                        client.expectPattern(from, bytes);
                        client.expectEnd();
                        join(writer);
                        return;
                    }
                    case 2 -> { // read only after everything is on its way
                        int few = Math.min(bytes, 4000);
                        client.writePattern(from, few, piece);
                        client.expectPattern(from, few);
                        place += few;
                    }
                    default -> {
                        Thread writer = thread(() -> client.writePattern(from, bytes, piece));
                        client.expectPattern(from, bytes);
                        join(writer);
                        place += bytes;
                    }
                }
            }
        }
    }

    // ---- what the tests share

    Limits limits() {
        return Limits.defaults();
    }

    ServerConfig config(Limits limits) {
        return ServerConfig.defaults()
                .withPort(0)
                .withShards(1)
                .withTransport(provider().name())
                .withLimits(limits);
    }

    Server start(Supplier<? extends ConnectionHandler> handlers) {
        return start(limits(), handlers);
    }

    /// Starts a server that notes how each connection closes.
    Server start(Limits limits, Supplier<? extends ConnectionHandler> handlers) {
        return start(limits, _ -> _ -> new Recorded(handlers.get()));
    }

    Server start(Limits limits, ConnectionHandler.PerShard handlers) {
        return start(config(limits), handlers);
    }

    Server start(ServerConfig config, ConnectionHandler.PerShard handlers) {
        Server server = Server.start(config, handlers);
        servers.add(server);
        return server;
    }

    void expectEcho(Server server) {
        try (Client client = new Client(server.address())) {
            client.write(Client.pattern(0, 1000));
            client.expectPattern(0, 1000);
        }
    }

    void awaitOpen(Server server, int connections) {
        Await.until(
                "open=" + connections,
                () -> server.counters().stream().mapToInt(Counters::open).sum() == connections);
    }

    /// `count` connections have closed so far, all for `reason`.
    void awaitClosed(CloseReason reason, int count) {
        Await.until(count + " closed", () -> closed.size() >= count);
        assertEquals(java.util.Collections.nCopies(count, reason), List.copyOf(closed));
    }

    /// Waits for a condition on what belongs to the (only) shard's thread.
    private void awaitOn(Server server, String what, java.util.function.BooleanSupplier condition) {
        Await.until(
                what,
                () -> {
                    server.counters(); // a round trip through the shard: its writes are visible
                    return condition.getAsBoolean();
                });
    }

    long checkPattern(Slice data, long place) {
        for (int i = 0; i < data.length(); i++) {
            if (data.getByte(i) == Client.pattern(place + i)) continue;
            failures.add(new AssertionError("wrong byte received at " + (place + i)));
            break;
        }
        return place + data.length();
    }

    /// A virtual thread; what it throws fails the test.
    Thread thread(Runnable work) {
        return Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                work.run();
                            } catch (Throwable failure) {
                                failures.add(failure);
                            }
                        });
    }

    void join(Thread thread) {
        try {
            assertTrue(thread.join(Duration.ofSeconds(30)), "a client thread hangs");
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS), "left=" + latch.getCount());
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /// As much as the server lets it.
    private static void writeQuietly(Client client, int bytes) {
        try {
            client.writePattern(0, bytes, 4000);
        } catch (java.io.UncheckedIOException _) {
            assertTrue(bytes > 0);
        }
    }

    /// Answers the first byte with so many slices of the pattern, and closes.
    private static class SendAndClose extends TestHandler {
        private final int slices;
        private final int bytes;

        SendAndClose(int slices, int bytes) {
            this.slices = slices;
            this.bytes = bytes;
        }

        @Override
        public void onReceive(Connection connection, Slice data) {
            for (int i = 0; i < slices; i++) sendPattern(connection, (long) i * bytes, bytes);
            connection.close();
            assertTrue(connection.isClosing());
            assertFalse(sendPattern(connection, 0, 10));
        }
    }

    /// A handler and a note of its end; checks that nothing comes after it.
    private final class Recorded implements ConnectionHandler {
        private final ConnectionHandler handler;
        private @Nullable CloseReason end;

        Recorded(ConnectionHandler handler) {
            this.handler = handler;
        }

        @Override
        public void onReceive(Connection connection, Slice data) {
            check(connection, "onReceive");
            if (data.length() == 0) failures.add(new AssertionError("nothing was received"));
            handler.onReceive(connection, data);
        }

        @Override
        public void onEnd(Connection connection) {
            check(connection, "onEnd");
            handler.onEnd(connection);
        }

        @Override
        public void onWritable(Connection connection) {
            check(connection, "onWritable");
            handler.onWritable(connection);
        }

        @Override
        public void onStopping(Connection connection) {
            check(connection, "onStopping");
            handler.onStopping(connection);
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            check(connection, "onClose");
            end = reason;
            if (connection.queuedBytes() != 0) failures.add(new AssertionError("still queued"));
            handler.onClose(connection, reason);
            closed.add(reason);
        }

        private void check(Connection connection, String call) {
            if (end != null) failures.add(new AssertionError(call + " after " + end));
            if (!connection.shard().isCurrent()) failures.add(new AssertionError("wrong thread"));
        }
    }
}
