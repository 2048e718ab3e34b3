package dev.torc.standalone;

import dev.torc.standalone.config.Arguments;
import dev.torc.standalone.config.Reference;

/// `torc config reference`: all settings, as in `docs/configuration.md`.
final class ConfigReferenceCommand implements Command {
    ConfigReferenceCommand() {}

    @Override
    public String name() {
        return "config reference";
    }

    @Override
    public String description() {
        return "Lists all settings with their values, defaults and meanings, in Markdown.";
    }

    @Override
    public int run(Arguments arguments) {
        System.out.print(Reference.markdown());
        System.out.flush();
        return 0;
    }
}
