package dev.torc.http.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.LogRecords;
import dev.torc.testkit.Await;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.concurrent.TimeUnit;

class RequestMetersTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private FunctionTimer timer(String name, String... tags) {
        Await.until(
                name + " is registered",
                () -> registry.find(name).tags(tags).functionTimer() != null);
        return registry.get(name).tags(tags).functionTimer();
    }

    @Test
    void namesThemAsMicrometerDoes() throws Exception {
        try (LogRecords _ = new LogRecords("dev.torc.http");
                MetricsServer server = new MetricsServer()) {
            new RequestMeters(server.metrics).bindTo(registry);
            server.get("/hello/a", "/hello/b", "/lost", "/fails");
            FunctionTimer hello = timer("http.server.requests", "uri", "/hello/{name}");
            assertEquals(2, hello.count());
            assertTrue(hello.totalTime(TimeUnit.NANOSECONDS) > 0);
            assertEquals("200", hello.getId().getTag("status"));
            assertEquals("SUCCESS", hello.getId().getTag("outcome"));
            assertEquals("GET", hello.getId().getTag("method"));
            assertEquals("None", hello.getId().getTag("exception"));
            FunctionTimer lost = timer("http.server.requests", "uri", "NOT_FOUND");
            assertEquals("CLIENT_ERROR", lost.getId().getTag("outcome"));
            FunctionTimer fails = timer("http.server.requests", "uri", "/fails");
            assertEquals("UnsupportedOperationException", fails.getId().getTag("exception"));
            assertEquals(0, registry.get("http.server.requests.active").gauge().value());
            Await.until(
                    "bytes are registered",
                    () ->
                            registry.find("http.server.requests.bytes")
                                            .tag("uri", "/hello/{name}")
                                            .functionCounter()
                                    != null);
            assertEquals(
                    10,
                    registry.get("http.server.requests.bytes")
                            .tag("uri", "/hello/{name}")
                            .functionCounter()
                            .count());
        }
    }

    @Test
    void namesThemAsOpenTelemetryDoes() throws Exception {
        try (LogRecords _ = new LogRecords("dev.torc.http");
                MetricsServer server = new MetricsServer()) {
            server.get("/hello/a", "/fails");
            new RequestMeters(server.metrics, MeterNames.OPEN_TELEMETRY).bindTo(registry);
            String name = "http.server.request.duration";
            FunctionTimer hello = timer(name, "http.route", "/hello/{name}");
            assertEquals(1, hello.count());
            assertEquals("200", hello.getId().getTag("http.response.status_code"));
            assertEquals("GET", hello.getId().getTag("http.request.method"));
            assertEquals("", hello.getId().getTag("error.type"));
            FunctionTimer fails = timer(name, "http.route", "/fails");
            assertEquals("UnsupportedOperationException", fails.getId().getTag("error.type"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void addsUpWhatItsTagsDoNotTellApart(MeterNames names) {
        RequestMetrics metrics = new RequestMetrics();
        new RequestMeters(metrics, names).bindTo(registry);
        SameTags.record(metrics);
        FunctionTimer timer = timer(names.requests());
        Await.until("both series are counted", () -> timer.count() == 3);
        assertEquals(60, timer.totalTime(TimeUnit.NANOSECONDS), 1e-6);
        assertEquals(1, registry.get(names.requests()).functionTimers().size());
        String bytes = names.requests() + ".bytes";
        Await.until("all is registered", () -> registry.find(bytes).functionCounter() != null);
        assertEquals(3, registry.get(bytes).functionCounter().count());
        String longest = names.requests() + ".longest";
        assertEquals(30, registry.get(longest).timeGauge().value(TimeUnit.NANOSECONDS), 1e-6);
        assertEquals(3, metrics.count(), "and it is held until here");
    }
}
