package dev.torc.standalone;

import dev.torc.core.ShardCounters;
import dev.torc.core.StopReport;
import dev.torc.core.spi.Transport.Counters;
import dev.torc.http.HttpServer;

import org.jspecify.annotations.Nullable;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What a server says when it starts, and when it has stopped.
///
/// @param admin where the admin listener listens; null without one
/// @param files which directory is served, and where
record Banner(HttpServer server, @Nullable InetSocketAddress admin, String files) {
    Banner(Service service, String files) {
        this(service.server(), service.admin(), files);
    }

    /// For shards that have ended it takes no time, and from one that is held none comes.
    private static final Duration COUNTERS_PATIENCE = Duration.ofMillis(100);

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("\nTorc ").append(Version.torc()).append("\n\n");
        text.append("    ").append(url(server.address())).append("\n\n");
        line(text, "transport", server.transport().toString());
        for (String detail : server.transportDetails()) {
            int colon = detail.indexOf(": ");
            line(text, detail.substring(0, colon), detail.substring(colon + 2));
        }
        int cpus = Runtime.getRuntime().availableProcessors();
        line(text, "shards", server.shardCount() + " on " + cpus + (cpus == 1 ? " CPU" : " CPUs"));
        line(text, "files", files);
        if (admin != null) {
            line(text, "admin", url(admin) + "health/live, health/ready and metrics");
        }
        line(text, "started in", uptimeMillis() + " ms; Ctrl-C or SIGTERM stops it");
        return text.append('\n').toString();
    }

    /// Returns in time, also when a handler holds a shard, which then is left out of the sums.
    /// Plain loops and no formatter: from the signal to the process's end nothing is warm, and
    /// every class that is loaded there makes it later.
    static String farewell(HttpServer server, StopReport report) {
        long accepted = 0;
        long receives = 0;
        long sends = 0;
        long waits = 0;
        long open = 0;
        long out = 0;
        List<ShardCounters> told = server.shardCounters(COUNTERS_PATIENCE);
        for (ShardCounters counters : told) {
            Counters shard = counters.transport();
            accepted += shard.accepted();
            receives += shard.receives();
            sends += shard.sends();
            waits += shard.waits();
            open += shard.open();
            out += shard.buffersOut();
        }
        StringBuilder text = new StringBuilder("stopped: ").append(report);
        text.append("; ").append(accepted).append(" connections, ");
        text.append(receives).append(" receives, ").append(sends).append(" sends, ");
        text.append(waits).append(" waits; still held: ").append(open).append(" slots, ");
        text.append(out).append(" buffers");
        if (told.size() < server.shardCount()) {
            text.append(" (of ").append(told.size()).append(" of ").append(server.shardCount());
            text.append(" shards: what is held does not tell)");
        }
        return text.toString();
    }

    /// Since the process began, the launcher's part included, unless that has built Torc first
    /// (`torc.prepared`). Only then does it pay to load what knows when the JVM began.
    private static long uptimeMillis() {
        if (Boolean.getBoolean("torc.prepared")) {
            return ManagementFactory.getRuntimeMXBean().getUptime();
        }
        Instant now = Instant.now();
        Instant started = ProcessHandle.current().info().startInstant().orElse(now);
        return Duration.between(started, now).toMillis();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("    %-12s%s%n".formatted(name, value));
    }

    private static String url(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        String name =
                host.isAnyLocalAddress()
                        ? "localhost"
                        : host.getAddress().length == 4
                                ? host.getHostAddress()
                                : "[" + host.getHostAddress() + "]";
        return "http://" + name + ":" + address.getPort() + "/";
    }
}
