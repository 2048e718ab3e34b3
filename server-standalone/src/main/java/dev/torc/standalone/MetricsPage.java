package dev.torc.standalone;

import dev.torc.http.Handler;
import dev.torc.http.HttpServer;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.log.AccessLog;
import dev.torc.http.metrics.MeterNames;
import dev.torc.http.metrics.PrometheusRequests;
import dev.torc.http.metrics.RequestMetrics;
import dev.torc.http.metrics.ShardMeters;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.jspecify.annotations.Nullable;

/// What a Prometheus server scrapes: the meters of a server, its shards and the JVM, in the text
/// format or, for who accepts it, in that of OpenMetrics. However often it is asked for, it is made
/// five times a second at most. Waits for the shards: for a blocking route. Thread-safe.
final class MetricsPage implements Handler, AutoCloseable {
    private static final long AGE_NANOS_MAX = 200_000_000;
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final RequestMetrics requests;
    private final PrometheusMeterRegistry registry;
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Format text = new Format("text/plain; version=0.0.4; charset=utf-8");
    private final Format openMetrics = new Format(OPEN_METRICS + "; version=1.0.0; charset=utf-8");

    MetricsPage(RequestMetrics requests, MeterNames names) {
        this.requests = requests;
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.getPrometheusRegistry().register(new PrometheusRequests(requests, names));
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /// Adds the shards of a server.
    void add(HttpServer server) {
        new ShardMeters(server, requests).bindTo(registry);
    }

    /// Adds the lines that an access log has written and lost.
    void add(AccessLog log) {
        FunctionCounter.builder("torc.access.log.written", log, AccessLog::writtenCount)
                .description("lines of the access log that have been written")
                .register(registry);
        FunctionCounter.builder("torc.access.log.dropped", log, AccessLog::droppedCount)
                .description("lines of the access log that have been lost")
                .register(registry);
    }

    @Override
    public void handle(Request request, Response response) {
        String accept = request.header("Accept");
        boolean open = accept != null && accept.contains(OPEN_METRICS);
        Format format = open ? openMetrics : text;
        response.header("Content-Type", format.type);
        response.header("Vary", "Accept");
        response.header("Cache-Control", "no-store");
        response.send(format.scraped());
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }

    /// The page in one format, kept for a moment.
    private final class Format {
        private final String type;
        private @Nullable String page;
        private long madeNanos;

        Format(String type) {
            this.type = type;
        }

        synchronized String scraped() {
            String current = page;
            long now = System.nanoTime();
            if (current == null || now - madeNanos > AGE_NANOS_MAX) {
                current = registry.scrape(type);
                page = current;
                madeNanos = System.nanoTime();
            }
            return current;
        }
    }
}
