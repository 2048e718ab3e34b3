package dev.torc.standalone.doctor;

import dev.torc.core.ServerConfig;
import dev.torc.core.spi.TransportProvider;
import dev.torc.core.spi.TransportProvider.Verdict;
import dev.torc.standalone.doctor.Finding.State;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The verdict of every transport, and which of them a server would take.
record TransportFindings(
        List<TransportProvider> installed, ServerConfig config, Optional<String> chosen) {

    Section section() {
        List<Finding> findings = new ArrayList<>();
        String asked = config.transport().equals(ServerConfig.AUTO) ? "" : config.transport();
        findings.add(
                chosen.map(name -> Finding.ok("chosen", name, asked))
                        .orElse(Finding.shortfall("chosen", "none", asked, "")));
        for (TransportProvider provider : installed) findings.add(finding(provider));
        return new Section("transport", false, findings);
    }

    private Finding finding(TransportProvider provider) {
        Verdict verdict = provider.verdict();
        State state = verdict.works() ? State.OK : refused(provider.name());
        return new Finding(provider.name(), state, verdict.reason(), "", verdict.remedy());
    }

    /// A refusal matters when the transport was asked for, and most when that leaves none.
    private State refused(String name) {
        boolean asked =
                config.transport().equals(ServerConfig.AUTO) || config.transport().equals(name);
        if (!asked) return State.NOTE;
        return chosen.isPresent() ? State.WARNING : State.SHORTFALL;
    }
}
