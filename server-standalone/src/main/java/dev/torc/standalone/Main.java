package dev.torc.standalone;

import java.util.List;

/// The `torc` command. Exit codes: 0 done, 1 failed, 2 could not start as asked.
public final class Main {
    private static final List<Command> COMMANDS =
            List.of(
                    new ServeCommand(),
                    new DemoCommand(),
                    new DoctorCommand(),
                    new ConfigPrintCommand(),
                    new ConfigReferenceCommand());

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        Logging.configure();
        System.exit(run(List.of(arguments)));
    }

    /// Runs a command, and returns the exit code.
    static int run(List<String> arguments) throws InterruptedException {
        return new CommandLine(COMMANDS, System.out, System.err).run(arguments);
    }
}
