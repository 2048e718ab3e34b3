package dev.torc.standalone;

import dev.torc.core.ServerConfig;
import dev.torc.core.StartException;
import dev.torc.http.HttpServer;
import dev.torc.http.file.FileHandler;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/// `torc demo`: one server with a route for each thing that Torc does.
@Command(
        name = "demo",
        description = "Serves the demo: a page, plain text, JSON, an echo, streams and files.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    @Mixin private ListenOptions listen = new ListenOptions();

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
        ServerConfig config = listen.config();
        HttpServer server = HttpServer.start(config, new DemoRoutes().router(files));
        return Foreground.run(server, new Banner(server, files.root() + " below /static/"));
    }

    private FileHandler files() {
        try {
            return new FileHandler(root, "path");
        } catch (IOException unusable) {
            throw new StartException(
                    "--root " + root + " cannot be served: " + unusable.getMessage(), unusable);
        }
    }
}
