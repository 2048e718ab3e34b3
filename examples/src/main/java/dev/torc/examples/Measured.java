package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.http.Handlers;
import dev.torc.http.HttpLimits;
import dev.torc.http.HttpServer;
import dev.torc.http.MediaType;
import dev.torc.http.Router;
import dev.torc.http.metrics.PrometheusRequests;
import dev.torc.http.metrics.RequestMetrics;
import dev.torc.http.metrics.ShardMeters;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/// Metrics for Prometheus, by Micrometer: requests by route and status with their times, and what
/// each shard does. They are read from a server of their own, which the public does not reach.
public final class Measured {
    private static final MediaType EXPOSITION = MediaType.of("text/plain; version=0.0.4");

    private Measured() {}

    static HttpServer start(ServerConfig config, PrometheusMeterRegistry registry) {
        Router router =
                new Router()
                        .get(
                                "/hello/{name}",
                                (request, response) ->
                                        response.send(
                                                "Hello, " + request.pathParameter("name") + "!\n"));
        RequestMetrics metrics = new RequestMetrics();
        HttpServer server = HttpServer.start(config, HttpLimits.defaults(), metrics, router);
        registry.getPrometheusRegistry().register(new PrometheusRequests(metrics));
        new ShardMeters(server, metrics).bindTo(registry);
        return server;
    }

    /// Blocking, because a scrape asks each shard for its counters.
    static HttpServer startAdmin(ServerConfig config, PrometheusMeterRegistry registry) {
        Router router =
                new Router()
                        .get(
                                "/metrics",
                                Handlers.blocking(
                                        (_, response) ->
                                                response.contentType(EXPOSITION)
                                                        .send(registry.scrape())));
        return HttpServer.start(config.withShards(1), router);
    }

    public static void main(String[] arguments) throws InterruptedException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ServerConfig config = ServerConfig.defaults();
        HttpServer server = start(config, registry);
        HttpServer admin = startAdmin(config.withPort(9090), registry);
        System.out.println("http://127.0.0.1:" + server.port() + "/hello/Ada");
        System.out.println("http://127.0.0.1:" + admin.port() + "/metrics");
        server.await();
    }
}
