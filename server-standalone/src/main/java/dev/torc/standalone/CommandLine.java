package dev.torc.standalone;

import dev.torc.core.StartException;
import dev.torc.standalone.config.Arguments;
import dev.torc.standalone.config.FileSettings;
import dev.torc.standalone.config.Flags;
import dev.torc.standalone.config.NearName;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/// What `torc` was started with: finds the command, reads its flags, runs it.
final class CommandLine {
    private static final int COULD_NOT_START = 2;

    private final List<Command> commands;
    private final PrintStream out;
    private final PrintStream errors;

    CommandLine(List<Command> commands, PrintStream out, PrintStream errors) {
        this.commands = commands;
        this.out = out;
        this.errors = errors;
    }

    /// Runs the command that `arguments` name, and returns the exit code.
    int run(List<String> arguments) throws InterruptedException {
        String known = "torc";
        try {
            if (arguments.isEmpty()) return tell(HelpText.ofAll(commands));
            Optional<Command> named = named(arguments);
            if (named.isEmpty()) return runNone(arguments);
            Command command = named.get();
            known = "torc " + command.name();
            int words = command.name().split(" ", -1).length;
            return run(command, arguments.subList(words, arguments.size()));
        } catch (WrongUse wrong) {
            return fail(wrong.getMessage() + " (see " + known + " --help)");
        } catch (StartException refused) {
            return fail(String.valueOf(refused.getMessage()));
        }
    }

    private Optional<Command> named(List<String> arguments) {
        String line = String.join(" ", arguments) + " ";
        return commands.stream().filter(each -> line.startsWith(each.name() + " ")).findFirst();
    }

    /// Without a command there is help and the version.
    private int runNone(List<String> arguments) {
        String first = arguments.getFirst();
        List<Command> part =
                commands.stream().filter(each -> each.name().startsWith(first + " ")).toList();
        if (!part.isEmpty()) return tell(HelpText.ofAll(part));
        if (first.startsWith("-")) {
            Arguments given = arguments(new Flags("", List.of(), List.of()), arguments);
            if (given.options().contains(Flags.VERSION)) return tell(Version.line());
            return tell(HelpText.ofAll(commands));
        }
        List<String> names = commands.stream().map(Command::name).toList();
        String near =
                NearName.of(first, names).map(name -> ", did you mean " + name + "?").orElse("");
        throw new WrongUse("there is no command " + first + near);
    }

    private int run(Command command, List<String> words) throws InterruptedException {
        List<String> own = command.flags().stream().map(Command.OwnFlag::name).toList();
        Arguments arguments = arguments(new Flags(command.name(), command.groups(), own), words);
        if (arguments.options().contains(Flags.HELP)) return tell(HelpText.of(command));
        if (arguments.options().contains(Flags.VERSION)) return tell(Version.line());
        List<String> rest = arguments.rest();
        int takes = command.takesDirectory() ? 1 : 0;
        if (rest.size() > takes) throw new WrongUse("what is " + rest.get(takes) + " for?");
        if (rest.isEmpty()) return command.run(arguments);
        if (arguments.has(FileSettings.ROOT)) {
            throw new WrongUse("--root says again what " + rest.getFirst() + " says");
        }
        return command.run(arguments.with(FileSettings.ROOT, rest.getFirst()));
    }

    private static Arguments arguments(Flags flags, List<String> words) {
        try {
            return flags.parse(words);
        } catch (StartException refused) {
            throw new WrongUse(String.valueOf(refused.getMessage()));
        }
    }

    private int tell(String text) {
        out.print(text);
        out.flush();
        return 0;
    }

    private int fail(String message) {
        errors.println("torc: " + message.replace('\n', ' '));
        return COULD_NOT_START;
    }

    /// For whoever has mistyped it: the help shows how it is meant.
    private static final class WrongUse extends RuntimeException {
        private static final long serialVersionUID = 1;

        WrongUse(String message) {
            super(message);
        }
    }
}
