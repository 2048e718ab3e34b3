package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Server;
import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.TimerWheel;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The contract of a transport: what the shard around it may rely on.
abstract class ShardContract extends TurnContract {

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

    @Test
    void aHandlersTimeIsNotThatOfBeforeTheWait() {
        Queue<Long> times = new ConcurrentLinkedQueue<>();
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        times.add(connection.shard().nowNanos());
                                        super.onReceive(connection, data);
                                    }
                                });
        try (Client client = connect(server)) {
            for (int i = 0; i < 100; i++) {
                long before = network().transport().nanoTime();
                client.write(new byte[1]);
                assertEquals(1, client.read(new byte[1], 1));
                long stale = before - times.remove();
                assertTrue(stale <= 0, "nanoseconds too old: " + stale);
            }
        }
    }

    static TimerWheel.Timer countDown(CountDownLatch latch) {
        return new TimerWheel.Timer() {
            @Override
            protected void onExpire(long nowNanos) {
                latch.countDown();
            }
        };
    }

    static long millisFrom(Shard shard, long millis) {
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
        try (Client client = connect(server)) {
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

    /// Nothing is with the kernel any more that could end the shard's wait.
    @Test
    void aStopIsOverWhenATaskHasEndedTheLastConnection() throws Exception {
        CompletableFuture<Connection> paused = new CompletableFuture<>();
        CountDownLatch told = new CountDownLatch(1);
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        connection.pauseReceive();
                                        paused.complete(connection);
                                    }

                                    @Override
                                    public void onStopping(Connection connection) {
                                        told.countDown();
                                    }
                                });
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            Connection connection = paused.join();
            CompletableFuture<Boolean> stopped =
                    CompletableFuture.supplyAsync(() -> server.stop(Duration.ofSeconds(60)));
            awaitLatch(told);
            connection.shard().execute(() -> connection.abort(CloseReason.TIMEOUT));
            assertTrue(stopped.get(3, TimeUnit.SECONDS));
        }
        awaitClosed(CloseReason.TIMEOUT, 1);
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
        try (Client bystander = connect(server)) {
            bystander.write(new byte[1]);
            assertEquals(1, bystander.read(new byte[1], 1));
            for (int i = 1; i <= ThrowingHandler.PLACES; i++) {
                try (Client victim = connect(server)) {
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
    final class ThrowingHandler extends TestHandler {
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

    static IllegalStateException thrown(String where) {
        return new IllegalStateException("thrown by " + where + ", as the test wants");
    }
}
