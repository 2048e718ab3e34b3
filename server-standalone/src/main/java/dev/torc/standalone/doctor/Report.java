package dev.torc.standalone.doctor;

import dev.torc.standalone.doctor.Finding.State;

import java.util.List;

/// All that was found.
public record Report(List<Section> sections) {
    /// Whether a server starts here as configured.
    public boolean starts() {
        return count(State.SHORTFALL) == 0;
    }

    long count(State state) {
        return sections.stream()
                .flatMap(section -> section.findings().stream())
                .filter(finding -> finding.state() == state)
                .count();
    }
}
