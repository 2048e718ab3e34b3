package dev.torc.standalone;

import dev.torc.core.ServerConfig;
import dev.torc.core.StartException;

import picocli.CommandLine.Option;

import java.net.InetSocketAddress;

/// Where a server listens, and by what: the options of every command that starts one.
final class ListenOptions {
    private static final int PORT_MAX = 65_535;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (default: ${DEFAULT-VALUE}).")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port to listen on; 0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--shards",
            paramLabel = "N",
            description = "Threads, each with a ring of its own (default: one per CPU).")
    private int shards = ServerConfig.shardsDefault();

    @Option(
            names = "--transport",
            paramLabel = "auto|uring|nio",
            defaultValue = ServerConfig.AUTO,
            description =
                    "auto takes the best that works here; a named one must work"
                            + " (default: ${DEFAULT-VALUE}).")
    private String transport = "";

    ListenOptions() {}

    ServerConfig config() {
        if (port < 0 || port > PORT_MAX) {
            throw new StartException("--port must be 0 to " + PORT_MAX + ": " + port);
        }
        try {
            return ServerConfig.defaults()
                    .withAddress(new InetSocketAddress(host, port))
                    .withShards(shards)
                    .withTransport(transport);
        } catch (IllegalArgumentException refused) {
            throw new StartException(String.valueOf(refused.getMessage()), refused);
        }
    }
}
