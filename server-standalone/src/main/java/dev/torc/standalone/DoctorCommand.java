package dev.torc.standalone;

import dev.torc.core.ServerConfig;
import dev.torc.core.StartException;
import dev.torc.standalone.doctor.Examination;
import dev.torc.standalone.doctor.JsonReport;
import dev.torc.standalone.doctor.Report;
import dev.torc.standalone.doctor.TextReport;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/// `torc doctor`: what this machine offers, beside what a server needs.
@Command(
        name = "doctor",
        description = {
            "Looks at what a server depends on: transports, kernel, limits, container.",
            "What is short comes with a remedy to copy."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:a server starts here as configured; there may be warnings",
            "1:something keeps it from starting",
            "2:wrong options"
        })
final class DoctorCommand implements Callable<Integer> {
    @Option(
            names = "--shards",
            paramLabel = "N",
            description = "Shards that the server is to have (default: one per CPU).")
    private int shards = ServerConfig.shardsDefault();

    @Option(
            names = "--transport",
            paramLabel = "auto|uring|nio",
            defaultValue = ServerConfig.AUTO,
            description = "Transport that it is to use (default: ${DEFAULT-VALUE}).")
    private String transport = "";

    @Option(names = "--json", description = "Prints JSON, with keys that do not change.")
    private boolean json;

    DoctorCommand() {}

    @Override
    public Integer call() {
        Report report = new Examination(config(), Path.of("/")).report();
        System.out.print(
                json
                        ? new JsonReport(report, Version.torc())
                        : new TextReport(report, Version.torc(), Terminal.ofThisProcess().style()));
        System.out.flush();
        return report.starts() ? 0 : 1;
    }

    private ServerConfig config() {
        try {
            return ServerConfig.defaults().withShards(shards).withTransport(transport);
        } catch (IllegalArgumentException refused) {
            throw new StartException(String.valueOf(refused.getMessage()), refused);
        }
    }
}
