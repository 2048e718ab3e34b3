package dev.torc.standalone.doctor;

import java.util.List;

/// Findings on one subject.
///
/// @param compact whether they are many and short: a name and a mark say it all
public record Section(String name, boolean compact, List<Finding> findings) {
    static Section of(String name, Finding... findings) {
        return new Section(name, false, List.of(findings));
    }
}
