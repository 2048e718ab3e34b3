package dev.torc.examples;

import dev.torc.uring.Probe;
import dev.torc.uring.Ring;

import java.util.List;

/// Shows what this machine's kernel offers a ring.
public final class UringProbe {
    private UringProbe() {}

    public static void main(String[] arguments) {
        String missing = Ring.unsupported().orElse("");
        System.out.println(missing.isEmpty() ? describe(Probe.ofThisKernel()) : missing);
    }

    static String describe(Probe probe) {
        return line("operations", probe.supported())
                + line("not there", probe.missing())
                + line("features", probe.features());
    }

    private static String line(String title, List<String> names) {
        return title + " (" + names.size() + "): " + String.join(" ", names) + "\n";
    }
}
