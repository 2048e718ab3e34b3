package dev.torc.testkit;

import dev.torc.core.StartException;
import dev.torc.core.spi.TransportProvider;

import java.net.Socket;
import java.util.List;
import java.util.ServiceLoader;

/// Where a server under test and its clients meet: a transport for the one, sockets for the others.
public interface Network {
    /// The transport that servers use here.
    TransportProvider transport();

    /// A new unconnected socket that reaches them.
    Socket socket();

    /// The loopback interface, with the transport of this name: `uring` or `nio`.
    static Network loopback(String transport) {
        return loopback(provider(transport));
    }

    /// The loopback interface, with a transport of the caller's own.
    static Network loopback(TransportProvider transport) {
        return new Network() {
            @Override
            public TransportProvider transport() {
                return transport;
            }

            @Override
            public Socket socket() {
                return new Socket();
            }

            @Override
            public String toString() {
                return transport.name();
            }
        };
    }

    private static TransportProvider provider(String name) {
        List<TransportProvider> known =
                ServiceLoader.load(TransportProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList();
        return known.stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new StartException("there is no transport '" + name + "'"));
    }
}
