package dev.torc.testkit;

import dev.torc.core.spi.TransportProvider;

import java.net.Socket;

/// The kernel's own loopback interface, and one transport on it.
record Loopback(TransportProvider transport) implements Network {
    @Override
    public Socket socket() {
        return new Socket();
    }

    @Override
    public String toString() {
        return transport.name();
    }
}
