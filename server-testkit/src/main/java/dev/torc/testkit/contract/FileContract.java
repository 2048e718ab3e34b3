package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Server;
import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.FileStrategy;
import dev.torc.core.spi.OpenFile;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.testkit.Await;
import dev.torc.testkit.Seed;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// The contract of a transport: sending files, by every strategy.
@Timeout(60)
public abstract class FileContract extends FileEndContract {
    protected FileContract() {}

    @ParameterizedTest
    @EnumSource
    void sendsPartsOfAnySizeFromAnywhere(FileStrategy strategy) {
        patternFile("file", BIG);
        List<Part> parts = new ArrayList<>();
        for (int bytes : new int[] {0, 1, 4095, 4096, 65_537, MIB + 1}) {
            for (long place : new long[] {0, 1, 4095, 4096, 3 * MIB + 17}) {
                parts.add(new Part(strategy, place, bytes));
            }
        }
        parts.add(new Part(strategy, 0, BIG));
        Server server = start(() -> new Sending("file", parts));
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            expect(client, parts);
            client.expectEnd();
        }
        awaitClosed(CloseReason.LOCAL, 1);
    }

    @Test
    void keepsTheOrderOfSlicesAndFiles() {
        long seed = Seed.next();
        Random random = new Random(seed);
        List<FileStrategy> ways = List.of(FileStrategy.values());
        patternFile("file", MIB);
        for (int round = 0; round < 5; round++) {
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                int choice = random.nextInt(ways.size() + 3);
                boolean file = choice < ways.size();
                int bytes = random.nextInt(1 << random.nextInt(1, 19));
                long place = random.nextInt(MIB - bytes + 1);
                parts.add(new Part(file ? ways.get(choice) : null, place, bytes));
            }
            Server server = start(() -> new Sending("file", parts));
            try (Client client = connect(server, random.nextBoolean() ? 4096 : 0)) {
                client.write(new byte[1]);
                expect(client, parts);
                client.expectEnd();
            } catch (AssertionError failure) {
                throw new AssertionError("torc.seed=" + seed, failure);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSlowReaderGetsEverything(FileStrategy strategy) {
        patternFile("file", BIG);
        List<Part> parts = List.of(new Part(strategy, 1, BIG - 1), new Part(null, 7, 1000));
        Server server = start(() -> new Sending("file", parts));
        try (Client client = connect(server, 4096)) {
            client.write(new byte[1]);
            client.expectPattern(1, 1000);
            for (int i = 0; i < 20; i++) server.counters();
            client.expectPattern(1001, BIG - 1001);
            client.expectPattern(7, 1000);
            client.expectEnd();
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyAtOnceGetEverything(FileStrategy strategy) {
        patternFile("file", 2 * MIB);
        List<Part> parts =
                List.of(
                        new Part(strategy, 5, MIB + 1),
                        new Part(null, 9, 100),
                        new Part(strategy, MIB, 70_000));
        Server server = start(() -> new Sending("file", parts));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            int receiveBytes = i % 8 == 0 ? 4096 : 0;
            threads.add(
                    thread(
                            () -> {
                                try (Client client = connect(server, receiveBytes)) {
                                    client.write(new byte[1]);
                                    expect(client, parts);
                                    client.expectEnd();
                                }
                            }));
        }
        threads.forEach(this::join);
        awaitClosed(CloseReason.LOCAL, 64);
    }

    @ParameterizedTest
    @EnumSource
    void sendsWhatLiesBeyondFourGibibytes(FileStrategy strategy) {
        long place = (9L << 29) + 1; // 4.5 GiB
        patternFile("sparse", place, MIB);
        truncate(directory.resolve("sparse"), 5L << 30);
        List<Part> parts = List.of(new Part(strategy, place, MIB));
        Server server = start(() -> new Sending("sparse", parts));
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            expect(client, parts);
            client.expectEnd();
        }
        assertEquals(5L << 30, opened.element().size());
    }

    // ---- backpressure

    @ParameterizedTest
    @EnumSource
    void saysWhenAFileHasGoneAndHoldsLittleOfItInMemory(FileStrategy strategy) {
        patternFile("file", BIG);
        List<Boolean> answers = new ArrayList<>();
        AtomicInteger writable = new AtomicInteger();
        CompletableFuture<Connection> sending = new CompletableFuture<>();
        Server server =
                start(
                        () ->
                                new Sending("file", List.of()) {
                                    @Override
                                    void sent(Connection connection) {
                                        OpenFile file = opened.element();
                                        Part part = new Part(strategy, 0, BIG);
                                        answers.add(FileFixture.send(connection, file, part));
                                        sending.complete(connection);
                                    }

                                    @Override
                                    public void onWritable(Connection connection) {
                                        answers.add(connection.queuedBytes() == 0);
                                        answers.add(!connection.isSending());
                                        answers.add(connection.sentBytes() == BIG);
                                        writable.incrementAndGet();
                                    }
                                });
        try (Client client = connect(server, 4096)) {
            client.write(new byte[1]);
            client.expectPattern(0, 1000);
            Connection connection = sending.join();
            awaitOn(server, "little queued", () -> connection.queuedBytes() <= 256 * 1024);
            awaitOn(server, "some sent", () -> connection.sentBytes() >= 1000);
            awaitOn(server, "more to send", connection::isSending);
            awaitOn(server, "not all sent", () -> connection.sentBytes() < BIG);
            assertEquals(0, writable.get());
            client.expectPattern(1000, BIG - 1000);
            Await.until("onWritable", () -> writable.get() == 1);
        }
        assertEquals(List.of(false, true, true, true), answers);
    }

    @ParameterizedTest
    @EnumSource
    void sendingIsProgress(FileStrategy strategy) {
        patternFile("file", BIG);
        CompletableFuture<Connection> sending = new CompletableFuture<>();
        Server server =
                start(
                        () ->
                                new Sending("file", List.of(new Part(strategy, 0, BIG))) {
                                    @Override
                                    void sent(Connection connection) {
                                        sending.complete(connection);
                                    }
                                });
        try (Client client = connect(server, 4096)) {
            client.write(new byte[1]);
            client.expectPattern(0, 1000);
            Connection connection = sending.join();
            long before = network().transport().nanoTime();
            client.expectPattern(1000, BIG - 1000);
            awaitOn(server, "progress", () -> connection.progressNanos() - before >= 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void countsTheBytesAndWhichOfThemWereMoved(FileStrategy strategy) {
        patternFile("file", MIB);
        int bytes = MIB / 21 * 21; // of which no head is made
        List<Part> parts = List.of(new Part(strategy, 0, bytes), new Part(null, 0, 1000));
        Server server = start(() -> new Sending("file", parts));
        try (Client client = connect(server)) {
            client.write(new byte[10]);
            expect(client, parts);
            client.expectEnd();
        }
        Await.until("all is counted", () -> counters(server).sentBytes() == bytes + 1000);
        assertEquals(10, counters(server).receivedBytes());
        long moved = counters(server).movedBytes();
        boolean mayMove = strategy != FileStrategy.COPY;
        assertTrue(moved == 0 || (mayMove && moved == bytes), "moved " + moved);
    }

    private static Counters counters(Server server) {
        return server.counters().getFirst();
    }

    @Test
    void refusesWhatCannotBe() {
        patternFile("file", 1000);
        CountDownLatch done = new CountDownLatch(1);
        Server server =
                start(
                        () ->
                                new Sending("file", List.of(last())) {
                                    @Override
                                    void sent(Connection connection) {
                                        OpenFile file = opened.element();
                                        Slice window = Slice.window();
                                        for (FileStrategy way : FileStrategy.values()) {
                                            refuses(connection, null, file, -1, 1, way);
                                            refuses(connection, null, file, 0, -1, way);
                                            refuses(connection, null, file, 2, Long.MAX_VALUE, way);
                                            refuses(connection, window, file, 0, 1, way);
                                        }
                                        done.countDown();
                                        connection.close();
                                    }
                                });
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            client.expectPattern(0, 10);
            client.expectEnd();
        }
        awaitLatch(done);
    }

    private static void refuses(
            Connection connection,
            @Nullable Slice head,
            OpenFile file,
            long position,
            long count,
            FileStrategy strategy) {
        assertThrows(
                IllegalArgumentException.class,
                () -> connection.sendFile(head, file, position, count, strategy));
    }
}
