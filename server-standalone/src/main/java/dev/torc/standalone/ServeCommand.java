package dev.torc.standalone;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpLimits;
import dev.torc.http.HttpServer;
import dev.torc.http.Router;
import dev.torc.http.file.FileHandler;
import dev.torc.standalone.config.Arguments;
import dev.torc.standalone.config.FileSettings;
import dev.torc.standalone.config.Group;
import dev.torc.standalone.config.HttpSettings;
import dev.torc.standalone.config.OutputSettings;
import dev.torc.standalone.config.Schema;
import dev.torc.standalone.config.ServerSettings;
import dev.torc.standalone.config.Settings;
import dev.torc.standalone.config.UploadSettings;

import java.util.List;

/// `torc serve`: the files of a directory.
final class ServeCommand implements Command {
    ServeCommand() {}

    @Override
    public String name() {
        return "serve";
    }

    @Override
    public String description() {
        return "Serves the files of a directory.";
    }

    @Override
    public List<Group> groups() {
        return Schema.groups();
    }

    @Override
    public boolean takesDirectory() {
        return true;
    }

    @Override
    public int run(Arguments arguments) throws InterruptedException {
        Settings settings = arguments.settings(System.getenv());
        boolean upload = UploadSettings.uploads(settings);
        FileHandler files = FileSettings.handler(settings, options -> options.withUploads(upload));
        ServerConfig config = ServerSettings.config(settings);
        HttpLimits limits = HttpSettings.limits(settings);
        Router router = new Router().get("/{path...}", files);
        if (upload) router.put("/{path...}", files);
        if (!settings.of(OutputSettings.QUIET)) {
            router.filter(new AccessLines(System.out, Terminal.ofThisProcess().style()));
        }
        HttpServer server = HttpServer.start(config, limits, router);
        Logging.load();
        return Foreground.run(server, new Banner(server, files.root().toString()));
    }
}
