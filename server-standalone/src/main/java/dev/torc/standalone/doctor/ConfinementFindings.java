package dev.torc.standalone.doctor;

import dev.torc.uring.Confinement;

import java.util.List;
import java.util.OptionalInt;

/// What may keep the process from io_uring, whether or not it does.
record ConfinementFindings(Confinement confinement) {
    private static final List<String> SECCOMP_MODES = List.of("off", "strict", "a filter");

    Section section() {
        return Section.of(
                "confinement",
                disabled(),
                said("io_uring_group", confinement.group()),
                seccomp(),
                said("no_new_privs", confinement.noNewPrivs()));
    }

    private Finding disabled() {
        String name = "io_uring_disabled";
        OptionalInt value = confinement.disabled();
        if (value.isEmpty()) return Finding.unknown(name, "0");
        String found = Integer.toString(value.getAsInt());
        if (confinement.isDisabled()) {
            return Finding.warning(name, found, "0", "sysctl -w kernel.io_uring_disabled=0");
        }
        boolean exempt = value.getAsInt() != 0;
        return Finding.ok(name, exempt ? found + ", but not for this process" : found, "0");
    }

    /// That there is a filter says nothing of what it refuses: the transport's verdict does.
    private Finding seccomp() {
        OptionalInt mode = confinement.seccomp();
        if (mode.isEmpty()) return Finding.unknown("seccomp", "");
        int value = mode.getAsInt();
        boolean known = value >= 0 && value < SECCOMP_MODES.size();
        String found = value + (known ? " (" + SECCOMP_MODES.get(value) + ")" : "");
        return value == 0 ? Finding.ok("seccomp", found, "") : Finding.note("seccomp", found, "");
    }

    private static Finding said(String name, OptionalInt value) {
        return value.isEmpty()
                ? Finding.unknown(name, "")
                : Finding.note(name, Integer.toString(value.getAsInt()), "");
    }
}
