package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;

class HeldDirectoryTest {
    @TempDir Path directory;

    private Path root = Path.of("");

    @BeforeEach
    void make() throws IOException {
        root = directory.toRealPath();
        Files.createDirectories(root.resolve("sub/deeper"));
        Files.writeString(root.resolve("sub/deeper/file"), "12345");
        Files.createSymbolicLink(root.resolve("sub/deeper/link"), Path.of("file"));
        Files.createSymbolicLink(root.resolve("link"), Path.of("sub"));
        Files.createSymbolicLink(root.resolve("sub/link"), Path.of("deeper"));
    }

    private Map<String, String> read(String path) throws IOException {
        Map<String, String> kinds = new TreeMap<>();
        try (HeldDirectory held = HeldDirectory.open(root, root.resolve(path))) {
            for (Path child : held.children()) {
                assertEquals(root.resolve(path).resolve(child.getFileName()), child);
                kinds.put(child.getFileName().toString(), kind(held.look(child)));
            }
        }
        return kinds;
    }

    private static String kind(BasicFileAttributes found) {
        if (found.isSymbolicLink()) return "link";
        return found.isDirectory() ? "directory" : found.size() + " bytes";
    }

    @Test
    void tellsWhatIsInIt() throws IOException {
        assertEquals(Map.of("link", "link", "sub", "directory"), read(""));
        assertEquals(Map.of("deeper", "directory", "link", "link"), read("sub"));
        assertEquals(Map.of("file", "5 bytes", "link", "link"), read("sub/deeper"));
    }

    @Test
    void tellsWhatAPathIs() throws IOException {
        assertEquals("directory", kind(HeldDirectory.look(root, root)));
        assertEquals("link", kind(HeldDirectory.look(root, root.resolve("link"))));
        assertEquals("5 bytes", kind(HeldDirectory.look(root, root.resolve("sub/deeper/file"))));
        assertThrows(
                NoSuchFileException.class,
                () -> HeldDirectory.look(root, root.resolve("sub/none")));
    }

    /// What was a directory when the path was found is a link by now.
    @ParameterizedTest
    @ValueSource(strings = {"link", "link/deeper", "sub/link", "sub/deeper/file", "none"})
    void followsNoLinkOnTheWay(String path) throws IOException {
        assumeTrue(UploadPlace.isPossibleIn(root), "this platform has no SecureDirectoryStream");
        Path below = Path.of(path);
        Path whole = root.resolve(path);
        assertThrows(FileSystemException.class, () -> HeldDirectory.open(root, whole).close());
        assertThrows(FileSystemException.class, () -> HeldDirectory.enter(root, below).close());
        Path child = whole.resolve("file");
        assertThrows(FileSystemException.class, () -> HeldDirectory.look(root, child));
        assertTrue(Files.exists(root.resolve("link/deeper/file")));
    }
}
