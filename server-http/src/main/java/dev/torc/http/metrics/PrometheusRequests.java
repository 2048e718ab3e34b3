package dev.torc.http.metrics;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A server's requests for Prometheus, with whole histograms: `http_server_requests_seconds` has a
/// bucket for each power of two from 2^10 ns (about 1 us) to 2^36 ns (about 69 s), which
/// `histogram_quantile` takes.
///
/// ```java
/// registry.getPrometheusRegistry().register(new PrometheusRequests(metrics));
/// ```
@SuppressWarnings("exports") // whoever uses it requires the module
public final class PrometheusRequests implements MultiCollector {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int PER_POWER = 4;
    private static final int BOUNDS = (LatencyHistogram.BUCKETS - 2) / PER_POWER + 1;

    private final RequestMetrics metrics;
    private final MeterNames names;

    /// [MeterNames#MICROMETER].
    public PrometheusRequests(RequestMetrics metrics) {
        this(metrics, MeterNames.MICROMETER);
    }

    public PrometheusRequests(RequestMetrics metrics, MeterNames names) {
        this.metrics = metrics;
        this.names = names;
    }

    @Override
    public MetricSnapshots collect() {
        HistogramSnapshot.Builder requests =
                HistogramSnapshot.builder()
                        .name(requestsName())
                        .help("from a request's complete head until its answer is");
        Map<Tags, TaggedSeries> tagged = new HashMap<>();
        for (RequestSeries series : metrics.series()) {
            Tags tags = names.tags(series.key());
            tagged.computeIfAbsent(tags, _ -> new TaggedSeries()).add(series);
        }
        // The snapshot refuses two points with the same labels, and then nothing could be scraped.
        tagged.forEach((tags, series) -> requests.dataPoint(point(tags, series)));
        GaugeSnapshot active =
                GaugeSnapshot.builder()
                        .name(name(names.active()))
                        .help("requests whose answer is not complete yet")
                        .dataPoint(
                                GaugeDataPointSnapshot.builder()
                                        .value((double) metrics.active())
                                        .build())
                        .build();
        return MetricSnapshots.of(requests.build(), active);
    }

    @Override
    public List<MetricFamilyDescriptor> getMetricFamilyDescriptors() {
        return List.of(
                MetricFamilyDescriptor.histogram(requestsName()).build(),
                MetricFamilyDescriptor.gauge(name(names.active())).build());
    }

    private String requestsName() {
        return name(names.requests()) + "_seconds";
    }

    private static HistogramDataPointSnapshot point(Tags tags, TaggedSeries series) {
        return HistogramDataPointSnapshot.builder()
                .labels(labels(tags))
                .sum(series.nanos() / NANOS_PER_SECOND)
                .classicHistogramBuckets(buckets(series.buckets()))
                .build();
    }

    private static Labels labels(Tags tags) {
        List<String> labels = new ArrayList<>();
        for (Tag tag : tags) {
            labels.add(name(tag.getKey()));
            labels.add(tag.getValue());
        }
        return Labels.of(labels.toArray(String[]::new));
    }

    private static ClassicHistogramBuckets buckets(long[] counts) {
        List<Double> bounds = new ArrayList<>();
        List<Long> inside = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < BOUNDS; i++) {
            int last = i * PER_POWER;
            long count = 0;
            while (next <= last) count += counts[next++];
            bounds.add(LatencyHistogram.endNanos(last) / NANOS_PER_SECOND);
            inside.add(count);
        }
        bounds.add(Double.POSITIVE_INFINITY);
        inside.add(counts[next]);
        return ClassicHistogramBuckets.of(bounds, inside);
    }

    private static String name(String dotted) {
        return dotted.replace('.', '_');
    }
}
