package dev.torc.http.metrics;

import io.micrometer.core.instrument.Tags;

/// What the meters of requests are called.
public enum MeterNames {
    /// As Spring Boot and others name them: `http.server.requests` with the tags `method`, `uri`
    /// (the route's template), `status`, `outcome` and `exception`.
    MICROMETER("http.server.requests", "http.server.requests.active") {
        @Override
        Tags tags(RequestKey key) {
            String failure = key.failure();
            return Tags.of(
                    "exception",
                    failure == null ? "None" : failure,
                    "method",
                    key.method().name(),
                    "outcome",
                    key.outcome(),
                    "status",
                    key.statusText(),
                    "uri",
                    key.uri());
        }
    },

    /// As OpenTelemetry's semantic conventions for HTTP (1.23 and later) do:
    /// `http.server.request.duration` with `http.request.method`, `http.route`,
    /// `http.response.status_code` and `error.type`. What does not apply is empty, since all meters
    /// of a name must have the same tags.
    OPEN_TELEMETRY("http.server.request.duration", "http.server.active_requests") {
        @Override
        Tags tags(RequestKey key) {
            String method = key.method().name();
            return Tags.of(
                    "error.type",
                    key.errorType(),
                    "http.request.method",
                    method.equals("OTHER") ? "_OTHER" : method,
                    "http.response.status_code",
                    key.status() == 0 ? "" : key.statusText(),
                    "http.route",
                    key.route(),
                    "url.scheme",
                    "http");
        }
    };

    private final String requests;
    private final String active;

    MeterNames(String requests, String active) {
        this.requests = requests;
        this.active = active;
    }

    /// Of the timer.
    String requests() {
        return requests;
    }

    /// Of the gauge of those that have not ended.
    String active() {
        return active;
    }

    abstract Tags tags(RequestKey key);
}
