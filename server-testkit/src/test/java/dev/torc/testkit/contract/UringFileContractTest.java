package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Server;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.FileStrategy;
import dev.torc.testkit.Await;
import dev.torc.testkit.Network;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class UringFileContractTest extends KernelFileContract {
    private static final Network NETWORK = Network.loopback("uring");
    private static final long SIGPIPE_BIT = 1L << 12;

    @Override
    protected Network network() {
        return NETWORK;
    }

    /// `sendfile(2)` to a socket whose peer has gone raises SIGPIPE, which ends a process unless
    /// someone catches it. The JVM does; and here it does not even get there.
    @Test
    void theSignalOfAVanishedPeerIsBlockedOnTheShardAndCaughtByTheJvm() {
        patternFile("file", MIB);
        long[] masks = new long[2];
        List<Part> parts = List.of(new Part(FileStrategy.SENDFILE, 0, MIB));
        Server server =
                start(
                        () ->
                                new Sending("file", parts) {
                                    @Override
                                    void sent(Connection connection) {
                                        masks[0] = signals("SigBlk:");
                                        masks[1] = signals("SigCgt:");
                                        connection.close();
                                    }
                                });
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            client.expectPattern(0, MIB);
        }
        awaitOpen(server, 0);
        assertNotEquals(0, masks[0] & SIGPIPE_BIT, "not blocked");
        assertNotEquals(0, masks[1] & SIGPIPE_BIT, "not caught");
    }

    private static long signals(String name) {
        try {
            return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> Long.parseUnsignedLong(line.substring(name.length()).strip(), 16))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Forty who do not read, on a shard with eight pipes and four workers: others are served.
    @ParameterizedTest
    @EnumSource
    void readersThatDoNotReadKeepNothingFromOthers(FileStrategy strategy) {
        patternFile("file", 20 * MIB);
        List<Part> parts = List.of(new Part(strategy, 0, 20 * MIB));
        Server server = start(() -> new Sending("file", parts));
        List<Client> idle = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            idle.add(connect(server, 4096));
            idle.getLast().write(new byte[1]);
            idle.getLast().expectPattern(0, 1000);
        }
        for (int i = 0; i < 3; i++) {
            try (Client client = connect(server)) {
                client.write(new byte[1]);
                client.expectPattern(0, 20 * MIB);
                client.expectEnd();
            }
        }
        idle.getFirst().expectPattern(1000, 20 * MIB - 1000);
        idle.forEach(Client::reset);
        awaitOpen(server, 0);
    }

    /// A file that nothing has in memory is read first, and by nobody who would be missed.
    @ParameterizedTest
    @EnumSource
    void sendsWhatIsNotInThePageCache(FileStrategy strategy) throws Exception {
        Path file = patternFile("cold", 5 * MIB);
        dropFromCache(file);
        List<Part> parts = List.of(new Part(strategy, 0, 5 * MIB));
        Server server = start(() -> new Sending("cold", parts));
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            client.expectPattern(0, 5 * MIB);
            client.expectEnd();
        }
    }

    /// By `posix_fadvise(POSIX_FADV_DONTNEED)`, which dd(1) makes for an empty count.
    private static void dropFromCache(Path file) throws Exception {
        Process dd =
                new ProcessBuilder(
                                "dd",
                                "of=" + file,
                                "oflag=nocache",
                                "conv=notrunc,fdatasync",
                                "count=0")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertTrue(dd.waitFor(20, java.util.concurrent.TimeUnit.SECONDS));
    }

    /// After warm-up 64 MiB cost the shard as few allocations as one MiB does.
    @ParameterizedTest
    @EnumSource
    void aPartOfAFileAllocatesNothing(FileStrategy strategy) {
        patternFile("file", 20 * MIB);
        AllocationMeter meter = new AllocationMeter();
        long[] least = {Long.MAX_VALUE};
        List<Part> parts =
                List.of(
                        new Part(strategy, 0, 20 * MIB),
                        new Part(strategy, 0, 20 * MIB),
                        new Part(strategy, 0, 20 * MIB));
        Server server =
                start(
                        () ->
                                new Sending("file", parts) {
                                    private long before;

                                    @Override
                                    void sent(Connection connection) {
                                        meter.read();
                                        before = meter.last;
                                    }

                                    @Override
                                    public void onWritable(Connection connection) {
                                        meter.read();
                                        least[0] = Math.min(least[0], meter.last - before);
                                        connection.close();
                                    }
                                });
        for (int round = 0; round < 12 && least[0] > 2048; round++) {
            try (Client client = connect(server)) {
                client.write(new byte[1]);
                byte[] buffer = new byte[1 << 17];
                while (client.read(buffer, buffer.length) >= 0) Thread.onSpinWait();
            }
            awaitOpen(server, 0);
        }
        assertTrue(least[0] <= 2048, "allocated: " + least[0]);
        Await.until("closed", () -> !closed.isEmpty());
        assertEquals(dev.torc.core.spi.CloseReason.LOCAL, closed.peek());
    }
}
