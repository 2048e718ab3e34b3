package dev.torc.uring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// What may keep this process from io_uring. Empty where the system does not say.
///
/// @param seccomp 0 off, 1 strict, 2 a filter (`Seccomp` in `/proc/self/status`)
/// @param noNewPrivs whether privileges can no longer be gained (0 or 1), as containers ask for
/// @param disabled `kernel.io_uring_disabled` (6.6): 0 for nobody, 1 for the unprivileged, 2 for
///   all
/// @param group `kernel.io_uring_group`: who may nevertheless when it is 1; -1 is nobody
/// @param exempt whether this process may when it is 1: it has `CAP_SYS_ADMIN` or is in the group
public record Confinement(
        OptionalInt seccomp,
        OptionalInt noNewPrivs,
        OptionalInt disabled,
        OptionalInt group,
        boolean exempt) {

    private static final int CAP_SYS_ADMIN = 21;

    /// Reads the files below `root`, which is `/` but for tests.
    public static Confinement read(Path root) {
        Map<String, String> status = status(root.resolve("proc/self/status"));
        OptionalInt group = number(text(root.resolve("proc/sys/kernel/io_uring_group")));
        return new Confinement(
                number(status.getOrDefault("Seccomp", "")),
                number(status.getOrDefault("NoNewPrivs", "")),
                number(text(root.resolve("proc/sys/kernel/io_uring_disabled"))),
                group,
                isAdmin(status) || isMember(status, group));
    }

    /// Whether a filter decides which system calls get through.
    public boolean isFiltered() {
        return seccomp.orElse(0) == 2;
    }

    /// Whether `kernel.io_uring_disabled` refuses this process a ring.
    public boolean isDisabled() {
        int value = disabled.orElse(0);
        return value >= 2 || (value == 1 && !exempt);
    }

    private static boolean isAdmin(Map<String, String> status) {
        String effective = status.getOrDefault("CapEff", "");
        if (!effective.matches("[0-9a-f]{1,16}")) return false;
        return (Long.parseUnsignedLong(effective, 16) >>> CAP_SYS_ADMIN & 1) != 0;
    }

    private static boolean isMember(Map<String, String> status, OptionalInt group) {
        if (group.isEmpty() || group.getAsInt() < 0) return false;
        String groups = status.getOrDefault("Gid", "") + " " + status.getOrDefault("Groups", "");
        return List.of(groups.split("\\s+")).contains(Integer.toString(group.getAsInt()));
    }

    private static Map<String, String> status(Path file) {
        Map<String, String> fields = new HashMap<>();
        for (String line : text(file).lines().toList()) {
            int colon = line.indexOf(':');
            if (colon > 0) fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return fields;
    }

    private static OptionalInt number(String text) {
        return text.matches("-?\\d{1,9}")
                ? OptionalInt.of(Integer.parseInt(text))
                : OptionalInt.empty();
    }

    private static String text(Path file) {
        // Not Files.readString: it reads a file of unknown size byte by byte at first, and of what
        // is
        // below /proc/sys the kernel hands out nothing but the first read.
        try (InputStream in = new FileInputStream(file.toFile())) {
            return new String(in.readAllBytes(), UTF_8).strip();
        } catch (IOException absent) {
            return "";
        }
    }
}
