package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the tests with programs of other makes rely on.
class ProgramTest {
    @TempDir private Path directory;

    private static List<String> shell(String script) {
        return List.of("sh", "-c", script);
    }

    @Test
    void tellsWhatItSaidAndHowItEnded() throws Exception {
        Program.Outcome outcome = Program.run(directory, shell("echo a; echo b >&2; exit 3"));
        assertEquals("a\n", outcome.output());
        assertEquals("b\n", outcome.errors());
        assertEquals(3, outcome.exitCode());
        AssertionFailedError failed =
                assertThrows(AssertionFailedError.class, outcome::expectSuccess);
        assertTrue(String.valueOf(failed.getMessage()).contains("errors=b"), failed::getMessage);
    }

    @Test
    void readsItsInput() throws Exception {
        Path input = Files.writeString(directory.resolve("input"), "read");
        assertEquals("read", Program.run(directory, input, List.of("cat")).expectSuccess());
        assertEquals("", Program.run(directory, List.of("cat")).expectSuccess());
    }

    @Test
    void isKilledWithAllThatItHasStarted() throws Exception {
        Path id = directory.resolve("id");
        ProcessHandle child;
        try (Program program =
                Program.start(directory, shell("sleep 300 & echo $! > part; mv part id; wait"))) {
            Await.until("it has started another", () -> Files.exists(id));
            long pid = Long.parseLong(Files.readString(id).strip());
            child = ProcessHandle.of(pid).orElseThrow();
            assertTrue(program.isRunning());
        }
        assertFalse(child.isAlive());
    }
}
