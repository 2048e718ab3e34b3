package dev.torc.standalone.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// What the control groups of this process allow it, of version 1 and 2 alike: the least of its own
/// group and those above.
record Cgroups(SystemFiles files) {
    private static final String MOUNT = "sys/fs/cgroup";

    /// CPUs' worth of time, from `cpu.max` (v2) or `cpu.cfs_quota_us` (v1); empty without a quota.
    OptionalDouble cpus() {
        return directories("cpu").stream()
                .map(this::cpus)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .min();
    }

    /// From `memory.max` (v2) or `memory.limit_in_bytes` (v1); empty without a limit.
    OptionalLong memoryBytes() {
        return directories("memory").stream()
                .map(this::memoryBytes)
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .min();
    }

    private OptionalDouble cpus(String directory) {
        String max = files.text(directory + "/cpu.max").orElse("");
        List<String> pair =
                max.isEmpty()
                        ? List.of(
                                files.text(directory + "/cpu.cfs_quota_us").orElse(""),
                                files.text(directory + "/cpu.cfs_period_us").orElse(""))
                        : Arrays.asList(max.split(" +", 2));
        if (pair.size() < 2) return OptionalDouble.empty();
        long quota = SystemFiles.parse(pair.get(0)).orElse(-1);
        long period = SystemFiles.parse(pair.get(1)).orElse(-1);
        if (quota <= 0 || period <= 0) return OptionalDouble.empty();
        return OptionalDouble.of((double) quota / period);
    }

    private OptionalLong memoryBytes(String directory) {
        OptionalLong max = files.number(directory + "/memory.max");
        if (max.isEmpty()) max = files.number(directory + "/memory.limit_in_bytes");
        // Version 1 says "no limit" with the largest number of whole pages.
        boolean limited = max.isPresent() && max.getAsLong() < 1L << 60;
        return limited ? max : OptionalLong.empty();
    }

    /// Where `controller` has its files: the process's own group first, then those above it.
    private List<String> directories(String controller) {
        String mount = MOUNT;
        String group = null;
        for (String line : files.text("proc/self/cgroup").orElse("").lines().toList()) {
            String[] fields = line.split(":", 3);
            if (fields.length < 3) continue;
            if (Arrays.asList(fields[1].split(",", -1)).contains(controller)) {
                // A hierarchy of version 1 wins: then version 2 does not have the controller.
                return upwards(MOUNT + "/" + mountOf(fields[1], controller), fields[2]);
            }
            if (fields[1].isEmpty()) group = fields[2];
        }
        return group == null ? List.of() : upwards(mount, group);
    }

    /// Version 1 mounts `cpu,cpuacct` under that name, most often with a link for each part.
    private String mountOf(String controllers, String controller) {
        boolean joint = files.root().resolve(MOUNT).resolve(controllers).toFile().isDirectory();
        return joint ? controllers : controller;
    }

    /// In a container a path may lead out of what is mounted there; the mount's own files count.
    private static List<String> upwards(String mount, String group) {
        List<String> directories = new ArrayList<>();
        Path path = Path.of("/").resolve(group).normalize();
        for (Path at = path; at != null && at.getNameCount() > 0; at = at.getParent()) {
            directories.add(mount + at);
        }
        directories.add(mount);
        return directories;
    }
}
