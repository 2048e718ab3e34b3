package dev.torc.standalone.doctor;

import dev.torc.standalone.doctor.Finding.State;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Locale;

/// A report for programs: the keys do not change, see `docs/doctor.md`.
public record JsonReport(Report report, String version) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Override
    public String toString() {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", version);
        root.put("starts", report.starts());
        root.put("shortfalls", report.count(State.SHORTFALL));
        root.put("warnings", report.count(State.WARNING));
        ObjectNode sections = root.putObject("sections");
        for (Section section : report.sections()) {
            ArrayNode findings = sections.putArray(key(section.name()));
            section.findings().forEach(finding -> put(findings.addObject(), finding));
        }
        return JSON.writeValueAsString(root) + "\n";
    }

    private static void put(ObjectNode node, Finding finding) {
        node.put("name", finding.name());
        node.put("state", finding.state().name().toLowerCase(Locale.ROOT));
        node.put("found", finding.found());
        node.put("needed", finding.needed());
        node.put("remedy", finding.remedy());
    }

    private static String key(String name) {
        return name.replace(' ', '_').replace('-', '_');
    }
}
