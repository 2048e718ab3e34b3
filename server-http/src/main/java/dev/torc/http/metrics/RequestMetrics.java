package dev.torc.http.metrics;

import dev.torc.core.Shard;
import dev.torc.http.RequestObserver;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Counts a server's requests by route, method, status and failure, with a histogram of the time
/// they took: on each shard in memory of its own, without a lock.
///
/// ```java
/// RequestMetrics metrics = new RequestMetrics();
/// HttpServer server = HttpServer.start(config, limits, metrics, router);
/// new RequestMeters(metrics).bindTo(registry);
/// new ShardMeters(server, metrics).bindTo(registry);
/// ```
///
/// At most 1,000 different combinations are told apart; what comes then is counted together. Give
/// it to one server only. Thread-safe.
public final class RequestMetrics implements RequestObserver.PerShard {
    static final int SERIES_MAX = 1000;

    private final Map<RequestKey, RequestSeries> series = new ConcurrentHashMap<>();
    private final List<ShardRequests> shards = new CopyOnWriteArrayList<>();
    private final List<Consumer<RequestSeries>> listeners = new CopyOnWriteArrayList<>();

    public RequestMetrics() {}

    @Override
    public RequestObserver start(Shard shard) {
        ShardRequests requests = new ShardRequests(this, shard);
        shards.add(requests);
        return requests;
    }

    /// Requests whose answer is not complete yet.
    public long active() {
        return shards.stream().mapToLong(ShardRequests::active).sum();
    }

    /// Requests that have ended, however they did, and what was refused without being one.
    public long count() {
        return series.values().stream().mapToLong(RequestSeries::count).sum();
    }

    /// Those of one shard.
    long count(int shard) {
        return shards.stream()
                .filter(one -> one.shard() == shard)
                .mapToLong(ShardRequests::ended)
                .sum();
    }

    Collection<RequestSeries> series() {
        return series.values();
    }

    /// Tells `listener` of each series, now or when it comes into being: soon after its first
    /// request, on another thread than a shard's. It may be told of one twice.
    void onSeries(Consumer<RequestSeries> listener) {
        listeners.add(listener);
        series.values().forEach(listener);
    }

    /// Where a shard counts requests of `key` from now on; null if there are too many keys.
    @Nullable LatencyHistogram newPart(RequestKey key) {
        RequestSeries known = series.get(key);
        if (known != null) return known.newPart();
        if (series.size() >= SERIES_MAX && !key.equals(RequestKey.REST)) return null;
        RequestSeries made = new RequestSeries(key);
        RequestSeries other = series.putIfAbsent(key, made);
        if (other != null) return other.newPart();
        LatencyHistogram part = made.newPart();
        Thread.startVirtualThread(() -> listeners.forEach(listener -> listener.accept(made)));
        return part;
    }
}
