package dev.torc.standalone;

import dev.torc.core.spi.Transport.Counters;
import dev.torc.http.HttpServer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What a server says when it starts, and when it has stopped.
///
/// @param files which directory is served, and where
record Banner(HttpServer server, String files) {
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
        line(text, "started in", uptimeMillis() + " ms; Ctrl-C or SIGTERM stops it");
        return text.append('\n').toString();
    }

    static String farewell(HttpServer server) {
        List<Counters> all = server.counters();
        long accepted = all.stream().mapToLong(Counters::accepted).sum();
        long receives = all.stream().mapToLong(Counters::receives).sum();
        long sends = all.stream().mapToLong(Counters::sends).sum();
        long waits = all.stream().mapToLong(Counters::waits).sum();
        long open = all.stream().mapToLong(Counters::open).sum();
        long out = all.stream().mapToLong(Counters::buffersOut).sum();
        return "stopped after %,d connections, %,d receives, %,d sends, %,d waits; still held: "
                        .formatted(accepted, receives, sends, waits)
                + "%d slots, %d buffers".formatted(open, out);
    }

    private static long uptimeMillis() {
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
