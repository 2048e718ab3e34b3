package dev.torc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.torc.core.Server;
import dev.torc.testkit.Network;
import dev.torc.testkit.sim.Faults;
import dev.torc.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// The transport on a simulated kernel, in real time, since the contract's clients block.
class SimulatedContractTest extends TransportContract {
    private final Simulation simulation = Simulation.realTime(1, Faults.none());

    @Override
    protected Network network() {
        return simulation;
    }

    /// A real loopback interface has but one IPv6 address.
    @Test
    void clientsOfOneIpv6NetworkCountTogether() {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);
        Server server = greet(config(2).withAddress(loopback));
        List<Client> met = new ArrayList<>();
        for (String host : List.of("2001:db8:0:1::1", "2001:db8:0:1:ffff::2")) {
            met.add(expectMet(server, InetAddress.ofLiteral(host)));
        }
        for (String host : List.of("2001:db8:0:1::1", "2001:db8:0:1::3", "2001:db8:0:1:8000::")) {
            assertNull(meet(server, InetAddress.ofLiteral(host)));
        }
        for (String host : List.of("2001:db8:0:2::1", "2001:db8:1:1::1", "::1")) {
            met.add(expectMet(server, InetAddress.ofLiteral(host)));
        }
        met.forEach(Client::close);
    }

    /// An IPv6 client of an IPv4 socket: the kernel has more bytes to tell than were asked for.
    @Test
    void whoseAddressTheKernelDoesNotTellIsReset() {
        Server server = greet(config(2));
        for (int i = 0; i < 5; i++) assertNull(meet(server, InetAddress.ofLiteral("::1")));
        assertEquals(5, refused(server));
        expectMet(server, ONE).close();
        awaitOpen(server, 0);
    }
}
