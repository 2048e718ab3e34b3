package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.spi.TransportProvider;
import dev.torc.standalone.Torc.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// The command as its users and their scripts meet it.
class MainTest {
    @TempDir private Path directory = Path.of("");

    private static void assumeTransport() {
        boolean works =
                TransportProvider.installed().stream()
                        .anyMatch(provider -> provider.verdict().works());
        assumeTrue(works, "no transport works here");
    }

    private static void assertOneLine(Outcome outcome) {
        assertTrue(outcome.errors().startsWith("torc: "), outcome.errors());
        assertEquals(1, outcome.errors().lines().count(), outcome.errors());
        assertEquals("", outcome.output());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "demo --no-such-flag          | no flag --no-such-flag",
                "demo --prot 1                | did you mean --port?",
                "demo --port abc              | abc",
                "demo --port 70000            | 0 to 65535",
                "demo --shards 0              | --shards must be 1 to 1024",
                "demo --host no.such.invalid  | unknown host",
                "demo --root nowhere          | not a directory",
                "demo --transport steam       | must be auto, uring or nio",
                "demo --config nowhere        | no configuration file nowhere",
                "demo --upload                | --upload is not for torc demo",
                "serve nowhere                | not a directory",
                "serve --port 70000           | 0 to 65535",
                "serve --header nonsense      | --header is two parts",
                "serve --header Date:x        | Date",
                "serve --cache *.css:a=b=c    | Cache-Control",
                "serve --not-found ../x       | below the root",
                "serve --upload-max 1G        | --upload-max is for --upload",
                "serve --upload-max 1X         | --upload-max must be a number of bytes",
                "serve --upload-max 0          | from 1 to 8388607T",
                "serve a b                    | what is b for?",
                "dmeo                         | did you mean demo?"
            })
    void whatCannotStartSaysWhyInOneLine(String arguments, String why) throws IOException {
        Outcome outcome = Torc.run(directory, arguments.split(" "));
        assertEquals(2, outcome.exitCode(), outcome.errors());
        assertOneLine(outcome);
        assertTrue(outcome.errors().contains(why), outcome.errors());
    }

    @Test
    void aPortInUseIsOneLine() throws IOException {
        assumeTransport();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket taken = new ServerSocket(0, 1, loopback)) {
            String port = Integer.toString(taken.getLocalPort());
            Outcome outcome = Torc.run(directory, "demo", "--port", port);
            assertEquals(2, outcome.exitCode(), outcome.errors());
            assertOneLine(outcome);
            assertTrue(outcome.errors().contains("in use"), outcome.errors());
        }
    }

    @Test
    void versionAndHelpAreNoErrors() throws IOException {
        Outcome version = Torc.run(directory, "--version");
        assertEquals(0, version.exitCode());
        assertTrue(version.output().startsWith("torc "), version.output());
        Outcome help = Torc.run(directory, "demo", "--help");
        assertEquals(0, help.exitCode());
        for (String flag : new String[] {"--host", "--port", "--shards", "--transport", "--root"}) {
            assertTrue(help.output().contains(flag), help.output());
        }
    }

    @Test
    void printsItsConfiguration() throws IOException {
        Files.writeString(directory.resolve("t.toml"), "[limits]\nconnections-max = 9\n");
        Outcome table = Torc.run(directory, "config", "print", "--config", "t.toml", "--port=1");
        assertEquals(0, table.exitCode(), table.errors());
        assertTrue(
                Pattern.compile("(?m)^limits.connections-max +9 +t.toml:2:1$")
                        .matcher(table.output())
                        .find(),
                table.output());
        assertTrue(
                Pattern.compile("(?m)^port +1 +--port$").matcher(table.output()).find(),
                table.output());
        Outcome reference = Torc.run(directory, "config", "reference");
        assertTrue(reference.output().startsWith("# Configuration\n"), reference.output());
    }

    @Test
    void aTermSignalFinishesWhatIsInFlightAndExitsWithZero() throws IOException {
        assumeTransport();
        try (Torc torc = Torc.start(directory, "demo", "--port", "0", "--shards", "1")) {
            int port = torc.awaitPort();
            try (Socket idle = new Socket(InetAddress.getLoopbackAddress(), port);
                    Socket busy = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertEquals(200, status(ask(idle, "/plaintext")));
                busy.getOutputStream().write(request("/sleep/2000"));
                // The idle one is answered once more, so the other's request has been read, too.
                assertEquals(200, status(ask(idle, "/plaintext")));
                // The process's own destroy() would close its output, too.
                torc.process().toHandle().destroy();
                String answer = read(busy.getInputStream());
                assertEquals(200, status(answer));
                assertTrue(answer.contains("Connection: close"), answer);
            }
            Outcome outcome = torc.end();
            assertEquals(0, outcome.exitCode(), outcome.errors());
            assertTrue(
                    outcome.output().contains("still held: 0 slots, 0 buffers"), outcome.output());
            // The one line of the log says which transport was chosen.
            assertEquals(1, outcome.errors().lines().count(), outcome.errors());
            assertTrue(outcome.errors().contains(": transport: "), outcome.errors());
        }
    }

    private static byte[] request(String path) {
        String text = "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String ask(Socket socket, String path) throws IOException {
        socket.getOutputStream().write(request(path));
        byte[] answer = new byte[65_536];
        int bytes = socket.getInputStream().read(answer);
        return new String(answer, 0, bytes, StandardCharsets.ISO_8859_1);
    }

    private static String read(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static int status(String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 "), answer);
        return Integer.parseInt(answer.substring(9, 12));
    }
}
