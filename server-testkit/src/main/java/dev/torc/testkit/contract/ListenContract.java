package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.core.Server;
import dev.torc.core.ServerConfig;
import dev.torc.core.StartException;
import dev.torc.core.spi.Transport.Counters;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;

/// The contract of a transport: listening on an IPv6 address, as all other tests do on an IPv4 one.
abstract class ListenContract extends HalfCloseContract {
    /// Skips the test, visibly, where there is no IPv6.
    static InetAddress loopback() {
        try {
            byte[] bytes = new byte[16];
            bytes[15] = 1;
            InetAddress loopback = InetAddress.getByAddress(bytes);
            assumeTrue(NetworkInterface.getByInetAddress(loopback) != null, "no ::1 here");
            return loopback;
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private ServerConfig on(int port) {
        return config(limits()).withAddress(new InetSocketAddress(loopback(), port));
    }

    private Server serve(ServerConfig config) {
        return start(config, _ -> _ -> new TestHandler());
    }

    @Test
    void tellsTheAddressAndThePortThatItGot() {
        Server server = serve(on(0));
        assertEquals(loopback(), server.address().getAddress());
        assertNotEquals(0, server.address().getPort());
        expectEcho(server);
    }

    @Test
    void shardsShareItsPort() {
        Server server = serve(on(0).withShards(2));
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 64; i++) clients.add(connect(server));
        awaitOpen(server, 64);
        for (Counters shard : server.counters()) assertTrue(shard.open() > 0, shard::toString);
        clients.forEach(Client::close);
    }

    @Test
    void anotherServerIsRefusedItsPort() {
        Server server = serve(on(0).withShards(2));
        int port = server.address().getPort();
        StartException refused = assertThrows(StartException.class, () -> serve(on(port)));
        assertEquals(
                "cannot listen on [0:0:0:0:0:0:0:1]:"
                        + port
                        + ": the port is in use; stop the program that has it, or choose another",
                refused.getMessage());
        expectEcho(server);
    }
}
