package dev.torc.standalone.doctor;

import dev.torc.core.Limits;
import dev.torc.core.ServerConfig;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// The container's share of the machine beside what the shards can use.
record CgroupFindings(
        Cgroups cgroups, List<ServerConfig> servers, long heapBytesMax, long lockedBytes) {
    Section section() {
        return Section.of("cgroup", cpu(), memory());
    }

    private Finding cpu() {
        OptionalDouble quota = cgroups.cpus();
        int shards = servers.getFirst().shards();
        String needed = shards == 1 ? "1 shard" : shards + " shards";
        if (quota.isEmpty()) return Finding.ok("cpu", "no quota", needed);
        String found = String.format(Locale.ROOT, "a quota of %.2f CPUs", quota.getAsDouble());
        int fitting = Math.max((int) Math.ceil(quota.getAsDouble()), 1);
        // More shards than CPUs are throttled together: each stalls with work at hand.
        return fitting >= shards
                ? Finding.ok("cpu", found, needed)
                : Finding.warning("cpu", found, needed, "torc demo --shards " + fitting);
    }

    private Finding memory() {
        OptionalLong limit = cgroups.memoryBytes();
        long needed = heapBytesMax + lockedBytes;
        for (ServerConfig server : servers) {
            needed += server.shards() * bytesMax(server.limits());
        }
        String most = "at most " + Sizes.bytes(needed);
        if (limit.isEmpty()) return Finding.ok("memory", "no limit", most);
        String found = Sizes.bytes(limit.getAsLong());
        if (limit.getAsLong() >= needed) return Finding.ok("memory", found, most);
        long mebibytes = (needed >> 20) + 1;
        return Finding.warning("memory", found, most, "docker run --memory " + mebibytes + "m");
    }

    /// Of one shard, besides its ring.
    private static long bytesMax(Limits limits) {
        return limits.poolBytesMax()
                + (long) limits.receiveBuffers() * limits.receiveBufferBytes()
                + (long) limits.bulkBuffers() * limits.bulkBufferBytes();
    }
}
