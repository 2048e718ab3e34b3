package dev.torc.standalone;

import java.util.List;
import java.util.Set;

/// The `torc` command. Exit codes: 0 done, 1 failed, 2 could not start as asked.
public final class Main {
    private static final List<Command> COMMANDS =
            List.of(
                    new ServeCommand(),
                    new DemoCommand(),
                    new DoctorCommand(),
                    new ConfigPrintCommand(),
                    new ConfigReferenceCommand());

    /// What a start should be quick of.
    private static final Set<String> STARTING = Set.of("serve", "demo");

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        Logging.configure();
        if (arguments.length > 0 && STARTING.contains(arguments[0])) NativeAccess.load();
        System.exit(run(List.of(arguments)));
    }

    /// Runs a command, and returns the exit code.
    static int run(List<String> arguments) throws InterruptedException {
        return new CommandLine(COMMANDS, System.out, System.err).run(arguments);
    }
}
