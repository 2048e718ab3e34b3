package dev.torc.standalone;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Where the admin listener listens.
///
/// @param host a name or an address; only this machine's own processes reach the default, 127.0.0.1
/// @param port 0 takes a free one
record AdminConfig(String host, int port) {
    private static final int PORT_MAX = 65_535;

    AdminConfig {
        if (host.isBlank()) throw new IllegalArgumentException("admin-host must not be empty");
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException(
                    "admin-port must be 0 to " + PORT_MAX + ": admin-port=" + port);
        }
    }

    /// On the loopback interface.
    static AdminConfig onPort(int port) {
        return new AdminConfig("127.0.0.1", port);
    }

    AdminConfig withHost(String newHost) {
        return new AdminConfig(newHost, port);
    }

    /// @throws IllegalArgumentException when the host is not known
    InetSocketAddress address() {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("admin-host is not known: admin-host=" + host);
        }
        return address;
    }

    /// Whether other machines may reach it.
    boolean isExposed() {
        InetAddress address = address().getAddress();
        return !address.isLoopbackAddress();
    }
}
