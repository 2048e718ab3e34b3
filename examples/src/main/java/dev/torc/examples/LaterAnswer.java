package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.http.Router;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A response that is completed later, from another thread: the shard serves others meanwhile.
public final class LaterAnswer {
    private LaterAnswer() {}

    public static void main(String[] arguments) throws InterruptedException {
        Router router =
                new Router()
                        .get(
                                "/later",
                                (_, response) ->
                                        CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS)
                                                .execute(() -> response.send("a second later\n")));
        HttpServer server = HttpServer.start(ServerConfig.defaults(), router);
        System.out.println("http://127.0.0.1:" + server.port() + "/later");
        server.await();
    }
}
