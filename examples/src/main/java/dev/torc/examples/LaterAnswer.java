package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Router;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A response that is completed later, from another thread: the shard serves others meanwhile.
public final class LaterAnswer {
    private LaterAnswer() {}

    static HttpServer start(ServerConfig config) {
        return HttpServer.start(config, new Router().get("/later", LaterAnswer::later));
    }

    private static void later(Request request, Response response) {
        CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS)
                .execute(() -> response.send("a second later\n"));
    }

    public static void main(String[] arguments) throws InterruptedException {
        HttpServer server = start(ServerConfig.defaults());
        System.out.println("http://127.0.0.1:" + server.port() + "/later");
        server.await();
    }
}
