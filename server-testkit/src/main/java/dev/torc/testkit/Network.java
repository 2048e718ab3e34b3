package dev.torc.testkit;

import dev.torc.core.StartException;
import dev.torc.core.spi.TransportProvider;

import java.net.Socket;
import java.util.List;

/// Where a server under test and its clients meet: a transport for the one, sockets for the others.
/// Its `toString` is its name.
public interface Network {
    /// The transport that servers use here.
    TransportProvider transport();

    /// A new unconnected socket that reaches them.
    Socket socket();

    /// Whether it is this machine's: reached by every program, and as fast as its kernel.
    default boolean isReal() {
        return true;
    }

    /// The loopback interface, with the transport of this name: `uring` or `nio`.
    static Network loopback(String transport) {
        return loopbacks().stream()
                .filter(network -> network.transport().name().equals(transport))
                .findFirst()
                .orElseThrow(() -> new StartException("there is no transport '" + transport + "'"));
    }

    /// The loopback interface, with a transport of the caller's own.
    static Network loopback(TransportProvider transport) {
        return new Loopback(transport);
    }

    /// The loopback interface with each transport that is found, whether or not it works here; the
    /// one that `auto` prefers comes first.
    static List<Network> loopbacks() {
        return TransportProvider.installed().stream().map(Network::loopback).toList();
    }
}
