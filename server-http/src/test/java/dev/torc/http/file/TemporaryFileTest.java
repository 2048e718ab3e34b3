package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.http.LogRecords;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;

/// An upload's way to its name, in a real directory, and in one that fails.
class TemporaryFileTest {
    @TempDir Path directory;

    private Path root = Path.of("");

    @BeforeEach
    void find() throws IOException {
        root = directory.toRealPath();
        assumeTrue(UploadPlace.isPossibleIn(root), "this platform has no SecureDirectoryStream");
    }

    /// The place of `file` in the root.
    private UploadPlace place() throws IOException {
        return new UploadPlace(HeldDirectory.enter(root, Path.of("")), root.resolve("file"));
    }

    /// The same, where nothing can be deleted and nothing be read.
    private UploadPlace failingPlace() throws IOException {
        FailingDirectory failing = new FailingDirectory(HeldDirectory.enter(root, Path.of("")));
        return new UploadPlace(failing, root.resolve("file"));
    }

    private static InputStream body() {
        return new ByteArrayInputStream("content".getBytes(StandardCharsets.UTF_8));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(root)) {
            return all.map(path -> path.getFileName().toString()).toList();
        }
    }

    @Test
    void becomesTheFileOfItsPlace() throws IOException {
        Files.writeString(root.resolve("file"), "old");
        try (UploadPlace place = place();
                TemporaryFile file = TemporaryFile.create(place)) {
            file.receive(body());
            assertEquals("old", Files.readString(root.resolve("file")));
            file.rename();
            assertEquals(UploadResult.REPLACED, Upload.force(place, UploadResult.REPLACED));
        }
        assertEquals(List.of("file"), names());
        assertEquals("content", Files.readString(root.resolve("file")));
    }

    @Test
    void isGoneUnlessItWasRenamed() throws IOException {
        try (UploadPlace place = place()) {
            TemporaryFile.create(place).close();
            assertEquals(List.of(), names());
            try (TemporaryFile file = TemporaryFile.create(place)) {
                file.receive(body());
                assertTrue(names().getFirst().startsWith(".torc-upload-"));
            }
            assertEquals(List.of(), names());
        }
    }

    /// The failure to tell of is the first.
    @Test
    void isLeftBehindAndLoggedIfItCannotBeRemoved() throws IOException {
        try (LogRecords log = new LogRecords("dev.torc.http.file");
                UploadPlace place = failingPlace()) {
            InputStream broken = new PipedInputStream(); // of no pipe
            IOException failure =
                    assertThrows(
                            IOException.class,
                            () -> {
                                try (TemporaryFile file = TemporaryFile.create(place)) {
                                    file.receive(broken);
                                }
                            });
            assertEquals("Pipe not connected", failure.getMessage());
            List<LogRecord> lines = log.at(Level.WARNING);
            assertEquals(1, lines.size());
            String line = lines.getFirst().getMessage();
            assertTrue(line.contains("left behind: " + names().getFirst()), line);
        }
    }

    /// It has its name already: whoever sent it must not be told that nothing was stored.
    @Test
    void isStoredAlsoIfItsDirectoryCannotBeForced() throws IOException {
        try (LogRecords log = new LogRecords("dev.torc.http.file");
                UploadPlace place = failingPlace();
                TemporaryFile file = TemporaryFile.create(place)) {
            file.receive(body());
            file.rename();
            assertEquals(UploadResult.NOT_FORCED, Upload.force(place, UploadResult.CREATED));
            assertEquals(1, log.at(Level.SEVERE).size());
        }
        assertEquals(List.of("file"), names());
        assertEquals("content", Files.readString(root.resolve("file")));
    }
}
