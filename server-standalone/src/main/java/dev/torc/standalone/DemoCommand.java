package dev.torc.standalone;

import dev.torc.http.file.FileHandler;
import dev.torc.standalone.config.Arguments;
import dev.torc.standalone.config.FileSettings;
import dev.torc.standalone.config.Group;
import dev.torc.standalone.config.OutputSettings;
import dev.torc.standalone.config.Schema;
import dev.torc.standalone.config.Settings;
import dev.torc.standalone.config.UploadSettings;

import java.util.List;

/// `torc demo`: one server with a route for each thing that Torc does.
final class DemoCommand implements Command {
    DemoCommand() {}

    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String description() {
        return "Serves the demo: a page, plain text, JSON, an echo, streams, and the files of a"
                + " directory below /static/.";
    }

    @Override
    public List<Group> groups() {
        return Schema.groups().stream()
                .filter(group -> group != UploadSettings.GROUP && group != OutputSettings.GROUP)
                .toList();
    }

    @Override
    public int run(Arguments arguments) throws InterruptedException {
        Settings settings = arguments.settings(System.getenv());
        boolean listing = settings.of(FileSettings.LISTING.withInitial(false));
        FileHandler files = FileSettings.handler(settings, options -> options.withListing(listing));
        Service service = new Launch(settings).log(null).start(new DemoRoutes().router(files));
        Logging.load();
        LateJson.load();
        return Foreground.run(service, new Banner(service, files.root() + " below /static/"));
    }
}
