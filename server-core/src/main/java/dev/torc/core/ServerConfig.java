package dev.torc.core;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// How a server runs.
///
/// @param address where to listen; port 0 takes any free one
/// @param shards threads, each with its own ring, listener and connections
/// @param transport `auto`, or the name of the one transport to use or fail: `uring`, `nio`
/// @param pinShards whether each shard stays on one CPU of the process's affinity mask; `nio`
///   cannot, and logs that
/// @param limits what each shard may hold, and how much of it one client may
public record ServerConfig(
        InetSocketAddress address, int shards, String transport, boolean pinShards, Limits limits) {

    /// The transport that is chosen by what works here.
    public static final String AUTO = "auto";

    static final int SHARDS_MAX = 1024;

    public ServerConfig {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("unknown host: " + address.getHostString());
        }
        if (shards < 1 || shards > SHARDS_MAX) {
            throw new IllegalArgumentException(
                    "shards must be 1 to " + SHARDS_MAX + ": shards=" + shards);
        }
    }

    /// Port 8080 of the loopback interface, as many shards as the process has CPUs.
    public static ServerConfig defaults() {
        return new ServerConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080),
                shardsDefault(),
                AUTO,
                false,
                Limits.defaults());
    }

    /// The CPUs that the process may use: its affinity mask, reduced by its cgroup's quota (the JDK
    /// looks at both).
    public static int shardsDefault() {
        return Math.min(Runtime.getRuntime().availableProcessors(), SHARDS_MAX);
    }

    public ServerConfig withAddress(InetSocketAddress newAddress) {
        return new ServerConfig(newAddress, shards, transport, pinShards, limits);
    }

    public ServerConfig withPort(int port) {
        return withAddress(new InetSocketAddress(address.getAddress(), port));
    }

    public ServerConfig withShards(int count) {
        return new ServerConfig(address, count, transport, pinShards, limits);
    }

    public ServerConfig withTransport(String name) {
        return new ServerConfig(address, shards, name, pinShards, limits);
    }

    public ServerConfig withPinShards(boolean pin) {
        return new ServerConfig(address, shards, transport, pin, limits);
    }

    public ServerConfig withLimits(Limits newLimits) {
        return new ServerConfig(address, shards, transport, pinShards, newLimits);
    }
}
