package dev.torc.standalone;

import dev.torc.core.StartException;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `torc` command. Exit codes: 0 done, 1 failed, 2 could not start as asked.
@Command(
        name = "torc",
        description = "A shard-per-core HTTP server on io_uring.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {ServeCommand.class, DemoCommand.class, DoctorCommand.class})
public final class Main {
    private static final int COULD_NOT_START = 2;

    private Main() {}

    public static void main(String[] arguments) {
        Logging.configure();
        CommandLine command = new CommandLine(new Main());
        command.setParameterExceptionHandler(
                (refused, _) -> {
                    String name = refused.getCommandLine().getCommandSpec().qualifiedName();
                    return fail(refused.getMessage() + " (see " + name + " --help)");
                });
        command.setExecutionExceptionHandler(
                (failure, _, _) -> {
                    if (failure instanceof StartException)
                        return fail(String.valueOf(failure.getMessage()));
                    throw failure;
                });
        if (arguments.length == 0) {
            command.usage(System.out);
            System.exit(0);
        }
        System.exit(command.execute(arguments));
    }

    private static int fail(String message) {
        System.err.println("torc: " + message.replace('\n', ' '));
        return COULD_NOT_START;
    }
}
