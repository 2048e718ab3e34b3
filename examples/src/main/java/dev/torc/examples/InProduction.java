package dev.torc.examples;

import dev.torc.core.Limits;
import dev.torc.core.ServerConfig;
import dev.torc.http.HttpLimits;
import dev.torc.http.HttpServer;
import dev.torc.http.HttpTimeouts;
import dev.torc.http.RequestIds;
import dev.torc.http.Router;

import java.time.Duration;

/// What is decided before the public comes: how much a shard may hold, how much of it one client,
/// how large a request may be, and how long anything may take.
public final class InProduction {
    private InProduction() {}

    static HttpServer start(ServerConfig config, Router router) {
        Limits limits =
                Limits.defaults()
                        .withConnectionsMax(10_000) // of a shard
                        .withConnectionsPerAddressMax(500) // of all shards together
                        .withPoolBytesMax(64 << 20);
        HttpTimeouts timeouts =
                HttpTimeouts.defaults()
                        .withIdle(Duration.ofSeconds(30))
                        .withHandler(Duration.ofSeconds(10));
        HttpLimits http = HttpLimits.defaults().withBodyBytesMax(64 << 10).withTimeouts(timeouts);
        return HttpServer.start(config.withLimits(limits), http, router.filter(new RequestIds()));
    }

    public static void main(String[] arguments) throws InterruptedException {
        Router router =
                new Router().post("/", (request, response) -> response.send(request.body()));
        HttpServer server = start(ServerConfig.defaults(), router);
        System.out.println("http://127.0.0.1:" + server.port() + "/");
        server.await();
    }
}
