package dev.torc.standalone;

import dev.torc.standalone.config.Arguments;
import dev.torc.standalone.config.Group;
import dev.torc.standalone.config.Schema;
import dev.torc.standalone.config.SettingsTable;

import java.util.List;

/// `torc config print`: what `torc serve` would take from where.
final class ConfigPrintCommand implements Command {
    private static final String JSON = "--json";

    ConfigPrintCommand() {}

    @Override
    public String name() {
        return "config print";
    }

    @Override
    public String description() {
        return "Shows each setting that torc serve would have with these flags, and where its value"
                + " is from.";
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
    public List<OwnFlag> flags() {
        return List.of(new OwnFlag(JSON, "Prints JSON, with keys that do not change."));
    }

    @Override
    public int run(Arguments arguments) {
        SettingsTable table = new SettingsTable(arguments.settings(System.getenv()));
        System.out.print(arguments.options().contains(JSON) ? table.json() : table.text());
        System.out.flush();
        return 0;
    }
}
