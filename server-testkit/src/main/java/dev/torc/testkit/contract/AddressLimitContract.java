package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.testkit.Await;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// The contract of a transport: `connectionsPerAddressMax`. Each server greets whom it lets in.
abstract class AddressLimitContract extends ListenContract {
    static final InetAddress ONE = InetAddress.ofLiteral("127.0.0.1");
    static final InetAddress OTHER = InetAddress.ofLiteral("127.0.0.2");

    /// Sends a byte of the pattern to whom it meets, then echoes.
    static final class Greeter extends TestHandler {
        @Override
        public void onOpen(Connection connection) {
            sendPattern(connection, 0, 1);
        }
    }

    Server greet(ServerConfig config) {
        return start(config, _ -> _ -> new Recorded(new Greeter()));
    }

    ServerConfig config(int connectionsPerAddressMax) {
        return config(limits().withConnectionsPerAddressMax(connectionsPerAddressMax));
    }

    /// A client on `host` that was let in, or null when it was reset.
    @Nullable Client meet(Server server, InetAddress host) {
        Socket socket = network().socket();
        try {
            socket.bind(new InetSocketAddress(host, 0));
            Client client = new Client(socket, server.address(), 0);
            client.expectPattern(0, 1);
            return client;
        } catch (UncheckedIOException | IOException refused) {
            String message = String.valueOf(refused.getMessage());
            assertTrue(message.contains("Connection reset"), message);
            close(socket);
            return null;
        }
    }

    Client expectMet(Server server, InetAddress host) {
        return Objects.requireNonNull(meet(server, host), host + " was refused");
    }

    /// The server needs a moment to see that another has left.
    Client awaitMet(Server server, InetAddress host) {
        List<Client> met = new ArrayList<>();
        Await.until(
                host + " is let in",
                () -> {
                    Client client = meet(server, host);
                    if (client != null) met.add(client);
                    return client != null;
                });
        return met.getFirst();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void expectServed(Client client) {
        client.write(Client.pattern(1, 100));
        client.expectPattern(1, 100);
    }

    long refused(Server server) {
        return server.counters().stream().mapToLong(Counters::refused).sum();
    }

    /// Skips the test, visibly, where the loopback interface has but one address.
    void probeOther() {
        if (!network().isReal()) return;
        boolean works = true;
        try (ServerSocket probe = new ServerSocket(0, 1, OTHER)) {
            assertTrue(probe.isBound());
        } catch (IOException missing) {
            works = false;
        }
        assumeTrue(works, "no " + OTHER + " here");
    }

    @Test
    void oneMoreThanAnAddressMayHaveIsResetAndNobodyElseIsDisturbed() {
        probeOther();
        Server server = greet(config(3));
        List<Client> met = new ArrayList<>();
        for (int i = 0; i < 3; i++) met.add(expectMet(server, ONE));
        for (int i = 1; i <= 10; i++) {
            assertNull(meet(server, ONE));
            assertEquals(i, refused(server));
        }
        for (int i = 0; i < 3; i++) met.add(expectMet(server, OTHER));
        assertNull(meet(server, OTHER));
        met.forEach(AddressLimitContract::expectServed);
        assertEquals(6, server.counters().getFirst().accepted());
        assertEquals(11, refused(server));
        met.forEach(Client::close);
        awaitOpen(server, 0);
        assertEquals(6, closed.size(), "a handler was told of one that was refused");
    }

    @Test
    void allShardsOfAServerCountTogether() {
        Server server = greet(config(4).withShards(2));
        List<Client> met = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Client client = meet(server, ONE);
            if (client != null) met.add(client);
        }
        assertEquals(4, met.size());
        assertEquals(36, refused(server));
        met.forEach(AddressLimitContract::expectServed);
        met.forEach(Client::close);
    }

    /// However it ends: told by the client, by a reset, or by the server.
    @Test
    void oneThatHasClosedMakesRoomForAnother() {
        Server server = greet(config(1));
        for (int round = 0; round < 30; round++) {
            Client client = awaitMet(server, ONE);
            assertNull(meet(server, ONE));
            if (round % 2 == 0) {
                client.close();
            } else {
                client.reset();
            }
        }
        awaitOpen(server, 0);
        expectRoomAfter(Connection::close);
        expectRoomAfter(Connection::closeLingering);
        expectRoomAfter(connection -> connection.abort(CloseReason.TIMEOUT));
    }

