package dev.torc.http.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpLimits;
import dev.torc.http.HttpServer;
import dev.torc.http.LogRecords;
import dev.torc.http.SmallDisk;
import dev.torc.testkit.Await;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A log that cannot be written, or not fast enough, and the requests that do not notice.
class AccessLogFailureTest {
    private static final Duration AMPLE = Duration.ofSeconds(Await.PATIENCE_SECONDS);
    private static final AccessLogConfig SMALL =
            AccessLogConfig.defaults().withBufferBytes(1 << 14);

    private static final Pattern LOST = Pattern.compile("has lost (\\d+) lines?");

    @TempDir Path directory;

    private static HttpServer serve(AccessLog log) {
        ServerConfig config = ServerConfig.defaults().withPort(0).withShards(1);
        return HttpServer.start(
                config, HttpLimits.defaults(), log, (_, response) -> response.send("x"));
    }

    private static void ask(HttpServer server, int times) throws IOException {
        try (TestClient client = TestClient.connect(server)) {
            for (int i = 0; i < times; i++) assertEquals("x", client.get("/" + i).text());
        }
    }

    /// Nothing more fits in, so that whoever writes waits from the first byte on.
    private static Pipe fullPipe() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.sink().configureBlocking(false);
        ByteBuffer page = ByteBuffer.allocate(4096);
        while (pipe.sink().write(page.clear()) > 0) {}
        pipe.sink().configureBlocking(true);
        return pipe;
    }

    @Test
    void aReaderThatHasStoppedDelaysNobodyAndItsLinesAreCounted() throws IOException {
        Pipe pipe = fullPipe();
        AccessLog log = AccessLog.to(pipe.sink(), SMALL);
        int lines = 0;
        try (HttpServer server = serve(log)) {
            // 16 KiB are in the ring, so that some hundred lines fit.
            while (log.droppedCount() == 0) {
                assertTrue(lines < 100_000, "nothing has been dropped");
                ask(server, 100);
                lines += 100;
            }
            ask(server, 500);
            lines += 500;
            assertFalse(log.close(Duration.ofMillis(1)));
        }
        // The reader goes on: what was kept is written, and every line is accounted for.
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        Thread reader =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    try {
                                        while (pipe.source().read(buffer.clear()) >= 0) {}
                                    } catch (IOException closed) {
                                        // by the test
                                    }
                                });
        assertTrue(log.close(AMPLE));
        assertEquals(lines, log.writtenCount() + log.droppedCount());
        assertTrue(log.droppedCount() >= 500, log.droppedCount() + " dropped");
        pipe.sink().close();
        pipe.source().close();
        assertTrue(join(reader));
    }

    private static boolean join(Thread thread) {
        try {
            return thread.join(AMPLE);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void aFullDiskLosesLinesAndNothingElse() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "no /dev/full here");
        AccessLog log = AccessLog.open(SMALL.withFile(full));
        try (HttpServer server = serve(log)) {
            ask(server, 300);
            Await.until("all are counted", () -> log.droppedCount() == 300);
        }
        assertTrue(log.close(AMPLE));
        assertEquals(0, log.writtenCount());
    }

    @Test
    void tellsAtTheEndOfWhatWasLostSinceItToldBefore() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "no /dev/full here");
        try (LogRecords records = new LogRecords("dev.torc.http.log")) {
            AccessLog log = AccessLog.open(SMALL.withFile(full));
            try (HttpServer server = serve(log)) {
                ask(server, 10);
                Await.until("it is told", () -> !warnings(records).isEmpty());
                ask(server, 10);
            }
            assertTrue(log.close(AMPLE));
            List<String> told = warnings(records);
            Matcher lines = LOST.matcher(String.join("\n", told));
            int sum = 0;
            while (lines.find()) sum += Integer.parseInt(lines.group(1));
            assertEquals(20, sum, told.toString());
        }
    }

    @Test
    void tellsWhenItCouldNotBeWrittenAtTheEnd() throws IOException {
        Pipe pipe = fullPipe();
        try (LogRecords records = new LogRecords("dev.torc.http.log")) {
            AccessLog log = AccessLog.to(pipe.sink(), SMALL);
            try (HttpServer server = serve(log)) {
                int lines = 0;
                while (log.droppedCount() == 0) {
                    assertTrue(lines < 100_000, "nothing has been dropped");
                    ask(server, 100);
                    lines += 100;
                }
            }
            log.close();
            String end = "the access log could not be written within 1 s of its end";
            assertTrue(warnings(records).getLast().startsWith(end), warnings(records).toString());
            pipe.source().close();
            pipe.sink().close();
            assertTrue(log.close(AMPLE));
        }
    }

    private static List<String> warnings(LogRecords records) {
        return records.at(Level.WARNING).stream().map(LogRecord::getMessage).toList();
    }

    @Test
    void goesOnWithWholeLinesWhenADiskHasRoomAgain() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory, 64)) {
            Path ballast = Files.write(disk.root().resolve("ballast"), new byte[40 << 10]);
            Path file = disk.root().resolve("access.log");
            AccessLog log = AccessLog.open(SMALL.withFormat(LogFormat.JSON).withFile(file));
            int lines = 0;
            try (HttpServer server = serve(log)) {
                while (log.droppedCount() == 0) {
                    assertTrue(lines < 100_000, "nothing has been dropped");
                    ask(server, 50);
                    lines += 50;
                }
                Files.delete(ballast);
                long before = log.writtenCount();
                ask(server, 10);
                lines += 10;
                Await.until("it is written again", () -> log.writtenCount() >= before + 10);
            }
            assertTrue(log.close(AMPLE));
            List<String> all = Files.readAllLines(file);
            assertEquals(all.size(), log.writtenCount());
            assertEquals(lines, log.writtenCount() + log.droppedCount());
            for (String line : all) {
                assertTrue(line.startsWith("{\"time\":") && line.endsWith("}"), line);
            }
        }
    }

    @Test
    void aFileThatCannotBeOpenedIsToldAtOnce() {
        AccessLogConfig config = SMALL.withFile(directory.resolve("missing/access.log"));
        assertThrows(IOException.class, () -> AccessLog.open(config));
    }

    @Test
    void whatIsPutBeforeTheEndIsWrittenByTheEnd() throws IOException {
        Path file = directory.resolve("access.log");
        AccessLog log = AccessLog.open(SMALL.withFile(file).withBufferBytes(1 << 20));
        try (HttpServer server = serve(log)) {
            ask(server, 1000);
        }
        assertTrue(log.close(AMPLE));
        assertEquals(1000, Files.readAllLines(file).size());
        assertEquals(0, log.droppedCount());
    }

    @Test
    void refusesWhatMakesNoSense() {
        AccessLogConfig config = AccessLogConfig.defaults();
        String message =
                assertThrows(IllegalArgumentException.class, () -> config.withSample(0))
                        .getMessage();
        assertEquals("sample must be 1 to 1000000: sample=0", message);
        assertThrows(IllegalArgumentException.class, () -> config.withFileBytesMax(1));
        assertThrows(IllegalArgumentException.class, () -> config.withFilesMax(1001));
        assertThrows(IllegalArgumentException.class, () -> config.withBufferBytes(20_000));
        assertThrows(IllegalArgumentException.class, () -> config.withBufferBytes(1 << 13));
        Duration second = Duration.ofSeconds(1);
        assertThrows(IllegalArgumentException.class, () -> config.withFileTimeMax(second));
        assertEquals(0, config.withFileBytesMax(0).fileBytesMax());
    }
}
