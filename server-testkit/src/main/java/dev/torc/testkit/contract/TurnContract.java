package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.Server;
import dev.torc.core.Shard;
import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.testkit.Await;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// The contract of a transport: a turn stays short, however much there is to do.
abstract class TurnContract extends CloseContract {

    @Test
    void workThatIsPutOffForEverKeepsNobodyFromBeingServed() {
        AtomicReference<Shard> shard = new AtomicReference<>();
        AtomicLong runs = new AtomicLong();
        Server server =
                start(
                        limits(),
                        started -> {
                            shard.set(started);
                            return _ -> new TestHandler();
                        });
        Shard started = shard.get();
        Runnable forEver =
                new Runnable() {
                    @Override
                    public void run() {
                        runs.incrementAndGet();
                        started.putOff(this);
                    }
                };
        started.execute(forEver);
        expectEcho(server);
        long before = runs.get();
        Await.until("it goes on without anything else to do", () -> runs.get() > before + 10);
    }

    /// However much there is to send: what others wait for must not wait for all of it.
    @Test
    void sendsABoundedNumberOfBytesInATurn() {
        int connections = 20;
        int each = MIB;
        int piece = MIB / 16;
        List<Connection> open = new CopyOnWriteArrayList<>();
        AtomicLong most = new AtomicLong();
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        for (int i = 0; i < each; i += piece) {
                                            sendPattern(connection, i, piece);
                                        }
                                        open.add(connection);
                                    }

                                    @Override
                                    public void onEnd(Connection connection) {
                                        connection.close();
                                    }
                                });
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < connections; i++) clients.add(connect(server));
        for (Client client : clients) client.write(new byte[1]);
        Await.until("all queued", () -> open.size() == connections);
        Shard shard = open.getFirst().shard();
        shard.execute(() -> watch(open, new long[] {queuedBytes(open)}, most));
        List<Thread> readers =
                clients.stream().map(one -> thread(() -> one.expectPattern(0, each))).toList();
        readers.forEach(this::join);
        clients.forEach(Client::close);
        awaitClosed(CloseReason.PEER_CLOSED, connections);
        assertTrue(most.get() < 2L * MIB, "bytes in one turn: " + most);
    }

    /// Looks in each turn at what has been sent since the last.
    private static void watch(List<Connection> open, long[] last, AtomicLong most) {
        long queued = queuedBytes(open);
        most.accumulateAndGet(last[0] - queued, Math::max);
        last[0] = queued;
        if (queued == 0) return;
        open.getFirst().shard().putOff(() -> watch(open, last, most));
    }

    private static long queuedBytes(List<Connection> connections) {
        return connections.stream().mapToLong(Connection::queuedBytes).sum();
    }
}
