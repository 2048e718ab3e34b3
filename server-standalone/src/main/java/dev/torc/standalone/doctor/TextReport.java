package dev.torc.standalone.doctor;

import dev.torc.standalone.doctor.Finding.State;

import java.util.List;

/// A report for people: a line for each finding, and the remedy beneath what is short.
public record TextReport(Report report, String version, TextStyle style) {
    private static final int COLUMNS = 100;
    private static final int NAME_COLUMNS = 19;

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("\nTorc ").append(version).append('\n');
        for (Section section : report.sections()) {
            text.append('\n').append(style.bold(section.name())).append(summary(section));
            text.append('\n');
            if (section.compact()) {
                grid(text, section.findings());
            } else {
                section.findings().forEach(finding -> line(text, finding));
            }
        }
        return text.append('\n').append(verdict()).append("\n\n").toString();
    }

    private static String summary(Section section) {
        if (!section.compact()) return "";
        List<Finding> findings = section.findings();
        long there = findings.stream().filter(finding -> finding.state() == State.OK).count();
        return ": " + there + " of " + findings.size();
    }

    private void line(StringBuilder text, Finding finding) {
        text.append("  ").append(style.mark(finding.state())).append(' ');
        text.append(padded(finding.name(), NAME_COLUMNS)).append(finding.found());
        boolean same = finding.needed().equals(finding.found());
        if (!finding.needed().isEmpty() && !same) {
            text.append(" (needed: ").append(finding.needed()).append(')');
        }
        text.append('\n');
        if (finding.remedy().isEmpty()) return;
        text.append(" ".repeat(4 + NAME_COLUMNS)).append(style.arrow()).append(' ');
        text.append(finding.remedy()).append('\n');
    }

    private void grid(StringBuilder text, List<Finding> findings) {
        int longest =
                findings.stream().mapToInt(finding -> finding.name().length()).max().orElse(0);
        int cell = longest + 4;
        int perLine = Math.max((COLUMNS - 2) / cell, 1);
        for (int i = 0; i < findings.size(); i++) {
            Finding finding = findings.get(i);
            boolean last = i % perLine == perLine - 1 || i == findings.size() - 1;
            if (i % perLine == 0) text.append("  ");
            text.append(style.mark(finding.state())).append(' ');
            text.append(last ? finding.name() + "\n" : padded(finding.name(), cell - 2));
        }
    }

    private String verdict() {
        String verdict =
                report.starts()
                        ? style.mark(State.OK) + " A server starts here as configured"
                        : style.mark(State.SHORTFALL)
                                + " A server does not start here as configured";
        long warnings = report.count(State.WARNING);
        if (warnings == 0) return verdict + ".";
        return verdict + "; " + warnings + (warnings == 1 ? " warning." : " warnings.");
    }

    private static String padded(String text, int columns) {
        return text + " ".repeat(Math.max(columns - text.length(), 1));
    }
}
