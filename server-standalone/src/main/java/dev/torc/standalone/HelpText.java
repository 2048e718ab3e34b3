package dev.torc.standalone;

import dev.torc.standalone.config.Flags;
import dev.torc.standalone.config.Group;
import dev.torc.standalone.config.Setting;

import java.util.List;

/// What `--help` says, wrapped to 80 columns.
final class HelpText {
    private static final int COLUMNS = 80;
    private static final int INDENT = 26;

    private final StringBuilder text = new StringBuilder();

    private HelpText() {}

    /// The commands.
    static String ofAll(List<Command> commands) {
        HelpText help = new HelpText();
        help.text.append("Usage: torc COMMAND [OPTIONS]\n\n");
        help.paragraph("A shard-per-core HTTP server on io_uring.");
        help.text.append("\nCommands:\n");
        for (Command command : commands) help.row(command.name(), command.description());
        help.text.append("\nOptions:\n");
        help.standard();
        help.text.append("\ntorc COMMAND --help tells more.\n");
        return help.text.toString();
    }

    /// One command.
    static String of(Command command) {
        HelpText help = new HelpText();
        String directory = command.takesDirectory() ? " [DIR]" : "";
        help.text.append("Usage: torc ").append(command.name()).append(" [OPTIONS]");
        help.text.append(directory).append("\n\n");
        help.paragraph(command.description());
        if (command.takesDirectory()) {
            help.text.append('\n');
            help.row("DIR", "Directory to serve (default: the current one).");
        }
        for (Group group : command.groups()) help.group(group);
        help.text.append("\nOptions:\n");
        for (Command.OwnFlag flag : command.flags()) help.row(flag.name(), flag.meaning());
        if (!command.groups().isEmpty()) {
            help.row("--config FILE", "Reads settings from FILE, in TOML (or TORC_CONFIG).");
        }
        help.standard();
        help.notes(command);
        return help.text.toString();
    }

    private void standard() {
        row("-h, " + Flags.HELP, "Shows this help and exits.");
        row("-V, " + Flags.VERSION, "Shows the version and exits.");
    }

    private void notes(Command command) {
        if (!command.groups().isEmpty()) {
            text.append('\n');
            paragraph(
                    "Each can be given in the environment (--port is TORC_PORT) or in a file, too;"
                            + " there are more: torc config reference lists all, torc config print"
                            + " shows which value counts.");
        }
        if (!command.notes().isEmpty()) text.append('\n');
        for (String note : command.notes()) text.append(note).append('\n');
    }

    private void group(Group group) {
        List<Setting<?>> shown = group.settings().stream().filter(Setting::inHelp).toList();
        if (shown.isEmpty()) return;
        text.append('\n').append(group.title()).append(":\n");
        for (Setting<?> setting : shown) row(names(setting), meaning(setting));
    }

    /// A switch by the flag that changes something.
    private static String names(Setting<?> setting) {
        if (setting.isSwitch()) {
            return setting.initial().equals(true) ? setting.opposite() : setting.flag();
        }
        String label = setting.type().label();
        return setting.bareValue().isEmpty()
                ? setting.flag() + " " + label
                : setting.flag() + "[=" + label + "]";
    }

    private static String meaning(Setting<?> setting) {
        if (setting.isSwitch()) return setting.helpMeaning();
        if (setting.type().isList()) return setting.helpMeaning() + " May be repeated.";
        String initial =
                setting.bareValue().isEmpty() ? setting.shownInitial() : setting.bareValue();
        return setting.helpMeaning().replaceAll("[.]$", "") + " (default: " + initial + ").";
    }

    private void row(String names, String meaning) {
        text.append("  ").append(names);
        int column = names.length() + 2;
        if (column + 2 > INDENT) {
            text.append('\n');
            column = 0;
        }
        text.repeat(' ', INDENT - column);
        wrapped(meaning, INDENT);
    }

    private void paragraph(String words) {
        wrapped(words, 0);
    }

    /// From the column `indent` on, where the first line is already.
    private void wrapped(String words, int indent) {
        int column = indent;
        for (String word : words.split(" ", -1)) {
            if (column > indent && column + 1 + word.length() > COLUMNS) {
                text.append('\n').repeat(' ', indent);
                column = indent;
            } else if (column > indent) {
                text.append(' ');
                column++;
            }
            text.append(word);
            column += word.length();
        }
        text.append('\n');
    }
}
