package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class LoggingTest {
    private static final Path SHELL = Path.of("/bin/sh");
    private static final int CLIENTS = 150;
    private static final int LINES = 3;

    /// The first line that is logged is the one that says so: nothing else reaches this level.
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void saysOnceASecondThatNoDescriptorIsLeft(@TempDir Path directory) throws Exception {
        assumeTrue(Files.isExecutable(SHELL), "no shell to lower the limit with");
        Path levels = directory.resolve("logging.properties");
        Files.writeString(levels, "handlers=java.util.logging.ConsoleHandler\n.level=WARNING\n");
        String script =
                "ulimit -n 120 && export JDK_JAVA_OPTIONS=-Djava.util.logging.config.file="
                        + levels
                        + " && exec \"$@\" 2>&1";
        List<String> prefix = List.of(SHELL.toString(), "-c", script, "sh");
        String[] demo = {"demo", "--port", "0", "--shards", "2", "--transport", "nio"};
        List<Socket> clients = new ArrayList<>();
        try (Torc torc = Torc.startPacked(directory, prefix, demo)) {
            int port = torc.awaitPort();
            long startNanos = System.nanoTime();
            for (int i = 0; i < CLIENTS; i++) clients.add(connect(port));
            for (int i = 0; i < LINES; i++) awaitFailure(torc);
            long millis = Duration.ofNanos(System.nanoTime() - startNanos).toMillis();
            assertTrue(millis >= (LINES - 1) * 1000L - 100, LINES + " lines in " + millis + " ms");
            for (Socket client : clients) client.close();
            assertServes(port);
        } finally {
            for (Socket client : clients) client.close();
        }
    }

    private static Socket connect(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private static void awaitFailure(Torc torc) throws IOException {
        BufferedReader output = torc.process().inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains("WARNING") && line.contains("accept failed, trying again: ")) return;
        }
        throw new IOException("it ended without saying that it cannot accept");
    }

    private static void assertServes(int port) throws IOException {
        try (Socket client = connect(port)) {
            client.setSoTimeout(10_000);
            client.getOutputStream()
                    .write(
                            "GET /plaintext HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            byte[] answer = client.getInputStream().readAllBytes();
            String text = new String(answer, StandardCharsets.US_ASCII);
            assertTrue(text.startsWith("HTTP/1.1 200 "), text);
        }
    }
}
