package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Server;
import dev.torc.core.Slice;
import dev.torc.core.spi.Connection;
import dev.torc.testkit.Await;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The contract of a transport on this machine's own kernel: descriptors, slots and allocation.
abstract class KernelContract extends TransportContract {
    private static final int BATCH = 64;
    private static final int BATCHES = 1600;

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

    /// Open connections move the descriptor of the one measured beyond what the JVM caches boxes
    /// for.
    void openOthers(Server server, List<Client> others) {
        for (int i = 0; i < 200; i++) others.add(connect(server));
    }

    /// After warm-up the shard's thread allocates nothing for 100,000 round trips but what the JVM
    /// itself charges to it now and then: hence the least of a few rounds.
    @Test
    void echoingAllocatesNothing() {
        AllocationMeter meter = new AllocationMeter();
        long[] least = {Long.MAX_VALUE};
        Server server = start(() -> new MeteredEcho(meter));
        List<Client> others = new ArrayList<>();
        openOthers(server, others);
        try (Client client = connect(server)) {
            byte[] batch = new byte[BATCH];
            byte[] answer = new byte[BATCH];
            for (int round = 0; round < 20 && least[0] > 1024; round++) {
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
        others.forEach(Client::close);
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

    @Override
    long descriptors() {
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
}
