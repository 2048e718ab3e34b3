package dev.torc.standalone;

import dev.torc.core.StartException;
import dev.torc.standalone.config.AdminSettings;
import dev.torc.standalone.config.Settings;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Where the admin listener listens.
///
/// @param host a name or an address; only this machine's own processes reach the default, 127.0.0.1
/// @param port 0 takes a free one
record AdminConfig(String host, int port) {
    /// What the settings ask for; null if they ask for none.
    static @Nullable AdminConfig of(Settings settings) {
        int port = settings.intOf(AdminSettings.PORT);
        return port == 0 ? null : new AdminConfig(settings.of(AdminSettings.HOST), port);
    }

    /// On the loopback interface.
    static AdminConfig onPort(int port) {
        return new AdminConfig("127.0.0.1", port);
    }

    AdminConfig withHost(String newHost) {
        return new AdminConfig(newHost, port);
    }

    /// @throws StartException when the host is not known
    InetSocketAddress address() {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new StartException("the admin listener: unknown host: " + host);
        }
        return address;
    }

    /// Whether other machines may reach it.
    boolean isExposed() {
        InetAddress address = address().getAddress();
        return !address.isLoopbackAddress();
    }
}
