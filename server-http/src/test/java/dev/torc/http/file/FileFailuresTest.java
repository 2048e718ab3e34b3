package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.spi.FileStrategy;
import dev.torc.http.LogRecords;
import dev.torc.http.Router;
import dev.torc.http.TestServer;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// A file that the kernel cannot read: the speed of the loopback interface, which has none, is a
/// regular file of 4096 bytes, and reading it is an error.
@EveryNetwork
class FileFailuresTest {
    private static final Path INTERFACE = Path.of("/sys/class/net/lo");

    @Parameter Network network;

    private static void assumeUnreadable() throws IOException {
        Path file = INTERFACE.resolve("speed");
        boolean there = Files.isRegularFile(file) && Files.size(file) > 0;
        assumeTrue(there && isUnreadable(file), "no file that is there and cannot be read");
    }

    private static boolean isUnreadable(Path file) {
        try {
            Files.readAllBytes(file);
            return false;
        } catch (IOException unreadable) {
            return true;
        }
    }

    private void assertAborted(FileOptions options) throws IOException {
        Router router =
                new Router()
                        .get("/f/{path...}", new FileHandler(INTERFACE, "path", options))
                        .get("/ok", (_, response) -> response.send("ok"));
        try (LogRecords log = new LogRecords("dev.torc");
                TestServer server = TestServer.start(network, router);
                TestClient client = server.connect();
                TestClient other = server.connect()) {
            client.send(FileServer.request("GET", "/f/speed"));
            String received = client.restOrReset();
            assertFalse(received.contains("\r\n\r\n0"), received);
            assertTrue(received.length() < 4096, received);
            assertEquals("ok", other.get("/ok").text());
            List<LogRecord> lines = log.at(Level.WARNING);
            assertEquals(1, lines.size());
            String line = lines.getFirst().getMessage();
            assertTrue(
                    line.matches("(a file being sent cannot be read|(read|send) failed: ).*"),
                    line);
            assertTrue(log.at(Level.SEVERE).isEmpty());
        }
    }

    @Test
    void abortsTheConnectionAndLogsOneLine() throws IOException {
        assumeUnreadable();
        assertAborted(FileOptions.defaults());
    }

    @ParameterizedTest
    @EnumSource
    void abortsTheConnectionByEachStrategy(FileStrategy strategy) throws IOException {
        assumeUnreadable();
        FileCacheLimits nothing = FileCacheLimits.defaults().withFileBytesMax(0);
        assertAborted(FileOptions.defaults().withCache(nothing).withStrategy(strategy));
    }
}