    private void expectRoomAfter(Consumer<Connection> end) {
        Server server =
                start(
                        config(1),
                        _ ->
                                connection -> {
                                    end.accept(connection);
                                    return new TestHandler();
                                });
        for (int round = 1; round <= 30; round++) {
            try (Client client = connect(server)) {
                client.readUntilEndOrReset();
            }
            awaitOpen(server, 0);
            assertEquals(round, server.counters().getFirst().accepted());
        }
    }

    @Test
    void oneOfAnIpv6AddressIsLimitedToo() {
        InetAddress loopback = loopback();
        Server server = greet(config(2).withAddress(new InetSocketAddress(loopback, 0)));
        List<Client> met = new ArrayList<>();
        for (int i = 0; i < 2; i++) met.add(expectMet(server, loopback));
        assertNull(meet(server, loopback));
        met.getFirst().close();
        met.add(awaitMet(server, loopback));
        met.forEach(Client::close);
    }

    @Test
    void anIpv4ClientOfAnIpv6SocketIsCountedByItsIpv4Address() throws UnknownHostException {
        probeOther();
        loopback();
        byte[] bytes = new byte[16];
        bytes[10] = -1;
        bytes[11] = -1;
        System.arraycopy(ONE.getAddress(), 0, bytes, 12, 4);
        InetAddress mapped = Inet6Address.getByAddress(null, bytes, -1);
        Server server = greet(config(2).withAddress(new InetSocketAddress(mapped, 0)));
        List<Client> met = new ArrayList<>();
        for (InetAddress host : List.of(ONE, ONE, OTHER, OTHER)) met.add(expectMet(server, host));
        assertNull(meet(server, ONE));
        assertNull(meet(server, OTHER));
        met.forEach(AddressLimitContract::expectServed);
        met.forEach(Client::close);
    }

    /// Those who wait for a slot are looked at when it is theirs.
    @Test
    void aClientAtItsLimitDoesNotKeepOthersFromTheLastSlots() {
        probeOther();
        Server server =
                greet(
                        config(
                                limits().withConnectionsMax(3)
                                        .withAcceptBacklog(16)
                                        .withConnectionsPerAddressMax(2)));
        List<Client> met = new ArrayList<>();
        for (int i = 0; i < 2; i++) met.add(expectMet(server, ONE));
        for (int i = 0; i < 20; i++) assertNull(meet(server, ONE));
        met.add(expectMet(server, OTHER));
        awaitOpen(server, 3);
        try (Client waits = connect(server)) { // from ONE: no slot is free that it could be told by
            met.removeLast().close();
            assertEquals(0, waits.readUntilEndOrReset());
        }
        met.add(expectMet(server, OTHER));
        met.forEach(AddressLimitContract::expectServed);
        met.forEach(Client::close);
        awaitOpen(server, 0);
    }

    @Test
    void aFloodBeyondTheLimitDisturbsNobodyAndLeavesNothing() {
        probeOther();
        long before = descriptors();
        Server server = greet(config(8).withShards(2));
        List<Client> met = new ArrayList<>();
        for (int i = 0; i < 8; i++) met.add(expectMet(server, ONE));
        AtomicBoolean over = new AtomicBoolean();
        Thread bystander =
                thread(
                        () -> {
                            try (Client client = expectMet(server, OTHER)) {
                                while (!over.get()) expectServed(client);
                            }
                            expectMet(server, OTHER).close();
                        });
        List<Thread> flood = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            flood.add(
                    thread(
                            () -> {
                                for (int n = 0; n < 2500; n++) assertNull(meet(server, ONE));
                            }));
        }
        flood.forEach(this::join);
        over.set(true);
        join(bystander);
        assertEquals(10_000, refused(server));
        met.forEach(AddressLimitContract::expectServed);
        met.forEach(Client::close);
        awaitOpen(server, 0);
        assertEquals(0, server.slicesTaken());
        stopServers();
        Await.until("descriptors are closed", () -> descriptors() <= before);
    }

    /// Descriptors that this process has, where the network is made of them.
    long descriptors() {
        return 0;
    }
}
