package dev.torc.http.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.torc.testkit.Await;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

class FileSinkTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final Rotation NEVER = new Rotation(0, 0, 2);

    @TempDir Path directory;

    private long nowMillis = 1000 * HOUR;
    private @Nullable FileSink sink;

    private Path path() {
        return directory.resolve("access.log");
    }

    private void open(Rotation rotation) throws IOException {
        open(path(), rotation);
    }

    private void open(Path file, Rotation rotation) throws IOException {
        sink = new FileSink(file, rotation, () -> Instant.ofEpochMilli(nowMillis));
    }

    private FileSink sink() {
        return Objects.requireNonNull(sink, "opened by the test");
    }

    @AfterEach
    void close() throws IOException {
        if (sink != null) sink.close();
    }

    private void write(String lines) throws IOException {
        sink().tend();
        sink().write(ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII)));
    }

    private void pass(long millis) {
        nowMillis += millis;
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory)) {
            for (Path one : all.toList()) {
                String content = Files.isRegularFile(one) ? Files.readString(one) : "directory";
                files.put(one.getFileName().toString(), content);
            }
        }
        return files;
    }

    @Test
    void appendsToWhatIsThere() throws IOException {
        Files.writeString(path(), "old\n");
        open(NEVER);
        write("a\n");
        write("b\nc\n");
        assertEquals(Map.of("access.log", "old\na\nb\nc\n"), files());
    }

    @Test
    void rotatesByItsSizeAndKeepsSoManyFiles() throws IOException {
        open(new Rotation(4, 0, 2));
        for (String line : List.of("1\n", "22\n", "333\n", "444\n", "555\n", "6\n")) write(line);
        assertEquals(
                Map.of("access.log", "6\n", "access.log.1", "555\n", "access.log.2", "444\n"),
                files());
    }

    @Test
    void keepsNoneIfSoTold() throws IOException {
        open(new Rotation(1, 0, 0));
        for (String line : List.of("1\n", "2\n", "3\n")) write(line);
        assertEquals(Map.of("access.log", "3\n"), files());
    }

    @Test
    void rotatesAtEachMultipleOfATimeUnlessTheFileIsEmpty() throws IOException {
        open(new Rotation(0, HOUR, 9));
        write("a\n");
        pass(HOUR - 1);
        write("b\n");
        pass(1);
        write("c\n");
        pass(3 * HOUR);
        sink().tend();
        pass(3 * HOUR);
        sink().tend();
        write("d\n");
        assertEquals(
                Map.of("access.log", "d\n", "access.log.1", "c\n", "access.log.2", "a\nb\n"),
                files());
    }

    @Test
    void theTimeOfAnEmptyFileBeginsWhenItIsWritten() throws IOException {
        open(new Rotation(0, HOUR, 9));
        pass(5 * HOUR);
        write("a\n");
        write("b\n");
        assertEquals(Map.of("access.log", "a\nb\n"), files());
        pass(HOUR);
        write("c\n");
        assertEquals(Map.of("access.log", "c\n", "access.log.1", "a\nb\n"), files());
    }

    @Test
    void anOldFileIsAsOldAsItsLastLine() throws IOException {
        Files.writeString(path(), "yesterday\n");
        Files.setLastModifiedTime(path(), FileTime.fromMillis(nowMillis - 24 * HOUR));
        open(new Rotation(0, HOUR, 1));
        write("today\n");
        assertEquals(Map.of("access.log", "today\n", "access.log.1", "yesterday\n"), files());
    }

    @Test
    void followsWhenSomebodyElseRenamesOrRemovesTheFile() throws IOException {
        open(NEVER);
        write("a\n");
        Files.move(path(), directory.resolve("moved"));
        write("b\n");
        pass(1000);
        write("c\n");
        assertEquals(Map.of("access.log", "c\n", "moved", "a\nb\n"), files());
        Files.delete(path());
        pass(1000);
        write("d\n");
        assertEquals("d\n", files().get("access.log"));
        Files.delete(path());
        Files.writeString(path(), "of another\n");
        pass(1000);
        write("e\n");
        assertEquals("of another\ne\n", files().get("access.log"));
    }

    @Test
    void knowsTheSizeOfAFileThatSomebodyElseHasTruncated() throws IOException {
        open(new Rotation(6, 0, 1));
        write("12345\n");
        Files.writeString(path(), "");
        pass(1000);
        write("6\n");
        write("7\n");
        assertEquals(Map.of("access.log", "6\n7\n"), files());
    }

    @Test
    void rotatesTheFileThatALinkLeadsToAndLeavesTheLink() throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        Path real = data.resolve("real.log");
        Files.createSymbolicLink(path(), Path.of("data", "real.log"));
        open(new Rotation(2, 0, 2));
        for (String line : List.of("1\n", "2\n", "3\n")) write(line);
        assertTrue(Files.isSymbolicLink(path()));
        assertEquals("3\n", Files.readString(real));
        assertEquals("2\n", Files.readString(data.resolve("real.log.1")));
        assertEquals("1\n", Files.readString(data.resolve("real.log.2")));
        assertEquals(Set.of("access.log", "data"), files().keySet());
    }

    @Test
    void neverRotatesWhatADescriptorIsOpenOn() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "no /proc here");
        Path redirected = Files.createFile(directory.resolve("out.log"));
        try (FileChannel _ = FileChannel.open(redirected, WRITE)) {
            // As the nginx image does with /dev/stdout.
            Files.createSymbolicLink(path(), descriptorOf(redirected, descriptors));
            open(new Rotation(2, HOUR, 2));
            write("1\n");
            pass(2 * HOUR);
            write("2\n");
            write("3\n");
            assertEquals("1\n2\n3\n", Files.readString(redirected));
            assertEquals(Set.of("access.log", "out.log"), files().keySet());
        }
    }

    private static Path descriptorOf(Path file, Path descriptors) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
            for (Path one : all) {
                // The listing's own is gone by now, others may be.
                if (Files.exists(one) && Files.isSameFile(one, file)) return one;
            }
        }
        throw new AssertionError("no descriptor is open on " + file);
    }

    @Test
    void writesOnWhereItCannotRotateAndTriesAgainLater() throws IOException {
        // What stands in the way holds something, so that nothing can be moved onto it.
        Path inTheWay = Files.createDirectories(directory.resolve("access.log.1/full"));
        open(new Rotation(2, 0, 1));
        write("a\n");
        write("b\n");
        write("c\n");
        assertEquals("a\nb\nc\n", files().get("access.log"));
        Files.delete(inTheWay);
        write("d\n");
        assertEquals("a\nb\nc\nd\n", files().get("access.log"));
        pass(60_000);
        write("e\n");
        assertEquals(Map.of("access.log", "e\n", "access.log.1", "a\nb\nc\nd\n"), files());
    }

    @Test
    void opensAgainWhenItsDirectoryIsBack() throws IOException {
        Path other = directory.resolve("logs");
        Files.createDirectory(other);
        Path file = other.resolve("access.log");
        open(file, NEVER);
        write("a\n");
        Files.delete(file);
        Files.delete(other);
        pass(1000);
        assertThrows(IOException.class, () -> write("lost\n"));
        assertThrows(IOException.class, () -> write("lost\n"));
        Files.createDirectory(other);
        write("b\n");
        assertEquals("b\n", Files.readString(file));
    }

    @Test
    void aFullDeviceIsAnErrorEachTime() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "no /dev/full here");
        open(full, new Rotation(1, 1, 1));
        for (int i = 0; i < 3; i++) assertThrows(IOException.class, () -> write("a\n"));
    }

    @Test
    void aPipeWithANameIsRefused() throws Exception {
        makePipe();
        // Without a reader, which this is as well, to open it to write would wait for ever.
        try (FileChannel _ = FileChannel.open(path(), READ, WRITE)) {
            IOException refused = assertThrows(IOException.class, () -> open(NEVER));
            String message = String.valueOf(refused.getMessage());
            assertTrue(message.startsWith(path() + " is a FIFO: "), message);
        }
    }

    @Test
    void aPipeInThePlaceOfTheFileLosesLinesUntilItIsGone() throws Exception {
        open(NEVER);
        write("a\n");
        Files.delete(path());
        makePipe();
        try (FileChannel _ = FileChannel.open(path(), READ, WRITE)) {
            pass(1000);
            assertThrows(IOException.class, () -> write("lost\n"));
        }
        Files.delete(path());
        write("b\n");
        assertEquals(Map.of("access.log", "b\n"), files());
    }

    private void makePipe() throws Exception {
        Process making =
                new ProcessBuilder("mkfifo", path().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            assertTrue(making.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
            assumeTrue(making.exitValue() == 0, "mkfifo does not work here");
        } finally {
            making.destroyForcibly();
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsAnErrorAtOnce() {
        Path missing = directory.resolve("missing/access.log");
        assertThrows(IOException.class, () -> open(missing, NEVER));
    }
}
