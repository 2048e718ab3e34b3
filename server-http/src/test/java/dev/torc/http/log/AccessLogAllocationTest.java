package dev.torc.http.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;

import dev.torc.core.Limits;
import dev.torc.http.HttpLimits;
import dev.torc.http.Router;
import dev.torc.http.TestServer;
import dev.torc.http.h1.Http1Connections;
import dev.torc.testkit.Await;
import dev.torc.testkit.EveryNetwork;
import dev.torc.testkit.Network;
import dev.torc.testkit.TestClient;

import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// What the shard's thread allocates for the lines of 2,000 requests within one second: nothing.
@EveryNetwork
class AccessLogAllocationTest {
    private static final int PIPELINED = 500;
    private static final int SENDS = 4;
    private static final String GET =
            "GET /hello/a?b=c HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "User-Agent: test\r\n"
                    + "Referer: http://b/\r\n\r\n";

    @Parameter Network network;

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void linesAllocateNothing(LogFormat format) throws IOException {
        assumeTrue(network.isReal(), "the simulated kernel allocates on the shard's thread");
        Router router = new Router().get("/hello/{name}", (_, response) -> response.send());
        AccessLogConfig config = AccessLogConfig.defaults().withFormat(format);
        AccessLog log = AccessLog.to(Channels.newChannel(OutputStream.nullOutputStream()), config);
        HttpLimits limits = HttpLimits.defaults().withRequestsPerConnectionMax(Integer.MAX_VALUE);
        try (TestServer server =
                        TestServer.start(
                                network,
                                Limits.defaults(),
                                shard ->
                                        new Http1Connections(
                                                shard, limits, log.start(shard), router));
                TestClient client = server.connect()) {
            int answerBytes = answerBytes(server);
            long shard = server.ask(_ -> Thread.currentThread().threadId());
            byte[] requests = TestClient.bytes(GET.repeat(PIPELINED));
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long fewest = Long.MAX_VALUE;
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Await.PATIENCE_SECONDS);
            while (fewest > 0 && System.nanoTime() - deadline < 0) {
                long before = threads.getThreadAllocatedBytes(shard);
                for (int i = 0; i < SENDS; i++) {
                    client.send(requests).skip((long) answerBytes * PIPELINED);
                }
                fewest = Math.min(fewest, threads.getThreadAllocatedBytes(shard) - before);
            }
            assertEquals(0, fewest);
        }
        assertTrue(log.close(Duration.ofSeconds(Await.PATIENCE_SECONDS)));
        assertTrue(log.writtenCount() > 0);
    }

    private static int answerBytes(TestServer server) throws IOException {
        try (TestClient client = server.connect()) {
            String last = GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
            return client.send(last).rest().length() - "Connection: close\r\n".length();
        }
    }
}
