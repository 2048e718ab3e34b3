package dev.torc.http.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// The meters of a server's requests, for any Micrometer registry: a timer for each route, method,
/// status and failure, the longest time, the bytes of the answers' bodies, and the requests that
/// have not ended. Meters of new combinations are registered when these come up.
///
/// For Prometheus there are [PrometheusRequests], which have whole histograms; bind only one of the
/// two.
@SuppressWarnings("exports") // whoever uses it requires the module
public final class RequestMeters implements MeterBinder {
    private final RequestMetrics metrics;
    private final MeterNames names;

    /// [MeterNames#MICROMETER].
    public RequestMeters(RequestMetrics metrics) {
        this(metrics, MeterNames.MICROMETER);
    }

    public RequestMeters(RequestMetrics metrics, MeterNames names) {
        this.metrics = metrics;
        this.names = names;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bindActive(registry);
        // Held by what listens: the meters themselves hold it only weakly.
        Map<Tags, TaggedSeries> tagged = new ConcurrentHashMap<>();
        metrics.onSeries(
                series -> {
                    Tags tags = names.tags(series.key());
                    TaggedSeries made = new TaggedSeries();
                    TaggedSeries known = tagged.putIfAbsent(tags, made);
                    (known == null ? made : known).add(series);
                    if (known == null) bind(made, tags, registry);
                });
    }

    private void bindActive(MeterRegistry registry) {
        Gauge.builder(names.active(), metrics, RequestMetrics::active)
                .description("requests whose answer is not complete yet")
                .register(registry);
    }

    private void bind(TaggedSeries series, Tags tags, MeterRegistry registry) {
        FunctionTimer.builder(
                        names.requests(),
                        series,
                        TaggedSeries::count,
                        TaggedSeries::nanos,
                        TimeUnit.NANOSECONDS)
                .description("from a request's complete head until its answer is")
                .tags(tags)
                .register(registry);
        TimeGauge.builder(
                        names.requests() + ".longest",
                        series,
                        TimeUnit.NANOSECONDS,
                        TaggedSeries::nanosMax)
                .description("the longest that a request has taken since the start")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder(names.requests() + ".bytes", series, TaggedSeries::bytes)
                .description("bytes of the bodies of answers")
                .baseUnit("bytes")
                .tags(tags)
                .register(registry);
    }
}
