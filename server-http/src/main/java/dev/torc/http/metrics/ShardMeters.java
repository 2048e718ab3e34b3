package dev.torc.http.metrics;

import dev.torc.core.ShardCounters;
import dev.torc.http.HttpServer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.jspecify.annotations.Nullable;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// The meters of a server's shards, each with the tag `shard`: what `docs/metrics.md` lists. They
/// cost the shards nothing until they are read.
@SuppressWarnings("exports") // whoever uses it requires the module
public final class ShardMeters implements MeterBinder {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String BYTES = "bytes";
    private static final String SECONDS = "seconds";
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /// One meter of each shard.
    ///
    /// @param counts whether it only grows
    private record ShardMeter(
            String name,
            boolean counts,
            @Nullable String unit,
            String description,
            ToDoubleFunction<ShardCounters> value) {}

    private static final List<ShardMeter> METERS =
            List.of(
                    counter(
                            "torc.connections.accepted",
                            "connections accepted",
                            c -> c.transport().accepted()),
                    counter(
                            "torc.connections.refused",
                            "connections reset because their client had too many",
                            c -> c.transport().refused()),
                    gauge(
                            "torc.connections.open",
                            "connections that hold a slot",
                            c -> c.transport().open()),
                    gauge(
                            "torc.connections.slots",
                            "connections that the shard can hold",
                            c -> c.transport().slots()),
                    counter(
                            "torc.accept.pauses",
                            "times accepting stopped, for want of slots, descriptors or memory",
                            c -> c.transport().acceptPauses()),
                    counter("torc.receives", "times data arrived", c -> c.transport().receives()),
                    bytes("torc.received", "what arrived", c -> c.transport().receivedBytes()),
                    counter("torc.sends", "sends", c -> c.transport().sends()),
                    bytes(
                            "torc.sent",
                            "what has gone, files included",
                            c -> c.transport().sentBytes()),
                    bytes(
                            "torc.sent.moved",
                            "of these, by sendfile(2) or splice(2)",
                            c -> c.transport().movedBytes()),
                    counter("torc.loop.turns", "turns of the duty cycle", ShardCounters::turns),
                    counter(
                            "torc.loop.waits",
                            "entries into the kernel",
                            c -> c.transport().waits()),
                    new ShardMeter(
                            "torc.loop.cpu",
                            true,
                            SECONDS,
                            "CPU time of the shard: its rate is the busy share of the loop",
                            c ->
                                    Math.max(0, THREADS.getThreadCpuTime(c.threadId()))
                                            / NANOS_PER_SECOND),
                    counter(
                            "torc.ring.submissions",
                            "entries that the kernel has taken",
                            c -> c.transport().ring().submissions()),
                    counter(
                            "torc.ring.completions",
                            "entries that the kernel has returned",
                            c -> c.transport().ring().completions()),
                    gauge(
                            "torc.ring.completions.longest",
                            "most completions in one turn since the start",
                            c -> c.transport().ring().completionsMax()),
                    gauge(
                            "torc.ring.submissions.pending",
                            "entries that wait for the kernel to take them",
                            c -> c.transport().ring().submissionsPending()),
                    gauge(
                            "torc.ring.completions.ready",
                            "entries that wait to be drained",
                            c -> c.transport().ring().completionsReady()),
                    counter(
                            "torc.ring.overflows",
                            "times the completion queue was full",
                            c -> c.transport().overflows()),
                    counter(
                            "torc.ring.stale",
                            "completions for connections already gone",
                            c -> c.transport().stale()),
                    counter(
                            "torc.ring.receives.armed",
                            "multishot receives armed, and armed again",
                            c -> c.transport().ring().receivesArmed()),
                    gauge(
                            "torc.receive.buffers",
                            "receive buffers that there are",
                            c -> c.transport().ring().buffers()),
                    gauge(
                            "torc.receive.buffers.out",
                            "receive buffers neither with the kernel nor ready for it",
                            c -> c.transport().buffersOut()),
                    counter(
                            "torc.receive.starved",
                            "times a connection found no receive buffer free (ENOBUFS)",
                            c -> c.transport().starved()),
                    gauge(
                            "torc.inbox.tasks",
                            "tasks of other threads that wait",
                            ShardCounters::inboxTasks),
                    gauge("torc.timers", "timers that will fire", ShardCounters::timers),
                    new ShardMeter(
                            "torc.timers.lag",
                            false,
                            SECONDS,
                            "how late the latest timer was, since the shard was asked before",
                            c -> c.timerLagNanosMax() / NANOS_PER_SECOND),
                    gauge(
                            "torc.pool.slices",
                            "slices that the pool has lent",
                            ShardCounters::slicesTaken),
                    new ShardMeter(
                            "torc.pool",
                            false,
                            BYTES,
                            "native memory that the pool has from the system",
                            ShardCounters::poolBytes),
                    gauge(
                            "torc.pipes",
                            "pipes open for splice(2)",
                            c -> c.transport().ring().pipes()),
                    gauge(
                            "torc.pipes.awaited",
                            "transfers that wait for a pipe",
                            c -> c.transport().ring().pipesAwaited()));

    private final HttpServer server;
    private final @Nullable RequestMetrics requests;

    /// Without `torc.requests`, the requests of each shard.
    public ShardMeters(HttpServer server) {
        this(server, null);
    }

    /// @param requests what `server` was started with, if it was
    public ShardMeters(HttpServer server, @Nullable RequestMetrics requests) {
        this.server = server;
        this.requests = requests;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        ShardSnapshots snapshots = new ShardSnapshots(server, server.shardCount());
        for (int shard = 0; shard < server.shardCount(); shard++) {
            for (ShardMeter meter : METERS) bind(meter, snapshots, shard, registry);
            int index = shard;
            Gauge.builder("torc.shard.answers", snapshots, all -> all.answers(index) ? 1 : 0)
                    .description("0 while a handler holds the shard")
                    .strongReference(true)
                    .tag("shard", Integer.toString(shard))
                    .register(registry);
            if (requests != null) bindRequests(requests, shard, registry);
        }
    }

    private static void bindRequests(RequestMetrics requests, int shard, MeterRegistry registry) {
        FunctionCounter.builder("torc.requests", requests, all -> all.count(shard))
                .description("requests that have ended, however they did")
                .tag("shard", Integer.toString(shard))
                .register(registry);
    }

    private static void bind(
            ShardMeter meter, ShardSnapshots snapshots, int shard, MeterRegistry registry) {
        String tag = Integer.toString(shard);
        ToDoubleFunction<ShardSnapshots> value =
                all -> {
                    ShardCounters counters = all.of(shard);
                    return counters == null ? 0 : meter.value().applyAsDouble(counters);
                };
        if (meter.counts()) {
            FunctionCounter.builder(meter.name(), snapshots, value)
                    .description(meter.description())
                    .baseUnit(meter.unit())
                    .tag("shard", tag)
                    .register(registry);
        } else {
            Gauge.builder(meter.name(), snapshots, value)
                    .description(meter.description())
                    .baseUnit(meter.unit())
                    .strongReference(true)
                    .tag("shard", tag)
                    .register(registry);
        }
    }

    private static ShardMeter counter(
            String name, String description, ToDoubleFunction<ShardCounters> value) {
        return new ShardMeter(name, true, null, description, value);
    }

    private static ShardMeter bytes(
            String name, String description, ToDoubleFunction<ShardCounters> value) {
        return new ShardMeter(name, true, BYTES, description, value);
    }

    private static ShardMeter gauge(
            String name, String description, ToDoubleFunction<ShardCounters> value) {
        return new ShardMeter(name, false, null, description, value);
    }
}
