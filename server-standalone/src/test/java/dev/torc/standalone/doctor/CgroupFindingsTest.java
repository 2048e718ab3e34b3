package dev.torc.standalone.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.core.ServerConfig;
import dev.torc.standalone.doctor.Finding.State;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class CgroupFindingsTest {
    private static final String V2 = "sys/fs/cgroup/";

    @TempDir private Path directory = Path.of("");

    private List<Finding> findings(int shards) {
        Cgroups cgroups = new Cgroups(new TestRoot(directory).files());
        List<ServerConfig> servers = List.of(ServerConfig.defaults().withShards(shards));
        return new CgroupFindings(cgroups, servers, 100L << 20, 1L << 20).section().findings();
    }

    @Test
    void withoutLimitsAllIsWell() {
        assertEquals(
                List.of(
                        Finding.ok("cpu", "no quota", "3 shards"),
                        Finding.ok("memory", "no limit", "at most 884 MiB")),
                findings(3));
    }

    /// And its one shard takes no CPU worth a shard.
    @Test
    void aSecondServerNeedsMemoryToo() {
        Cgroups cgroups = new Cgroups(new TestRoot(directory).files());
        ServerConfig config = ServerConfig.defaults().withShards(2);
        List<ServerConfig> servers = List.of(config, config.withShards(1));
        assertEquals(
                List.of(
                        Finding.ok("cpu", "no quota", "2 shards"),
                        Finding.ok("memory", "no limit", "at most 884 MiB")),
                new CgroupFindings(cgroups, servers, 100L << 20, 1L << 20).section().findings());
    }

    @Test
    void moreShardsThanTheQuotaAreTooMany() {
        new TestRoot(directory)
                .put("proc/self/cgroup", "0::/\n")
                .put(V2 + "cpu.max", "150000 100000");
        Finding two = findings(2).getFirst();
        assertEquals(Finding.ok("cpu", "a quota of 1.50 CPUs", "2 shards"), two);
        Finding three = findings(3).getFirst();
        assertEquals(State.WARNING, three.state());
        assertEquals("torc demo --shards 2", three.remedy());
    }

    @Test
    void aMemoryLimitBelowWhatMayBeUsedIsTooLow() {
        TestRoot root = new TestRoot(directory).put("proc/self/cgroup", "0::/\n");
        root.put(V2 + "memory.max", Long.toString(362L << 20));
        assertEquals(Finding.ok("memory", "362 MiB", "at most 362 MiB"), findings(1).getLast());
        root.put(V2 + "memory.max", Long.toString(361L << 20));
        assertEquals(
                Finding.warning("memory", "361 MiB", "at most 362 MiB", "docker run --memory 363m"),
                findings(1).getLast());
    }
}
