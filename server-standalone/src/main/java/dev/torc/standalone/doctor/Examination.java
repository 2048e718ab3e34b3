package dev.torc.standalone.doctor;

import dev.torc.core.ServerConfig;
import dev.torc.core.StartException;
import dev.torc.core.TransportChoice;
import dev.torc.core.spi.TransportProvider;
import dev.torc.core.spi.TransportProvider.Needs;
import dev.torc.uring.Confinement;
import dev.torc.uring.Probe;
import dev.torc.uring.Ring;
import dev.torc.uring.RingException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Looks at everything that the servers of a process depend on, in the files below `root` and by
/// trying.
///
/// @param servers what is served first, then what listens besides, on the same transport
public record Examination(List<ServerConfig> servers, Path root) {
    public Examination {
        servers = List.copyOf(servers);
    }

    private ServerConfig config() {
        return servers.getFirst();
    }

    /// Looks, and tries.
    ///
    /// @throws StartException when there is no transport of the name asked for
    public Report report() {
        List<TransportProvider> installed = TransportProvider.installed();
        Optional<String> chosen = chosen(installed);
        Needs needs = needs(installed, chosen);
        SystemFiles files = new SystemFiles(root);
        SystemFindings system = SystemFindings.ofThisProcess();
        List<Section> sections = new ArrayList<>();
        sections.add(new TransportFindings(installed, config(), chosen).section());
        sections.add(system.section());
        sections.add(new ConfinementFindings(Confinement.read(root)).section());
        sections.add(new LimitFindings(files, config(), needs, system.kernel()).section());
        sections.add(
                new CgroupFindings(
                                new Cgroups(files),
                                servers,
                                Runtime.getRuntime().maxMemory(),
                                needs.lockedBytes())
                        .section());
        sections.addAll(ring());
        return new Report(List.copyOf(sections));
    }

    private Optional<String> chosen(List<TransportProvider> installed) {
        boolean known =
                config().transport().equals(ServerConfig.AUTO)
                        || installed.stream()
                                .anyMatch(each -> each.name().equals(config().transport()));
        try {
            return Optional.of(TransportChoice.of(config()).name());
        } catch (StartException none) {
            if (!known || installed.isEmpty()) throw none;
            return Optional.empty();
        }
    }

    /// Of the transport that is chosen or, when none works, of the best one asked for.
    private Needs needs(List<TransportProvider> installed, Optional<String> chosen) {
        String name =
                chosen.orElse(
                        config().transport().equals(ServerConfig.AUTO)
                                ? installed.getFirst().name()
                                : config().transport());
        return installed.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow()
                .needs(servers);
    }

    /// Asks, whatever the verdict: what is missing may explain it.
    private static List<Section> ring() {
        if (Ring.unsupported().isPresent()) return List.of();
        try {
            return new RingFindings(Probe.ofThisKernel()).sections();
        } catch (RingException | IllegalCallerException | LinkageError refused) {
            return List.of(); // the verdict says why
        }
    }
}
