package dev.torc.http;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/// Whether a server is alive (if not, restart it) and ready (if not, send it no requests), for load
/// balancers and orchestrators. Thread-safe.
///
/// ```
/// Health health = new Health().readiness("database", () -> pool.ping());
/// Router router = health.addTo(new Router()); // GET /health/live and GET /health/ready
/// ...
/// server.stop(health, ShutdownConfig.defaults());
/// ```
///
/// Both answer 200 when all is well and 503 when not, with a line for each check that has failed,
/// or with JSON where `Accept` names it. A check runs off the shards, once at a time, and its
/// result serves everyone who asks within a second: however often they are asked for, what is
/// checked is not.
public final class Health {
    private static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(1);
    private static final Duration TIMEOUT_MIN = Duration.ofMillis(1);
    private static final Duration TIMEOUT_MAX = Duration.ofMinutes(1);
    private static final String LIVE = "live";
    private static final String READY = "ready";
    private static final String JSON = "application/json";

    private final List<BoundedCheck> liveness = new CopyOnWriteArrayList<>();
    private final List<BoundedCheck> readiness = new CopyOnWriteArrayList<>();
    private volatile @Nullable String refused;

    /// Without checks it is alive, and ready until it is [told otherwise][#unready(String)].
    public Health() {}

    /// Adds a check of what only a restart can mend, with a second's time.
    ///
    /// @throws IllegalArgumentException when there is one with this name
    public Health liveness(String name, HealthCheck check) {
        return liveness(name, TIMEOUT_DEFAULT, check);
    }

    /// Adds a check of what only a restart can mend. It has failed when it has not ended within
    /// `timeout` (1 ms to a minute).
    public Health liveness(String name, Duration timeout, HealthCheck check) {
        return add(liveness, name, timeout, check);
    }

    /// Adds a check of what requests need, with a second's time.
    ///
    /// @throws IllegalArgumentException when there is one with this name
    public Health readiness(String name, HealthCheck check) {
        return readiness(name, TIMEOUT_DEFAULT, check);
    }

    /// Adds a check of what requests need. It has failed when it has not ended within `timeout` (1
    /// ms to a minute).
    public Health readiness(String name, Duration timeout, HealthCheck check) {
        return add(readiness, name, timeout, check);
    }

    /// Is not ready from now on, whatever the checks say, because of `reason`: `stopping`,
    /// `maintenance`, ...
    public void unready(String reason) {
        refused = reason;
    }

    /// Takes [#unready(String)] back.
    public void ready() {
        refused = null;
    }

    /// Whether it is alive, as soon as every check has ended or its time is over.
    public CompletableFuture<HealthReport> liveReport() {
        return report(LIVE, liveness);
    }

    /// Whether it is ready, as soon as every check has ended or its time is over.
    public CompletableFuture<HealthReport> readyReport() {
        return report(READY, readiness);
    }

    /// Adds the routes `GET /health/live` and `GET /health/ready`, which whoever can reach the
    /// server can ask; returns `router`.
    public Router addTo(Router router) {
        return router.get(
                        "/health/live",
                        (request, response) -> answer(liveReport(), request, response))
                .get(
                        "/health/ready",
                        (request, response) -> answer(readyReport(), request, response));
    }

    private Health add(
            List<BoundedCheck> checks, String name, Duration timeout, HealthCheck check) {
        if (timeout.compareTo(TIMEOUT_MIN) < 0 || timeout.compareTo(TIMEOUT_MAX) > 0) {
            throw new IllegalArgumentException(
                    "timeout must be 1 ms to a minute: timeout=" + timeout);
        }
        synchronized (checks) {
            for (BoundedCheck other : checks) {
                if (other.name().equals(name)) {
                    throw new IllegalArgumentException("there is a check of this name: " + name);
                }
            }
            checks.add(new BoundedCheck(name, timeout, check));
        }
        return this;
    }

    private CompletableFuture<HealthReport> report(String kind, List<BoundedCheck> checks) {
        List<CompletableFuture<CheckResult>> results = new ArrayList<>();
        for (BoundedCheck check : checks) results.add(check.result());
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(_ -> reportOf(kind, results));
    }

    private HealthReport reportOf(String kind, List<CompletableFuture<CheckResult>> ended) {
        List<CheckResult> results = new ArrayList<>();
        for (CompletableFuture<CheckResult> result : ended) results.add(result.join());
        return new HealthReport(kind, kind.equals(READY) ? refused : null, results);
    }

    private static void answer(
            CompletableFuture<HealthReport> coming, Request request, Response response) {
        String accept = request.header("Accept");
        boolean json =
                accept != null
                        && accept.toLowerCase(Locale.ROOT).contains(JSON)
                        && Accept.allows(accept, JSON);
        var _ = coming.thenAccept(report -> answer(report, json, response));
    }

    private static void answer(HealthReport report, boolean json, Response response) {
        response.status(report.isUp() ? Status.OK : Status.SERVICE_UNAVAILABLE)
                .header("Cache-Control", "no-store")
                .contentType(json ? MediaType.APPLICATION_JSON : MediaType.TEXT_PLAIN_UTF_8)
                .send(json ? report.json() : report.text());
    }
}
