package dev.torc.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.Slice;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.FileStrategy;
import dev.torc.core.spi.Filesystem;
import dev.torc.core.spi.Filesystem.OpenResult;
import dev.torc.core.spi.OpenFile;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;

/// What the tests of files share: files of the pattern, and a handler that sends parts of them.
abstract class FileFixture extends TransportFixture {
    @TempDir Path directory = Path.of("");

    /// Files that were opened; all of them must be closed in the end.
    final Queue<OpenFile> opened = new ConcurrentLinkedQueue<>();

    /// A part of a response: bytes of the pattern, from a file or, without a strategy, from memory.
    record Part(@Nullable FileStrategy strategy, long place, long bytes) {}

    /// Makes a file of the pattern.
    Path patternFile(String name, int bytes) {
        return patternFile(name, 0, bytes);
    }

    /// Makes a file that has `bytes` bytes of the pattern from `place` on, and a hole before them.
    Path patternFile(String name, long place, int bytes) {
        Path file = directory.resolve(name);
        try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw")) {
            target.seek(place);
            target.write(Client.pattern(place, bytes));
            return file;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static void truncate(Path file, long bytes) {
        try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw")) {
            target.setLength(bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Descriptors of this process.
    static long descriptors() {
        try (java.util.stream.Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Opens `name` on the connection's shard and tells `handler`, which has the one reference.
    void open(Connection connection, String name, BiConsumer<OpenResult, @Nullable OpenFile> told) {
        open(connection, name.getBytes(UTF_8), true, told);
    }

    void open(
            Connection connection,
            byte[] name,
            boolean followsLinks,
            BiConsumer<OpenResult, @Nullable OpenFile> told) {
        Filesystem files = connection.shard().files();
        try (Filesystem.Directory root = files.directory(directory, followsLinks)) {
            files.open(
                    root,
                    name,
                    (result, file) -> {
                        if (file != null) opened.add(file);
                        if (!connection.shard().isCurrent()) failures.add(new AssertionError());
                        told.accept(result, file);
                    });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Answers the first byte with `parts`, in order, of the file `name`.
    class Sending extends TestHandler {
        private final String name;
        private final List<Part> parts;
        private boolean sent;

        Sending(String name, List<Part> parts) {
            this.name = name;
            this.parts = parts;
        }

        @Override
        public void onReceive(Connection connection, Slice data) {
            if (sent) return;
            sent = true;
            open(
                    connection,
                    name,
                    (result, file) -> {
                        if (file == null) {
                            failures.add(new AssertionError("open: " + result));
                        } else {
                            for (Part part : parts) FileFixture.send(connection, file, part);
                            sent(connection);
                            file.release();
                        }
                    });
        }

        /// Everything has been given to the connection.
        void sent(Connection connection) {
            connection.close();
        }

        @Override
        public void onWritable(Connection connection) {}

        @Override
        public void onEnd(Connection connection) {}
    }

    /// The first 20 bytes, at most, of what comes from a file go as its head. If these are none, it
    /// has an empty head at odd places, and else none.
    static boolean send(Connection connection, OpenFile file, Part part) {
        FileStrategy strategy = part.strategy();
        if (strategy == null) {
            return TestHandler.sendPattern(connection, part.place(), (int) part.bytes());
        }
        int headBytes = (int) Math.min(part.bytes() % 21, part.bytes());
        Slice head = null;
        if (headBytes > 0 || part.place() % 2 == 1) {
            head = TestHandler.take(connection, Math.max(headBytes, 1));
            head.append(Client.pattern(part.place(), headBytes), 0, headBytes);
        }
        long position = part.place() + headBytes;
        return connection.sendFile(head, file, position, part.bytes() - headBytes, strategy);
    }

    static void expect(Client client, List<Part> parts) {
        for (Part part : parts) client.expectPattern(part.place(), part.bytes());
    }
}
