package dev.torc.standalone.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalLong;

class CgroupsTest {
    private static final String V2 = "sys/fs/cgroup/";

    @TempDir private Path directory = Path.of("");

    private void assertLimits(TestRoot root, double cpus, long memoryBytes) {
        Cgroups cgroups = new Cgroups(root.files());
        assertEquals(cpus < 0 ? OptionalDouble.empty() : OptionalDouble.of(cpus), cgroups.cpus());
        assertEquals(
                memoryBytes < 0 ? OptionalLong.empty() : OptionalLong.of(memoryBytes),
                cgroups.memoryBytes());
    }

    @Test
    void withoutFilesThereIsNoLimit() {
        assertLimits(new TestRoot(directory), -1, -1);
    }

    @Test
    void version2IsReadInTheProcesssGroup() {
        TestRoot root = new TestRoot(directory).put("proc/self/cgroup", "0::/system/torc\n");
        root.put(V2 + "system/torc/cpu.max", "150000 100000\n");
        root.put(V2 + "system/torc/memory.max", "268435456\n");
        assertLimits(root, 1.5, 268_435_456);
    }

    @Test
    void theLeastOfAGroupAndThoseAboveItCounts() {
        TestRoot root = new TestRoot(directory).put("proc/self/cgroup", "0::/a/b\n");
        root.put(V2 + "a/b/cpu.max", "400000 100000\n").put(V2 + "a/cpu.max", "50000 100000\n");
        root.put(V2 + "a/b/memory.max", "max\n").put(V2 + "a/memory.max", "1000000\n");
        assertLimits(root, 0.5, 1_000_000);
    }

    @Test
    void maxIsNoLimit() {
        TestRoot root = new TestRoot(directory).put("proc/self/cgroup", "0::/\n");
        root.put(V2 + "cpu.max", "max 100000\n").put(V2 + "memory.max", "max\n");
        assertLimits(root, -1, -1);
    }

    /// In a container without a namespace for them, the path is the host's.
    @Test
    void aPathThatIsNotThereLeavesTheMountsOwnFiles() {
        TestRoot root = new TestRoot(directory).put("proc/self/cgroup", "0::/docker/abc\n");
        root.put(V2 + "cpu.max", "100000 100000\n").put(V2 + "memory.max", "4096\n");
        assertLimits(root, 1, 4096);
        root.put("proc/self/cgroup", "0::/../../other\n");
        assertLimits(root, 1, 4096);
    }

    @Test
    void version1IsReadUnderEachControllersMount() {
        TestRoot root =
                new TestRoot(directory)
                        .put("proc/self/cgroup", "5:memory:/m\n4:cpu,cpuacct:/c\n0::/u\n");
        root.put(V2 + "cpu,cpuacct/c/cpu.cfs_quota_us", "200000\n");
        root.put(V2 + "cpu,cpuacct/c/cpu.cfs_period_us", "100000\n");
        root.put(V2 + "memory/m/memory.limit_in_bytes", "8192\n");
        root.put(V2 + "memory/memory.limit_in_bytes", "9223372036854771712\n");
        assertLimits(root, 2, 8192);
    }

    @Test
    void version1WithoutALimitSaysSo() {
        TestRoot root =
                new TestRoot(directory).put("proc/self/cgroup", "2:memory:/\n1:cpu:/\nnonsense\n");
        root.put(V2 + "cpu/cpu.cfs_quota_us", "-1\n").put(V2 + "cpu/cpu.cfs_period_us", "1000\n");
        root.put(V2 + "memory/memory.limit_in_bytes", "9223372036854771712\n");
        assertLimits(root, -1, -1);
    }
}
