package dev.torc.standalone;

import dev.torc.core.ServerConfig;
import dev.torc.core.StartException;
import dev.torc.http.HttpServer;
import dev.torc.http.file.FileHandler;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/// `torc demo`: one server with a route for each thing that Torc does.
@Command(
        name = "demo",
        description = "Serves the demo: a page, plain text, JSON, an echo, streams and files.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);
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

    @Option(
            names = "--root",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Directory served below /static/ (default: the current one).")
    private Path root = Path.of(".");

    DemoCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Logging.load();
        FileHandler files = files();
        ServerConfig config = config();
        HttpServer server = HttpServer.start(config, new DemoRoutes().router(files));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "torc-stop"));
        System.out.print(new Banner(server, files.root()));
        System.out.flush();
        server.await();
        // Only a stop ends it, and the stop ends the process.
        Thread.currentThread().join();
        return 0;
    }

    private FileHandler files() {
        try {
            return new FileHandler(root, "path");
        } catch (IOException unusable) {
            throw new StartException(
                    "--root " + root + " cannot be served: " + unusable.getMessage(), unusable);
        }
    }

    private ServerConfig config() {
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

    /// Runs when the process is told to end (SIGTERM, Ctrl-C), and ends it with 0 if it could
    /// finish everything in time; without the halt the JVM would report the signal instead.
    private static void stop(HttpServer server) {
        boolean finished = server.stop(STOP_DEADLINE);
        System.out.println(Banner.farewell(server));
        System.out.flush();
        Runtime.getRuntime().halt(finished ? 0 : 1);
    }
}
