package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.Server;
import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.testkit.Await;
import dev.torc.testkit.Network;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

class UringContractTest extends KernelContract {
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

    /// The kernel tells only the next receive of a reset that comes while it arms one.
    @Test
    void receivesAnewOnceWhenBytesHaveLedToNothing() {
        Server server = start(Incomplete::new);
        try (Client answered = connect(server);
                Client silent = connect(server)) {
            answered.write(Client.pattern(0, 4));
            answered.expectPattern(0, 4);
            // An answer that has gone before must not pass for one to what comes now.
            silent.write(Client.pattern(0, 4));
            silent.expectPattern(0, 4);
            silent.write(Client.pattern(0, 3));
            Await.until("it is armed again", () -> receivesArmed(server) == 3);
            try (Client later = connect(server)) {
                later.write(Client.pattern(0, 3));
                Await.until("that as well", () -> receivesArmed(server) >= 5);
                assertEquals(5, receivesArmed(server));
            }
            silent.write(Client.pattern(0, 4));
            silent.expectPattern(0, 4);
        }
    }

    @Test
    void leavesNoTimerOfAConnectionThatHasEnded() {
        Queue<Integer> timers = new ConcurrentLinkedQueue<>();
        Server server =
                start(
                        () ->
                                new Incomplete() {
                                    @Override
                                    public void onClose(Connection connection, CloseReason reason) {
                                        timers.add(connection.shard().timers().count());
                                    }
                                });
        try (Client client = connect(server)) {
            client.write(Client.pattern(0, 3));
            Await.until("it has come", () -> server.counters().getFirst().receivedBytes() == 3);
        }
        awaitOpen(server, 0);
        Await.until("it is told", () -> timers.size() == 1);
        assertEquals(0, timers.element());
    }

    private static long receivesArmed(Server server) {
        return server.counters().getFirst().ring().receivesArmed();
    }

    /// Waits for more when it has received less than four bytes.
    private static class Incomplete extends TestHandler {
        @Override
        public void onReceive(Connection connection, Slice data) {
            if (data.length() >= 4) super.onReceive(connection, data);
        }
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
