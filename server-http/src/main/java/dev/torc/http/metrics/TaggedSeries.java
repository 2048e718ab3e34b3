package dev.torc.http.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/// The requests of all series that have the same tags, as one: names of meters need not tell apart
/// what a [RequestKey] does. Thread-safe.
final class TaggedSeries {
    private final Set<RequestSeries> all = ConcurrentHashMap.newKeySet();

    /// Counts `series`, too; once, however often it is added.
    void add(RequestSeries series) {
        all.add(series);
    }

    /// Requests in each bucket of [LatencyHistogram].
    long[] buckets() {
        long[] sums = new long[LatencyHistogram.BUCKETS];
        for (RequestSeries series : all) {
            long[] buckets = series.buckets();
            for (int i = 0; i < sums.length; i++) sums[i] += buckets[i];
        }
        return sums;
    }

    long count() {
        return sum(RequestSeries::count);
    }

    long nanos() {
        return sum(RequestSeries::nanos);
    }

    long nanosMax() {
        return all.stream().mapToLong(RequestSeries::nanosMax).max().orElse(0);
    }

    long bytes() {
        return sum(RequestSeries::bytes);
    }

    private long sum(ToLongFunction<RequestSeries> part) {
        return all.stream().mapToLong(part).sum();
    }
}
