package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.core.Server;
import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.core.spi.Connection;
import dev.torc.testkit.Seed;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The contract of a transport: sending slices that are shared, behind heads of their own.
abstract class SharedContract extends SendContract {
    private static final int HEAD_BYTES = 100;

    /// What all connections share, and what the shard's pool says of it: its thread's.
    private @Nullable Slice body;

    private long sharedBytes;

    /// Answers each byte with as many heads and bodies, which all connections share, as it is to;
    /// and lets go of the body then, if it forgets.
    private final class Sharing extends TestHandler {
        private final int bytes;
        private final int answers;
        private final boolean forgets;

        Sharing(int bytes, int answers, boolean forgets) {
            this.bytes = bytes;
            this.answers = answers;
            this.forgets = forgets;
        }

        @Override
        public void onReceive(Connection connection, Slice data) {
            Slice shared = body == null ? shared(connection, HEAD_BYTES, bytes) : body;
            for (int i = 0; i < answers; i++) {
                Slice head = take(connection, HEAD_BYTES);
                head.append(Client.pattern(0, HEAD_BYTES), 0, HEAD_BYTES);
                shared.retain();
                connection.send(head, shared);
            }
            body = forgets ? null : shared;
            if (forgets) shared.release();
            sharedBytes = connection.shard().buffers().sharedBytes();
        }

        @Override
        public void onWritable(Connection connection) {}

        @Override
        public void onEnd(Connection connection) {
            connection.close();
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            sharedBytes = connection.shard().buffers().sharedBytes();
        }
    }

    private static Slice shared(Connection connection, long place, int bytes) {
        Slice slice = TestHandler.take(connection, bytes);
        slice.append(Client.pattern(place, bytes), 0, bytes);
        Slice shared = connection.shard().buffers().share(slice);
        slice.release();
        if (shared == null) throw new AssertionError("the pool shares nothing");
        return shared;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4000, 16_384, 65_536, 1_000_000})
    void manyAtOnceGetWhatIsShared(int bytes) {
        Server server = start(() -> new Sharing(bytes, 2, false));
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) clients.add(connect(server));
        for (int round = 0; round < 3; round++) {
            for (Client client : clients) client.write(new byte[1]);
            for (Client client : clients) {
                client.expectPattern(0, HEAD_BYTES + bytes);
                client.expectPattern(0, HEAD_BYTES + bytes);
            }
        }
        clients.forEach(Client::close);
        awaitClosed(CloseReason.PEER_CLOSED, clients.size());
    }

    /// As when a cache evicts a file's content that slow readers are still being sent.
    @Test
    void whatIsForgottenWhileItIsBeingSentArrivesWholeAndIsThenFreed() {
        int bytes = 4 * MIB;
        Server server = start(() -> new Sharing(bytes, 1, true));
        try (Client client = connect(server, 16_384)) {
            client.write(new byte[1]);
            awaitOn(server, "it is being sent", () -> sharedBytes == bytes);
            client.expectPattern(0, HEAD_BYTES + bytes);
            client.endOutput();
            client.expectEnd();
        }
        awaitClosed(CloseReason.PEER_CLOSED, 1);
        awaitOn(server, "it is freed", () -> sharedBytes == 0);
    }

    @Test
    void aPeerThatVanishesLetsGoOfWhatIsShared() {
        int bytes = 8 * MIB;
        Server server = start(() -> new Sharing(bytes, 3, true));
        Client client = connect(server, 16_384);
        client.write(new byte[1]);
        awaitOn(server, "it is being sent", () -> sharedBytes == bytes);
        client.expectPattern(0, HEAD_BYTES);
        client.reset();
        awaitClosed(CloseReason.PEER_RESET, 1);
        awaitOn(server, "it is freed", () -> sharedBytes == 0);
    }

    @Test
    void anythingArrivesInTheOrderInWhichItWasSent() {
        long seed = Seed.next();
        int total = 3 * MIB;
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    private final Random random = new Random(seed);
                                    private int sent;

                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        onWritable(connection);
                                    }

                                    @Override
                                    public void onWritable(Connection connection) {
                                        boolean more = true;
                                        while (more && sent < total) more = sendSome(connection);
                                        if (sent >= total) connection.close();
                                    }

                                    private boolean sendSome(Connection connection) {
                                        int first = 1 + random.nextInt(1 << random.nextInt(18));
                                        int second = 1 + random.nextInt(1 << random.nextInt(18));
                                        int kind = random.nextInt(3);
                                        Slice head = slice(connection, kind == 1, first);
                                        if (kind == 0) return connection.send(head);
                                        return connection.send(
                                                head, slice(connection, kind == 2, second));
                                    }

                                    private Slice slice(Connection on, boolean shares, int bytes) {
                                        int place = sent;
                                        sent += bytes;
                                        if (shares) return shared(on, place, bytes);
                                        Slice slice = take(on, bytes);
                                        slice.append(Client.pattern(place, bytes), 0, bytes);
                                        return slice;
                                    }
                                });
        try (Client client = connect(server, 30_000)) {
            client.write(new byte[1]);
            client.expectPattern(0, total);
            client.readUntilEndOrReset();
        }
    }

    @Test
    void refusesToSendBehindAHeadWhatIsBorrowed() {
        Server server =
                start(
                        () ->
                                new TestHandler() {
                                    @Override
                                    public void onReceive(Connection connection, Slice data) {
                                        Slice head = take(connection, 1);
                                        assertThrows(
                                                IllegalArgumentException.class,
                                                () -> connection.send(data, head));
                                        assertThrows(
                                                IllegalArgumentException.class,
                                                () -> connection.send(head, data));
                                        assertFalse(head.isBorrowed());
                                        head.release();
                                        connection.close();
                                    }
                                });
        try (Client client = connect(server)) {
            client.write(new byte[1]);
            client.readUntilEndOrReset();
        }
        awaitClosed(CloseReason.LOCAL, 1);
    }
}
