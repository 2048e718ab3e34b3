package dev.torc.http.metrics;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The requests of one [RequestKey], of all shards. Thread-safe.
final class RequestSeries {
    private final RequestKey key;
    private final List<LatencyHistogram> ofShards = new CopyOnWriteArrayList<>();

    RequestSeries(RequestKey key) {
        this.key = key;
    }

    RequestKey key() {
        return key;
    }

    /// One more shard counts here.
    LatencyHistogram newPart() {
        LatencyHistogram part = new LatencyHistogram();
        ofShards.add(part);
        return part;
    }

    /// Requests in each bucket of [LatencyHistogram].
    long[] buckets() {
        long[] buckets = new long[LatencyHistogram.BUCKETS];
        for (LatencyHistogram part : ofShards) {
            for (int i = 0; i < buckets.length; i++) buckets[i] += part.count(i);
        }
        return buckets;
    }

    long count() {
        long count = 0;
        for (long inBucket : buckets()) count += inBucket;
        return count;
    }

    long nanos() {
        return ofShards.stream().mapToLong(LatencyHistogram::nanos).sum();
    }

    long nanosMax() {
        return ofShards.stream().mapToLong(LatencyHistogram::nanosMax).max().orElse(0);
    }

    long bytes() {
        return ofShards.stream().mapToLong(LatencyHistogram::bytes).sum();
    }
}
