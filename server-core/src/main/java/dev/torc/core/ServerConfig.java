package dev.torc.core;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/// How a server runs.
///
/// @param address where to listen; port 0 takes any free one
/// @param shards threads, each with its own ring, listener and connections
/// @param transport `auto`, or the name of the one transport to use or fail: `uring`, `nio`
/// @param pinShards whether each shard stays on one CPU of the process's affinity mask; `nio`
///   cannot, and logs that
/// @param watchdog how long a callback may hold its shard before the log says so, with its stack; 1
///   ms to a day, or zero for never
/// @param limits what each shard may hold, and how much of it one client may
public record ServerConfig(
        InetSocketAddress address,
        int shards,
        String transport,
        boolean pinShards,
        Duration watchdog,
        Limits limits) {

    /// The transport that is chosen by what works here.
    public static final String AUTO = "auto";

    static final int SHARDS_MAX = 1024;

    private static final Duration WATCHDOG_MIN = Duration.ofMillis(1);
    private static final Duration WATCHDOG_MAX = Duration.ofDays(1);

    public ServerConfig {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("unknown host: " + address.getHostString());
        }
        if (shards < 1 || shards > SHARDS_MAX) {
            throw new IllegalArgumentException(
                    "shards must be 1 to " + SHARDS_MAX + ": shards=" + shards);
        }
        boolean some = watchdog.compareTo(WATCHDOG_MIN) >= 0;
        if (!watchdog.isZero() && (!some || watchdog.compareTo(WATCHDOG_MAX) > 0)) {
            throw new IllegalArgumentException(
                    "watchdog must be 1 ms to a day, or zero for none: watchdog=" + watchdog);
        }
    }

    /// Port 8080 of the loopback interface, as many shards as the process has CPUs.
    public static ServerConfig defaults() {
        return new ServerConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080),
                shardsDefault(),
                AUTO,
                false,
                Duration.ofSeconds(1),
                Limits.defaults());
    }

    /// The CPUs that the process may use: its affinity mask, reduced by its cgroup's quota (the JDK
    /// looks at both).
    public static int shardsDefault() {
        return Math.min(Runtime.getRuntime().availableProcessors(), SHARDS_MAX);
    }

    public ServerConfig withAddress(InetSocketAddress newAddress) {
        return new ServerConfig(newAddress, shards, transport, pinShards, watchdog, limits);
    }

    public ServerConfig withPort(int port) {
        return withAddress(new InetSocketAddress(address.getAddress(), port));
    }

    public ServerConfig withShards(int count) {
        return new ServerConfig(address, count, transport, pinShards, watchdog, limits);
    }

    public ServerConfig withTransport(String name) {
        return new ServerConfig(address, shards, name, pinShards, watchdog, limits);
    }

    public ServerConfig withPinShards(boolean pin) {
        return new ServerConfig(address, shards, transport, pin, watchdog, limits);
    }

    public ServerConfig withWatchdog(Duration time) {
        return new ServerConfig(address, shards, transport, pinShards, time, limits);
    }

    public ServerConfig withLimits(Limits newLimits) {
        return new ServerConfig(address, shards, transport, pinShards, watchdog, newLimits);
    }
}
