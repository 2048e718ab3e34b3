package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Server;
import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.FileStrategy;
import dev.torc.core.spi.OpenFile;
import dev.torc.testkit.Await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// The contract of a transport: how transfers of files end that do not end well.
abstract class FileEndContract extends FileFixture {
    static final int BIG = 20 * MIB;

    /// Nobody holds a file when its connections are gone.
    @AfterEach
    void everyFileIsClosed() {
        for (OpenFile file : opened) {
            Await.until("a file closed", () -> !file.isOpen());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResetInTheMiddleFreesEverything(FileStrategy strategy) {
        patternFile("file", BIG);
        Server server =
                start(() -> new Sending("file", List.of(new Part(strategy, 0, BIG), last())));
        for (int i = 0; i < 10; i++) {
            Client client = connect(server, 4096);
            client.write(new byte[1]);
            client.expectPattern(0, 1 + i * 10_000L);
            client.reset();
        }
        awaitClosed(CloseReason.PEER_RESET, 10);
        awaitOpen(server, 0);
        everyFileIsClosed();
        expectWhole(server, strategy);
    }

    static Part last() {
        return new Part(null, 0, 10);
    }

    private void expectWhole(Server server, FileStrategy strategy) {
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            expect(client, List.of(new Part(strategy, 0, BIG), last()));
            client.expectEnd();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileTruncatedOnTheWayAbortsTheConnection(FileStrategy strategy) {
        Path file = patternFile("file", BIG);
        Server server =
                start(() -> new Sending("file", List.of(new Part(strategy, 0, BIG), last())));
        try (Client client = connect(server, 4096)) {
            client.write(new byte[1]);
            client.expectPattern(0, 1000);
            truncate(file, 100);
            long rest = client.readUntilEndOrReset();
            assertTrue(rest < BIG - 1000, "padded: " + rest);
        }
        awaitClosed(CloseReason.FILE_FAILED, 1);
    }

    @ParameterizedTest
    @EnumSource
    void moreThanTheFileHasAbortsTheConnection(FileStrategy strategy) {
        patternFile("file", 10_000);
        Server server = start(() -> new Sending("file", List.of(new Part(strategy, 0, 10_021))));
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            assertTrue(client.readUntilEndOrReset() <= 10_000);
        }
        awaitClosed(CloseReason.FILE_FAILED, 1);
    }

    @ParameterizedTest
    @EnumSource
    void aFileDeletedOnTheWayIsSentToItsEnd(FileStrategy strategy) {
        Path file = patternFile("file", BIG);
        Server server = start(() -> new Sending("file", List.of(new Part(strategy, 0, BIG))));
        try (Client client = connect(server, 4096)) {
            client.write(new byte[1]);
            client.expectPattern(0, 1000);
            delete(file);
            client.expectPattern(1000, BIG - 1000);
            client.expectEnd();
        }
        awaitClosed(CloseReason.LOCAL, 1);
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAbortDropsTheRest(FileStrategy strategy) {
        patternFile("file", BIG);
        CompletableFuture<Connection> sending = new CompletableFuture<>();
        List<Part> parts = List.of(new Part(strategy, 0, BIG), last(), new Part(strategy, 0, 100));
        Server server =
                start(
                        () ->
                                new Sending("file", parts) {
                                    @Override
                                    void sent(Connection connection) {
                                        sending.complete(connection);
                                    }
                                });
        try (Client client = connect(server, 4096)) {
            client.write(new byte[1]);
            client.expectPattern(0, 1000);
            Connection connection = sending.join();
            connection.shard().execute(() -> connection.abort(CloseReason.TIMEOUT));
            assertTrue(client.readUntilEndOrReset() < BIG);
        }
        awaitClosed(CloseReason.TIMEOUT, 1);
    }

    @ParameterizedTest
    @EnumSource
    void theEndOfTheServerEndsTransfers(FileStrategy strategy) {
        patternFile("file", BIG);
        CountDownLatch sending = new CountDownLatch(3);
        Server server =
                start(
                        () ->
                                new Sending("file", List.of(new Part(strategy, 0, BIG))) {
                                    @Override
                                    void sent(Connection connection) {
                                        sending.countDown();
                                    }

                                    @Override
                                    public void onStopping(Connection connection) {}
                                });
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(connect(server, 4096));
            clients.getLast().write(new byte[1]);
        }
        awaitLatch(sending);
        assertTrue(server.stop(Duration.ofMillis(100)));
        for (Client client : clients) {
            assertTrue(client.readUntilEndOrReset() < BIG);
            client.close();
        }
        awaitClosed(CloseReason.STOPPED, 3);
    }

    @ParameterizedTest
    @EnumSource
    void aClosingConnectionTakesNoFile(FileStrategy strategy) {
        patternFile("file", 1000);
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        Server server =
                start(
                        () ->
                                new Sending("file", List.of(last())) {
                                    @Override
                                    void sent(Connection connection) {
                                        OpenFile file = opened.element();
                                        connection.close();
                                        Slice head = TestHandler.take(connection, 1);
                                        head.append(new byte[1], 0, 1);
                                        answer.complete(
                                                connection.sendFile(head, file, 0, 10, strategy));
                                    }
                                });
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            client.expectPattern(0, 10);
            client.expectEnd();
        }
        assertFalse(answer.join());
    }
}
