package dev.torc.http.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

class PrometheusRequestsTest {
    private static final String SERIES =
            "{exception=\"None\",method=\"GET\",outcome=\"SUCCESS\",status=\"200\","
                    + "uri=\"/hello/{name}\"";

    @Test
    void writesWholeHistograms() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (MetricsServer server = new MetricsServer()) {
            registry.getPrometheusRegistry().register(new PrometheusRequests(server.metrics));
            server.get("/hello/a", "/hello/b", "/hello/c");
            List<String> lines = registry.scrape().lines().toList();
            String start = "http_server_requests_seconds_bucket" + SERIES;
            List<String> buckets = lines.stream().filter(l -> l.startsWith(start)).toList();
            assertEquals(28, buckets.size());
            assertTrue(buckets.getFirst().contains("le=\"1.024E-6\""), buckets.getFirst());
            assertEquals(start + ",le=\"+Inf\"} 3", buckets.getLast());
            assertTrue(lines.contains("http_server_requests_seconds_count" + SERIES + "} 3"));
            assertTrue(lines.contains("http_server_requests_active 0.0"));
        }
    }

    @Test
    void knowsTheNamesOfOpenTelemetry() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (MetricsServer server = new MetricsServer()) {
            registry.getPrometheusRegistry()
                    .register(new PrometheusRequests(server.metrics, MeterNames.OPEN_TELEMETRY));
            server.get("/hello/a");
            String text = registry.scrape();
            assertTrue(text.contains("http_server_request_duration_seconds_count"), text);
            assertTrue(text.contains("http_route=\"/hello/{name}\""), text);
        }
    }

    @ParameterizedTest
    @EnumSource
    void addsUpWhatItsLabelsDoNotTellApart(MeterNames names) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        RequestMetrics metrics = new RequestMetrics();
        registry.getPrometheusRegistry().register(new PrometheusRequests(metrics, names));
        SameTags.record(metrics);
        String count = names.requests().replace('.', '_') + "_seconds_count{";
        List<String> lines =
                registry.scrape().lines().filter(line -> line.startsWith(count)).toList();
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(lines.getFirst().endsWith("} 3"), lines.getFirst());
    }
}
