package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;

import dev.torc.http.HttpLimits;
import dev.torc.http.Router;
import dev.torc.http.TestServer;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// What the shard's thread allocates for a file that it has in memory.
@EveryNetwork
class FileAllocationTest {
    private static final HttpLimits ENDLESS =
            HttpLimits.defaults().withRequestsPerConnectionMax(Integer.MAX_VALUE);
    private static final int ROUNDS = 40;
    private static final int PIPELINED = 500;
    private static final long WARM_UP_NANOS_MAX = TimeUnit.SECONDS.toNanos(Await.PATIENCE_SECONDS);

    @Parameter Network network;
    @TempDir Path root;

    @BeforeEach
    void skipSimulation() {
        assumeTrue(network.isReal(), "the simulated kernel allocates on the shard's thread");
    }

    /// The first rounds run while the JIT still compiles.
    private void assertAllocatesNothing(String... fields) throws IOException {
        Files.writeString(root.resolve("file.css"), "body{}");
        Files.writeString(root.resolve("file.css.gz"), "gzip");
        assertAllocatesNothingMore(fields);
    }

    private void assertAllocatesNothingMore(String... fields) throws IOException {
        FileCacheLimits limits = FileCacheLimits.defaults().withStaleness(Duration.ofDays(1));
        FileOptions options = FileOptions.defaults().withCache(limits);
        Router router = new Router().get("/{path...}", new FileHandler(root, "path", options));
        String request = FileServer.request("GET", "/file.css", fields);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (TestServer server = TestServer.start(network, ENDLESS, router);
                TestClient client = server.connect();
                TestClient once = server.connect()) {
            long shardThread = server.ask(_ -> Thread.currentThread().threadId());
            String last = request.replaceFirst("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
            int answerBytes = once.send(last).rest().length() - "Connection: close\r\n".length();
            byte[] requests = TestClient.bytes(request.repeat(PIPELINED));
            long fewest = Long.MAX_VALUE;
            long deadlineNanos = System.nanoTime() + WARM_UP_NANOS_MAX;
            while (fewest > 0 && System.nanoTime() - deadlineNanos < 0) {
                long before = threads.getThreadAllocatedBytes(shardThread);
                for (int i = 0; i < ROUNDS; i++) {
                    client.send(requests);
                    client.skip((long) answerBytes * PIPELINED);
                }
                long bytes = threads.getThreadAllocatedBytes(shardThread) - before;
                fewest = Math.min(fewest, bytes / ((long) ROUNDS * PIPELINED));
            }
            assertEquals(0, fewest, "bytes for a request");
        }
    }

    @Test
    void sendsASmallFileWithoutAllocating() throws IOException {
        assertAllocatesNothing();
    }

    @Test
    void choosesACodingWithoutAllocating() throws IOException {
        assertAllocatesNothing("Accept-Encoding: gzip, br;q=0.5");
    }

    @Test
    void sendsWhatItHasCompressedWithoutAllocating() throws IOException {
        Files.writeString(root.resolve("file.css"), "body{}".repeat(1000));
        assertAllocatesNothingMore("Accept-Encoding: gzip, deflate, br, zstd");
    }

    @Test
    void judgesConditionsWithoutAllocating() throws IOException {
        assertAllocatesNothing("If-None-Match: \"none\"", "Range: bytes=0-3");
    }
}
