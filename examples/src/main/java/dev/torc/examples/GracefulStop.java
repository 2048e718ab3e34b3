package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.http.Router;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// A server that is a part of an application, and ends with it: first no new connections, then what
/// is in flight is answered, and only then goes what the handlers use.
public final class GracefulStop implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final HttpServer server;

    GracefulStop(ServerConfig config, Supplier<String> report) {
        Router router =
                new Router()
                        .get(
                                "/report",
                                (_, response) ->
                                        Later.answer(
                                                response,
                                                CompletableFuture.supplyAsync(report, workers),
                                                response::send));
        server = HttpServer.start(config, router);
    }

    HttpServer server() {
        return server;
    }

    @Override
    public void close() {
        boolean complete = server.stop(DEADLINE);
        workers.close();
        System.out.println(complete ? "stopped" : "stopped; some requests were cut");
    }

    public static void main(String[] arguments) throws InterruptedException {
        GracefulStop application = new GracefulStop(ServerConfig.defaults(), () -> "a report\n");
        Runtime.getRuntime().addShutdownHook(new Thread(application::close));
        System.out.println("http://127.0.0.1:" + application.server.port() + "/report");
        application.server.await();
    }
}
