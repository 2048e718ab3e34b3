package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.BufferPool;
import dev.torc.core.Server;
import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.testkit.Await;
import dev.torc.testkit.Network;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class UringContractTest extends TransportContract {
    private static final int BATCH = 64;
    private static final int BATCHES = 1600;

    private static final Network NETWORK = Network.loopback("uring");

    @Override
    protected Network network() {
        return NETWORK;
    }

    @Override
    void checkAfterFewReceiveBuffers(Counters counters) {
        super.checkAfterFewReceiveBuffers(counters);
        assertTrue(counters.starved() > 0, counters::toString);
    }

    /// More sends in one turn than the ring has entries and [InlineSends] has room for at first.
    @Test
    void inlineSendsSettleInTheOrderOfTheirSubmission() {
        int count = 1500;
        List<Connection> connections = new ArrayList<>();
        Queue<Connection> writable = new ConcurrentLinkedQueue<>();
        Server server =
                start(
                        limits().withSendQueueBytesMax(1),
                        _ ->
                                connection -> {
                                    connections.add(connection);
                                    return new TestHandler() {
                                        @Override
                                        public void onWritable(Connection from) {
                                            writable.add(from);
                                        }
                                    };
                                });
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) clients.add(connect(server));
        awaitOpen(server, count);
        // A few first, so that the queue does not start at its beginning when it has to grow.
        for (int sending : new int[] {100, count, count}) {
            List<Connection> senders = connections.subList(0, sending);
            writable.clear();
            connections
                    .getFirst()
                    .shard()
                    .execute(
                            () -> {
                                for (Connection connection : senders) {
                                    Slice slice = TestHandler.take(connection, 8);
                                    slice.append(new byte[8], 0, 8);
                                    connection.send(slice);
                                }
                            });
            Await.until("all writable", () -> writable.size() == sending);
            assertEquals(senders, List.copyOf(writable));
        }
        for (Client client : clients) {
            byte[] all = new byte[16];
            int read = 0;
            while (read < 16) read += client.read(all, 16 - read);
        }
        clients.forEach(Client::close);
        awaitOpen(server, 0);
    }

    /// Each of them would otherwise hold a slice of 4 KiB.
    @Test
    void manySmallSendsToAPeerThatDoesNotReadShareMemory() {
        int big = BufferPool.SLICE_BYTES_MAX;
        int small = 20_000;
        Queue<Long> slices = new ConcurrentLinkedQueue<>();
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        sendPattern(connection, 0, big);
                                        for (int i = 0; i < small; i++) {
                                            sendPattern(connection, big + i * 10L, 10);
                                        }
                                        slices.add(connection.shard().buffers().takenCount());
                                    }
                                });
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            Await.until("queued", () -> !slices.isEmpty());
            assertTrue(slices.remove() <= 1 + (small * 10 + 4095) / 4096 + 1);
            client.expectPattern(0, big + small * 10L);
        }
    }

    /// Every connection has the same slot.
    @Test
    void aSlotUsedAgainMixesNothingUp() {
        Server server = start(limits().withConnectionsMax(1), TestHandler::new);
        for (int i = 0; i < 500; i++) {
            Client client = connect(server);
            client.write(Client.pattern(i * 100L, 100));
            if (i % 3 != 0) client.expectPattern(i * 100L, 100);
            if (i % 2 == 0) {
                client.reset();
            } else {
                client.close();
            }
        }
        awaitOpen(server, 0);
        assertEquals(500, server.counters().getFirst().accepted());
        assertEquals(1, server.counters().getFirst().slots());
    }

    @Test
    void aStoppedServerLeavesNoDescriptorOpen() {
        expectEcho(start(TestHandler::new));
        stopServers();
        long before = descriptors();
        for (int i = 0; i < 10; i++) {
            Server server = start(config(limits()).withShards(2), _ -> _ -> new TestHandler());
            List<Client> clients = new ArrayList<>();
            for (int n = 0; n < 20; n++) clients.add(connect(server));
            expectEcho(server);
            server.stop(Duration.ofSeconds(5));
            clients.forEach(Client::close);
        }
        Await.until("descriptors closed", () -> descriptors() <= before);
    }

    /// After warm-up the shard's thread allocates nothing for 100,000 round trips but what the JVM
    /// itself charges to it now and then: hence the least of a few rounds.
    @Test
    void echoingAllocatesNothing() {
        AllocationMeter meter = new AllocationMeter();
        long[] least = {Long.MAX_VALUE};
        Server server = start(() -> new MeteredEcho(meter));
        try (Client client = connect(server)) {
            byte[] batch = new byte[BATCH];
            byte[] answer = new byte[BATCH];
            for (int round = 0; round < 5 && least[0] > 0; round++) {
                client.write(new byte[] {'<'});
                assertEquals(1, client.read(answer, 1));
                long before = meter.last;
                for (int i = 0; i < BATCHES; i++) {
                    client.write(batch);
                    int read = 0;
                    while (read < BATCH) read += client.read(answer, BATCH - read);
                }
                client.write(new byte[] {'>'});
                assertEquals(1, client.read(answer, 1));
                if (round > 0) least[0] = Math.min(least[0], meter.last - before);
            }
        }
        assertTrue(least[0] <= 1024, "allocated: " + least[0]);
    }

    /// Echoes each byte as a message of its own.
    private static final class MeteredEcho extends TestHandler {
        private final AllocationMeter meter;

        MeteredEcho(AllocationMeter meter) {
            this.meter = meter;
        }

        @Override
        public void onReceive(Connection connection, Slice data) {
            if (data.getByte(0) != 0) meter.read();
            super.onReceive(connection, data);
        }
    }

    private static long descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void opensManyTransportsInARow() {
        IntStream.range(0, 30).forEach(_ -> expectEcho(start(TestHandler::new)));
    }

    @Test
    void eachShardHasACpuOfItsOwnIfAskedTo() throws Exception {
        String before = allowedCpus();
        int count = Math.min(Runtime.getRuntime().availableProcessors(), 8);
        assumeTrue(count > 1, "only one CPU here");
        for (boolean pinned : new boolean[] {true, false}) {
            Map<Integer, Shard> shards = new ConcurrentHashMap<>();
            start(
                    config(limits()).withShards(count).withPinShards(pinned),
                    shard -> {
                        shards.put(shard.index(), shard);
                        return _ -> new TestHandler();
                    });
            Set<String> seen = new HashSet<>();
            for (Shard shard : shards.values()) {
                FutureTask<String> asked = new FutureTask<>(UringContractTest::allowedCpus);
                shard.execute(asked);
                seen.add(asked.get(10, TimeUnit.SECONDS));
            }
            if (pinned) {
                assertEquals(count, seen.size(), seen::toString);
            } else {
                assertEquals(Set.of(before), seen);
            }
        }
    }

    /// The CPUs that the calling thread may run on, as the kernel sees it: proc(5).
    private static String allowedCpus() throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .findFirst()
                .orElseThrow();
    }
}
