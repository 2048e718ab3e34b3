package dev.torc.standalone;

import dev.torc.http.Router;
import dev.torc.http.file.FileHandler;
import dev.torc.http.log.AccessLogConfig;
import dev.torc.http.log.LogFormat;
import dev.torc.standalone.config.Arguments;
import dev.torc.standalone.config.FileSettings;
import dev.torc.standalone.config.Group;
import dev.torc.standalone.config.Schema;
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

    private static AccessLogConfig onTerminal() {
        boolean color = Terminal.ofThisProcess().style().color();
        return AccessLogConfig.defaults()
                .withFormat(color ? LogFormat.COLORED : LogFormat.TERMINAL);
    }

    @Override
    public int run(Arguments arguments) throws InterruptedException {
        Settings settings = arguments.settings(System.getenv());
        boolean upload = UploadSettings.uploads(settings);
        FileHandler files = FileSettings.handler(settings, options -> options.withUploads(upload));
        Router router = new Router().get("/{path...}", files);
        if (upload) router.put("/{path...}", files);
        Service service = new Launch(settings).log(onTerminal()).start(router);
        Logging.load();
        return Foreground.run(service, new Banner(service, files.root().toString()));
    }
}
