package dev.torc.standalone.doctor;

import dev.torc.core.ServerConfig;
import dev.torc.core.spi.TransportProvider.Needs;
import dev.torc.uring.KernelRelease;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The limits of the process and the kernel that bound connections.
record LimitFindings(SystemFiles files, ServerConfig config, Needs needs, String kernel) {
    private static final KernelRelease CHARGES_RINGS = new KernelRelease(6, 14);
    private static final int CAP_IPC_LOCK = 14;

    Section section() {
        return Section.of("limits", descriptors(), locked(), backlog());
    }

    private Finding descriptors() {
        String name = "nofile";
        String needed = Long.toString(needs.descriptors());
        OptionalLong soft = soft("Max open files");
        if (soft.isEmpty()) return Finding.unknown(name, needed);
        String found = isUnlimited(soft) ? "unlimited" : Long.toString(soft.getAsLong());
        // A ring's table gets as many places as the limit allows: with less there are fewer
        // connections. A server starts with as few as 20.
        return soft.getAsLong() >= needs.descriptors()
                ? Finding.ok(name, found, needed)
                : Finding.warning(name, found, needed, "ulimit -n " + needs.descriptors());
    }

    private Finding locked() {
        String name = "memlock";
        String needed = Sizes.bytes(needs.lockedBytes());
        OptionalLong soft = soft("Max locked memory");
        if (soft.isEmpty()) return Finding.unknown(name, needed);
        String found = isUnlimited(soft) ? "unlimited" : Sizes.bytes(soft.getAsLong());
        if (soft.getAsLong() >= needs.lockedBytes()) return Finding.ok(name, found, needed);
        if (mayLock()) return Finding.ok(name, found + ", with CAP_IPC_LOCK", needed);
        if (KernelRelease.parse(kernel).isOlderThan(CHARGES_RINGS)) {
            String old = found + ", not used for rings before Linux " + CHARGES_RINGS;
            return Finding.ok(name, old, needed);
        }
        return Finding.shortfall(name, found, needed, "ulimit -l unlimited");
    }

    private Finding backlog() {
        String name = "somaxconn";
        int backlog = config.limits().acceptBacklog();
        OptionalLong most = files.number("proc/sys/net/core/somaxconn");
        if (most.isEmpty()) return Finding.unknown(name, Long.toString(backlog));
        String found = Long.toString(most.getAsLong());
        return most.getAsLong() >= backlog
                ? Finding.ok(name, found, Long.toString(backlog))
                : Finding.warning(
                        name,
                        found,
                        Long.toString(backlog),
                        "sysctl -w net.core.somaxconn=" + backlog);
    }

    private boolean mayLock() {
        Pattern effective = Pattern.compile("(?m)^CapEff:\\s*([0-9a-f]{1,16})$");
        Matcher found = effective.matcher(files.text("proc/self/status").orElse(""));
        return found.find()
                && (Long.parseUnsignedLong(found.group(1), 16) >>> CAP_IPC_LOCK & 1) != 0;
    }

    /// The soft limit: the one that holds. The JVM has raised that of open files to the hard one.
    private OptionalLong soft(String limit) {
        Pattern line = Pattern.compile("(?m)^" + limit + "\\s+(\\d+|unlimited)\\s");
        Matcher found = line.matcher(files.text("proc/self/limits").orElse(""));
        if (!found.find()) return OptionalLong.empty();
        String value = found.group(1);
        return value.equals("unlimited")
                ? OptionalLong.of(Long.MAX_VALUE)
                : SystemFiles.parse(value);
    }

    private static boolean isUnlimited(OptionalLong limit) {
        return limit.getAsLong() == Long.MAX_VALUE;
    }
}
