package dev.torc.standalone;

import dev.torc.core.ServerConfig;
import dev.torc.standalone.config.AdminSettings;
import dev.torc.standalone.config.Arguments;
import dev.torc.standalone.config.Group;
import dev.torc.standalone.config.LimitSettings;
import dev.torc.standalone.config.ServerSettings;
import dev.torc.standalone.config.Settings;
import dev.torc.standalone.doctor.Examination;
import dev.torc.standalone.doctor.JsonReport;
import dev.torc.standalone.doctor.Report;
import dev.torc.standalone.doctor.TextReport;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `torc doctor`: what this machine offers, beside what a server needs.
final class DoctorCommand implements Command {
    private static final String JSON = "--json";

    DoctorCommand() {}

    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public String description() {
        return "Looks at what a server depends on: transports, kernel, limits, container. What is"
                + " short comes with a remedy to copy.";
    }

    @Override
    public List<Group> groups() {
        return List.of(ServerSettings.GROUP, AdminSettings.GROUP, LimitSettings.GROUP);
    }

    @Override
    public List<OwnFlag> flags() {
        return List.of(new OwnFlag(JSON, "Prints JSON, with keys that do not change."));
    }

    @Override
    public List<String> notes() {
        return List.of(
                "Exit codes:",
                "  0  a server starts here as configured; there may be warnings",
                "  1  something keeps it from starting",
                "  2  wrong options");
    }

    @Override
    public int run(Arguments arguments) {
        Settings settings = arguments.settings(System.getenv());
        ServerConfig server = ServerSettings.config(settings);
        List<ServerConfig> servers = new ArrayList<>(List.of(server));
        AdminConfig admin = AdminConfig.of(settings);
        if (admin != null) servers.add(AdminServer.config(admin, server.transport()));
        Report report = new Examination(servers, Path.of("/")).report();
        System.out.print(
                arguments.options().contains(JSON)
                        ? new JsonReport(report, Version.torc())
                        : new TextReport(report, Version.torc(), Terminal.ofThisProcess().style()));
        System.out.flush();
        return report.starts() ? 0 : 1;
    }
}
