package dev.torc.http.log;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

class LogPathTest {
    @TempDir Path directory;

    @Test
    void whatIsInDevOrProcLeadsToDevices() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "no /proc here");
        for (String path : new String[] {"/dev/stdout", "/dev/null", "/proc/self/fd/1"}) {
            assertTrue(LogPath.leadsToDevices(Path.of(path)), path);
        }
    }

    @Test
    void filesInSharedMemoryAreFiles() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/dev/shm")), "no /dev/shm here");
        assertFalse(LogPath.leadsToDevices(Path.of("/dev/shm/access.log")));
    }

    @Test
    void linksAreFollowedOneByOne() throws IOException {
        Path link = directory.resolve("access.log");
        Path other = Files.createSymbolicLink(directory.resolve("other"), Path.of("/dev/null"));
        Files.createSymbolicLink(link, other.getFileName());
        assertTrue(LogPath.leadsToDevices(link));
        assertTrue(LogPath.leadsToDevices(directory.resolve("./access.log")));
        Files.delete(other);
        assertFalse(LogPath.leadsToDevices(link), "a link to nothing");
        Files.createFile(other);
        assertFalse(LogPath.leadsToDevices(link), "a link to a file");
        Path devices = Files.createSymbolicLink(directory.resolve("d"), Path.of("/dev"));
        assertTrue(LogPath.leadsToDevices(devices.resolve("null")), "a link as a directory");
        Files.delete(devices);
    }

    @Test
    void aPipeOfADescriptorIsNoNamedOne() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "no /proc here");
        Pipe pipe = Pipe.open();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : all) assertFalse(LogPath.isNamedPipe(descriptor));
        } finally {
            pipe.sink().close();
            pipe.source().close();
        }
        assertFalse(LogPath.isNamedPipe(directory));
        assertFalse(LogPath.isNamedPipe(directory.resolve("missing")));
        assertFalse(LogPath.isNamedPipe(Path.of("/dev/null")));
    }

    @Test
    void aCircleOfLinksEnds() throws IOException {
        Path circle = directory.resolve("circle");
        Files.createSymbolicLink(circle, circle.getFileName());
        assertFalse(LogPath.leadsToDevices(circle));
    }

    @Test
    void aDirectoryThatIsMissingIsAnError() {
        Path missing = directory.resolve("missing/access.log");
        assertThrows(IOException.class, () -> LogPath.leadsToDevices(missing));
    }
}
