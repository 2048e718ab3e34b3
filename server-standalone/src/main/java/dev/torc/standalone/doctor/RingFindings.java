package dev.torc.standalone.doctor;

import dev.torc.uring.Probe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What the kernel offers a ring, one by one. What is missing is no fault: the transport's verdict
/// says whether one of them is needed.
record RingFindings(Probe probe) {
    List<Section> sections() {
        return List.of(
                section("set-up flags", "in use", probe.setup(), probe.setupMissing()),
                section("features", "supported", probe.features(), probe.featuresMissing()),
                section("operations", "supported", probe.supported(), probe.missing()));
    }

    private static Section section(
            String name, String there, List<String> present, List<String> missing) {
        List<Finding> findings = new ArrayList<>();
        for (String each : present) findings.add(Finding.ok(each, there, ""));
        for (String each : missing) findings.add(Finding.note(each, "missing", ""));
        findings.sort(Comparator.comparing(Finding::name));
        return new Section(name, true, findings);
    }
}
