package dev.torc.core;

import dev.torc.core.spi.Transport;

/// What one shard has done since its start, and what it holds.
///
/// @param index which shard of its server
/// @param threadId of its thread, for a profiler or `ThreadMXBean`
/// @param turns of the duty cycle
/// @param inboxTasks tasks of other threads that wait in the inbox
/// @param timers that will fire
/// @param timerLagNanosMax how late the latest timer was, since the counters before these
/// @param slicesTaken that the pool has lent
/// @param poolBytes native memory that the pool has from the system
/// @param transport what its transport has done
public record ShardCounters(
        int index,
        long threadId,
        long turns,
        int inboxTasks,
        int timers,
        long timerLagNanosMax,
        long slicesTaken,
        long poolBytes,
        Transport.Counters transport) {}
