package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torc.core.Server;
import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.spi.Filesystem;
import dev.torc.core.spi.Filesystem.Directory;
import dev.torc.core.spi.Filesystem.OpenResult;
import dev.torc.core.spi.OpenFile;
import dev.torc.testkit.Await;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The contract of a transport: opening, reading and checking files.
@Timeout(60)
public abstract class FilesystemContract extends FileFixture {
    private @Nullable Shard shard;

    protected FilesystemContract() {}

    /// How an open ended.
    private record Opened(OpenResult result, @Nullable OpenFile file) {
        OpenFile known() {
            if (file == null) throw new AssertionError("not opened: " + result);
            return file;
        }
    }

    /// Runs on the shard of a server that this starts if need be.
    private <T> T on(java.util.function.Function<Filesystem, T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        Shard ours = shard();
        ours.execute(
                () -> {
                    try {
                        done.complete(work.apply(ours.files()));
                    } catch (Throwable failure) {
                        done.completeExceptionally(failure);
                    }
                });
        return done.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private Shard shard() {
        Shard known = shard;
        if (known != null) return known;
        CompletableFuture<Shard> started = new CompletableFuture<>();
        start(
                limits(),
                running -> {
                    started.complete(running);
                    return _ -> new TestHandler();
                });
        known = started.join();
        shard = known;
        return known;
    }

    private static Directory directory(Filesystem files, Path path, boolean followsLinks) {
        try {
            return files.directory(path, followsLinks);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private Opened open(String path) {
        return open(path, true);
    }

    private Opened open(String path, boolean followsLinks) {
        CompletableFuture<Opened> ended = new CompletableFuture<>();
        boolean early =
                on(
                        files -> {
                            Directory root = directory(files, directory, followsLinks);
                            files.open(
                                    root,
                                    path.getBytes(UTF_8),
                                    (result, file) -> ended.complete(new Opened(result, file)));
                            root.close();
                            return ended.isDone();
                        });
        assertFalse(early, "told before the call returned");
        return ended.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private void release(OpenFile file) {
        on(
                _ -> {
                    file.release();
                    return true;
                });
        assertFalse(file.isOpen());
    }

    // ---- opening

    @Test
    void opensAFileAndKnowsWhatItIs() throws IOException {
        Path path = patternFile("größe.txt", 12_345);
        Opened opened = open("größe.txt");
        assertEquals(OpenResult.OPENED, opened.result());
        OpenFile file = opened.known();
        assertEquals(12_345, file.size());
        long modified = Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS);
        assertEquals(modified, file.modifiedNanos());
        assertTrue(file.changedNanos() >= modified, "changed=" + file.changedNanos());
        release(file);
        assertThrows(IllegalStateException.class, file::retain);
        assertThrows(IllegalStateException.class, file::release);
    }

    @Test
    void aFileThatTakesAnothersPlaceIsAnotherOne() throws IOException {
        patternFile("file", 10);
        OpenFile first = open("file").known();
        OpenFile again = open("file").known();
        assertEquals(first.inode(), again.inode());
        assertEquals(first.device(), again.device());
        Files.move(patternFile("new", 10), directory.resolve("renamed"));
        assertNotEquals(first.inode(), open("renamed").known().inode());
    }

    @Test
    void saysWhyAFileIsNotOpened() throws IOException {
        Files.createDirectories(directory.resolve("sub/deeper"));
        patternFile("file", 1);
        assertEquals(OpenResult.NOT_FOUND, open("none").result());
        assertEquals(OpenResult.NOT_FOUND, open("none/file").result());
        assertEquals(OpenResult.NOT_FOUND, open("file/below").result());
        assertEquals(OpenResult.NOT_FOUND, open("n".repeat(300)).result());
        assertEquals(OpenResult.NOT_FOUND, open("n/".repeat(4000)).result());
        assertEquals(OpenResult.DIRECTORY, open("sub").result());
        assertEquals(OpenResult.DIRECTORY, open("sub/deeper/").result());
        assertEquals(OpenResult.DIRECTORY, open(".").result());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "../outside",
                "sub/../../outside",
                "/etc/hostname",
                "/",
                "sub/./../../file",
                "absolute",
                "relative",
                "sub/up",
                "sub/up/outside"
            })
    void nothingLeadsOutOfTheDirectory(String path) throws IOException {
        Files.createDirectories(directory.resolve("sub"));
        Path up = Path.of("..", "..", "..", "..");
        Path top = directory.toAbsolutePath().getRoot();
        Map<String, Path> links = Map.of("absolute", top, "relative", up, "sub/up", up);
        for (String link : links.keySet()) {
            Files.createSymbolicLink(directory.resolve(link), links.get(link));
        }
        OpenResult result = open(path).result();
        OpenResult without = open(path, false).result();
        for (String link : links.keySet()) Files.delete(directory.resolve(link));
        boolean refused = result == OpenResult.FORBIDDEN || result == OpenResult.NOT_FOUND;
        assertTrue(refused, () -> path + ": " + result);
        assertNotEquals(OpenResult.OPENED, without);
    }

    @Test
    void followsLinksBelowTheDirectoryIfItShould() throws IOException {
        Files.createDirectories(directory.resolve("sub"));
        patternFile("sub/file", 7);
        Files.createSymbolicLink(directory.resolve("link"), Path.of("sub", "file"));
        Files.createSymbolicLink(directory.resolve("folder"), Path.of("sub"));
        Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
        assertEquals(7, open("link").known().size());
        assertEquals(7, open("folder/file").known().size());
        assertEquals(7, open("sub/../sub/file").known().size());
        assertEquals(OpenResult.LINK, open("loop").result());
        assertEquals(OpenResult.LINK, open("link", false).result());
        assertEquals(OpenResult.LINK, open("folder/file", false).result());
        assertEquals(7, open("sub/file", false).known().size());
    }

    /// A FIFO without a writer would be waited for.
    @Test
    void refusesWhatIsNoRegularFileWithoutWaitingForIt() throws Exception {
        Process making =
                new ProcessBuilder("mkfifo", directory.resolve("fifo").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertTrue(making.waitFor(10, TimeUnit.SECONDS));
        assumeTrue(making.exitValue() == 0, "mkfifo does not work here");
        assertEquals(OpenResult.SPECIAL, open("fifo").result());
    }

    @Test
    void refusesWhatMayNotBeRead() throws IOException {
        Path secret = patternFile("secret", 10);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        assumeTrue(!Files.isReadable(secret), "this user may read everything");
        assertEquals(OpenResult.FORBIDDEN, open("secret").result());
    }

    @Test
    void refusesAPathThatIsNone() {
        assertThrows(RuntimeException.class, () -> open(""));
        assertThrows(RuntimeException.class, () -> open("a\0b"));
        assertThrows(
                RuntimeException.class,
                () -> on(files -> directory(files, directory.resolve("none"), true)));
    }

    @Test
    void opensManyAtOnceButNotAnyNumber() {
        patternFile("file", 10);
        int max = Filesystem.CONCURRENT_MAX + Filesystem.WAITING_MAX;
        AtomicInteger openedCount = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        on(
                files -> {
                    Directory root = directory(files, directory, true);
                    byte[] path = "file".getBytes(UTF_8);
                    for (int i = 0; i < max + 100; i++) {
                        files.open(
                                root,
                                path,
                                (result, file) -> {
                                    if (file != null) file.release();
                                    boolean full = result == OpenResult.EXHAUSTED;
                                    (full ? refused : openedCount).incrementAndGet();
                                });
                    }
                    root.close();
                    return true;
                });
        Await.until("all told", () -> openedCount.get() + refused.get() == max + 100);
        assertEquals(100, refused.get());
    }

    /// Nobody gives back what was opened; the server's end does.
    @Test
    void theServersEndClosesWhatIsStillOpen() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no /proc here");
        shard();
        long before = descriptors();
        patternFile("file", 10);
        for (int i = 0; i < 50; i++) open("file").known();
        on(files -> directory(files, directory, true));
        for (Server server : servers) assertTrue(server.stop(Duration.ofSeconds(5)));
        Await.until("descriptors closed", () -> descriptors() <= before);
    }

    // ---- checking

    @Test
    void tellsAFileThatHasChangedFromOneThatHasNot() throws IOException {
        Path path = patternFile("file", 1000);
        OpenFile file = open("file").known();
        assertTrue(isTheSame(file));
        patternFile("file", 1001);
        assertFalse(isTheSame(file), "longer");
        release(file);
        file = open("file").known();
        assertTrue(isTheSame(file));
        Files.setLastModifiedTime(path, FileTime.fromMillis(1_234_567));
        assertFalse(isTheSame(file), "of another time");
        release(file);
        OpenFile closed = file;
        assertThrows(RuntimeException.class, () -> isTheSame(closed));
    }

    private boolean isTheSame(OpenFile file) {
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        boolean early =
                on(
                        files -> {
                            files.check(file, told::complete);
                            return told.isDone();
                        });
        assertFalse(early, "told before the call returned");
        return told.orTimeout(20, TimeUnit.SECONDS).join();
    }

    // ---- reading

    @Test
    void readsPartsOfAFile() {
        patternFile("file", 100_000);
        OpenFile file = open("file").known();
        assertArrayEquals(Client.pattern(0, 100_000), read(file, 0, 100_000));
        assertArrayEquals(Client.pattern(99_999, 1), read(file, 99_999, 1));
        assertArrayEquals(Client.pattern(90_000, 10_000), read(file, 90_000, 20_000));
        assertArrayEquals(new byte[0], read(file, 100_000, 10));
        assertArrayEquals(new byte[0], read(file, 0, 0));
        assertThrows(RuntimeException.class, () -> read(file, -1, 1));
        release(file);
    }

    private byte[] read(OpenFile file, long position, int bytes) {
        CompletableFuture<byte[]> done = new CompletableFuture<>();
        Shard ours = shard();
        on(
                files -> {
                    Slice slice = ours.buffers().take(100);
                    if (slice != null) slice.append(new byte[3], 0, 3);
                    slice = ours.buffers().extend(slice, bytes);
                    if (slice == null) throw new AssertionError("the pool gave nothing");
                    Slice target = slice;
                    files.read(
                            file,
                            position,
                            target,
                            bytes,
                            count -> {
                                byte[] read = target.toBytes();
                                boolean right = count == read.length - 3;
                                target.release();
                                if (!right) failures.add(new AssertionError("count=" + count));
                                done.complete(java.util.Arrays.copyOfRange(read, 3, read.length));
                            });
                    return true;
                });
        return done.orTimeout(20, TimeUnit.SECONDS).join();
    }

    /// While the file system is busy the shard serves others.
    @Test
    void manyReadsAtOnceAllEnd() {
        patternFile("file", MIB);
        OpenFile file = open("file").known();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                long place = i * 1000L;
                executor.execute(
                        () -> {
                            byte[] data = read(file, place, 5000);
                            if (!java.util.Arrays.equals(Client.pattern(place, 5000), data)) {
                                failures.add(new AssertionError("wrong at " + place));
                            }
                        });
            }
        }
        release(file);
    }
}
