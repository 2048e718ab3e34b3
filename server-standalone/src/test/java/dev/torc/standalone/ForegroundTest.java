package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.testkit.Await;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `torc` as a process that is told to end by signals.
class ForegroundTest {
    /// A process tree of its own, whose first process the command is, as in a container.
    private static final List<String> FIRST_PROCESS =
            List.of("unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child");

    @TempDir Path directory;

    private Torc start(List<String> prefix) throws IOException {
        return start(prefix, HoldingServer.class);
    }

    private Torc start(List<String> prefix, Class<?> main) throws IOException {
        Torc torc = Torc.startClass(directory, prefix, main);
        // Bounds every wait for its output: that ends with the process.
        Thread.ofVirtual().start(() -> endInTime(torc.process()));
        return torc;
    }

    private static void endInTime(Process process) {
        try {
            if (!process.waitFor(2 * Await.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// What a shell runs in the background ignores SIGINT, `nohup` SIGHUP, and so do their
    /// children: the JVM then leaves it at that.
    private static void assumeNotIgnored(String signal) throws IOException {
        int bit = List.of("HUP", "INT").indexOf(signal);
        Path status = Path.of("/proc/self/status");
        if (bit < 0 || !Files.isReadable(status)) return;
        String ignored =
                Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .findFirst()
                        .orElseThrow();
        long set = Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).strip(), 16);
        assumeTrue((set >> bit & 1) == 0, "SIG" + signal + " is ignored by whoever started this");
    }

    private static TestClient connect(int port) throws IOException {
        return TestClient.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /// A client whose request is never answered.
    private static TestClient held(Torc torc) throws IOException {
        int port = torc.awaitPort();
        TestClient held = connect(port);
        try (TestClient other = connect(port)) {
            assertEquals(200, other.get("/plaintext").status());
            held.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
            // The other is answered once more, so the request has been read, too.
            assertEquals(200, other.get("/plaintext").status());
        }
        return held;
    }

    private static void signal(String name, long pid) throws IOException {
        assertEquals(0, exitCode(List.of("kill", "-" + name, Long.toString(pid))));
    }

    private static int exitCode(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            assertTrue(process.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void awaitStopping(Torc torc) throws IOException {
        String line = awaitLine(torc, "stopping: ");
        assertTrue(line.contains("a second signal ends it at once"), line);
    }

    private static String awaitLine(Torc torc, String start) throws IOException {
        BufferedReader output = torc.process().inputReader();
        String line = output.readLine();
        while (line != null && !line.startsWith(start)) line = output.readLine();
        assertTrue(line != null, "it has not said: " + start);
        return line;
    }

    @ParameterizedTest
    @CsvSource({"TERM, TERM, 143", "INT, INT, 130", "TERM, INT, 130", "HUP, TERM, 143"})
    void aSecondSignalEndsItAtOnce(String first, String second, int status) throws IOException {
        assumeNotIgnored(first);
        assumeNotIgnored(second);
        try (Torc torc = start(List.of());
                TestClient client = held(torc)) {
            signal(first, torc.process().pid());
            awaitStopping(torc);
            signal(second, torc.process().pid());
            assertEquals(status, torc.end().exitCode());
            assertEquals("", client.restOrReset());
        }
    }

    @Test
    void aSecondSignalEndsTheFirstProcessOfAContainer() throws IOException {
        assumeTrue(worksHere(), "unshare(1) is missing, or may not make namespaces here");
        try (Torc torc = start(FIRST_PROCESS);
                TestClient client = held(torc)) {
            long pid = torc.process().descendants().findFirst().orElseThrow().pid();
            signal("TERM", pid);
            awaitStopping(torc);
            signal("TERM", pid);
            assertEquals(143, torc.end().exitCode());
        }
    }

    private static boolean worksHere() {
        try {
            List<String> command = new ArrayList<>(FIRST_PROCESS);
            command.add("true");
            return exitCode(command) == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    @Test
    void oneSignalEndsAnIdleServerWithZero() throws IOException {
        assumeNotIgnored("INT");
        try (Torc torc = start(List.of());
                TestClient idle = connect(torc.awaitPort())) {
            assertEquals(200, idle.get("/plaintext").status());
            signal("INT", torc.process().pid());
            Torc.Outcome outcome = torc.end();
            assertEquals(0, outcome.exitCode(), outcome.errors());
            String last = outcome.output().lines().toList().getLast();
            assertTrue(last.startsWith("stopped: everything in flight was finished; "), last);
            assertTrue(idle.isAtEnd());
        }
    }

    @Test
    void aShardThatIsHeldForEverIsNamedAndEndsWithTheProcess() throws IOException {
        try (Torc torc = start(List.of(), StuckServer.class);
                TestClient client = connect(torc.awaitPort())) {
            client.send("GET /stuck HTTP/1.1\r\nHost: a\r\n\r\n");
            awaitLine(torc, StuckServer.STUCK);
            signal("TERM", torc.process().pid());
            Torc.Outcome outcome = torc.end();
            assertEquals(1, outcome.exitCode(), outcome.errors());
            String last = outcome.output().lines().toList().getLast();
            assertTrue(last.startsWith("stopped: still held: shard "), last);
            assertTrue(last.contains(" by GET /stuck"), last);
            assertTrue(last.endsWith("(of 1 of 2 shards: what is held does not tell)"), last);
        }
    }
}
