package dev.torc.http.metrics;

import dev.torc.core.Shard;
import dev.torc.http.EndedRequest;
import dev.torc.http.EndedRequest.Outcome;
import dev.torc.http.Method;
import dev.torc.http.RequestObserver;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the requests of one shard, on its thread. Allocates nothing for a request that is like an
/// earlier one in route, method, status and failure.
///
/// Alike answers that are handed over together, as to pipelined requests, are counted together:
/// they have begun and ended at the same times, and the clock is most of what counting costs.
final class ShardRequests implements RequestObserver {
    private final RequestMetrics metrics;
    private final Shard shard;

    // Written by this shard's thread only: opaque is enough, and costs what a plain store does.
    private final AtomicLong active = new AtomicLong();

    /// All that this shard counts in, for other threads.
    private final List<LatencyHistogram> parts = new CopyOnWriteArrayList<>();

    /// Open addressing; a power of two, at most half full.
    private @Nullable Entry[] entries = new Entry[64];

    private int count;
    private @Nullable LatencyHistogram rest;

    // Answers that are alike and have not been handed over.
    private @Nullable LatencyHistogram alike;
    private int alikeCount;
    private long alikeBeganNanos;
    private long alikeBytes;

    private record Entry(
            String route,
            Method method,
            int status,
            @Nullable Class<?> failure,
            boolean cut,
            LatencyHistogram histogram) {
        boolean is(
                String ofRoute,
                Method ofMethod,
                int ofStatus,
                @Nullable Class<?> ofFailure,
                boolean isCut) {
            return status == ofStatus
                    && method == ofMethod
                    && failure == ofFailure
                    && cut == isCut
                    && route.equals(ofRoute);
        }
    }

    ShardRequests(RequestMetrics metrics, Shard shard) {
        this.metrics = metrics;
        this.shard = shard;
    }

    /// Which shard of the server.
    int shard() {
        return shard.index();
    }

    /// Requests that have ended here. From any thread.
    long ended() {
        return parts.stream().mapToLong(LatencyHistogram::count).sum();
    }

    /// Requests that have begun and not ended. From any thread.
    long active() {
        return active.getOpaque();
    }

    @Override
    public void onBegin() {
        active.setOpaque(active.getPlain() + 1);
    }

    @Override
    public void onEnd(EndedRequest request) {
        if (request.hasBegun()) active.setOpaque(active.getPlain() - 1);
        LatencyHistogram histogram = histogramOf(request);
        if (request.outcome() != Outcome.ANSWERED) {
            histogram.record(1, request.nanos(), request.bodyBytes());
            return;
        }
        long beganNanos = request.beganNanos();
        if (histogram != alike || beganNanos != alikeBeganNanos) {
            onHandOver();
            alike = histogram;
            alikeBeganNanos = beganNanos;
        }
        alikeCount++;
        alikeBytes += request.bodyBytes();
    }

    @Override
    public void onHandOver() {
        LatencyHistogram histogram = alike;
        if (histogram == null) return;
        long nanos = Math.max(0, shard.clockNanos() - alikeBeganNanos);
        histogram.record(alikeCount, nanos, alikeBytes);
        alike = null;
        alikeCount = 0;
        alikeBytes = 0;
    }

    private LatencyHistogram histogramOf(EndedRequest request) {
        String route = request.routeTemplate();
        Method method = request.method();
        int status = request.status();
        Throwable failed = request.failure();
        Class<?> failure = failed == null ? null : failed.getClass();
        boolean cut = request.outcome() == Outcome.CUT;
        int mask = entries.length - 1;
        int at = hash(route, status, method) & mask;
        Entry entry;
        while ((entry = entries[at]) != null) {
            if (entry.is(route, method, status, failure, cut)) return entry.histogram();
            at = (at + 1) & mask;
        }
        return add(route, method, status, failure, cut);
    }

    private LatencyHistogram add(
            String route, Method method, int status, @Nullable Class<?> failure, boolean cut) {
        RequestKey key = new RequestKey(route, method, status, name(failure), cut);
        LatencyHistogram histogram = metrics.newPart(key);
        if (histogram == null) return rest();
        parts.add(histogram);
        if (2 * (count + 1) > entries.length) grow();
        put(entries, new Entry(route, method, status, failure, cut, histogram));
        count++;
        return histogram;
    }

    /// The simple name or, of an anonymous class, which has none, the whole one.
    private static @Nullable String name(@Nullable Class<?> failure) {
        if (failure == null) return null;
        String simple = failure.getSimpleName();
        return simple.isEmpty() ? failure.getName() : simple;
    }

    private LatencyHistogram rest() {
        LatencyHistogram known = rest;
        if (known != null) return known;
        LatencyHistogram made = metrics.newPart(RequestKey.REST);
        if (made == null) made = new LatencyHistogram();
        rest = made;
        parts.add(made);
        return made;
    }

    private void grow() {
        @Nullable Entry[] larger = new Entry[2 * entries.length];
        for (Entry entry : entries) {
            if (entry != null) put(larger, entry);
        }
        entries = larger;
    }

    private static void put(@Nullable Entry[] into, Entry entry) {
        int mask = into.length - 1;
        int at = hash(entry.route(), entry.status(), entry.method()) & mask;
        while (into[at] != null) at = (at + 1) & mask;
        into[at] = entry;
    }

    private static int hash(String route, int status, Method method) {
        int mixed = (route.hashCode() * 31 + status) * 31 + method.hashCode();
        return mixed ^ mixed >>> 16;
    }
}
