package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.http.Health;
import dev.torc.http.HttpServer;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Router;
import dev.torc.http.ShutdownConfig;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// A server that is a part of an application, and ends with it: first `/health/ready` says so, then
/// there are no new connections, what is in flight is answered, and only then goes what the
/// handlers use.
public final class GracefulStop implements AutoCloseable {
    private static final ShutdownConfig STEPS =
            ShutdownConfig.defaults().withDeadline(Duration.ofSeconds(20));

    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final Health health = new Health();
    private final Supplier<String> report;
    private final HttpServer server;

    GracefulStop(ServerConfig config, Supplier<String> report) {
        this.report = report;
        server = HttpServer.start(config, health.addTo(new Router().get("/report", this::report)));
    }

    private void report(Request request, Response response) {
        CompletableFuture<String> text = CompletableFuture.supplyAsync(report, workers);
        Later.answer(response, text, response::send);
    }

    HttpServer server() {
        return server;
    }

    @Override
    public void close() {
        System.out.println("stopped: " + server.stop(health, STEPS));
        workers.close();
    }

    public static void main(String[] arguments) throws InterruptedException {
        GracefulStop application = new GracefulStop(ServerConfig.defaults(), () -> "a report\n");
        Runtime.getRuntime().addShutdownHook(new Thread(application::close));
        System.out.println("http://127.0.0.1:" + application.server.port() + "/report");
        application.server.await();
    }
}
