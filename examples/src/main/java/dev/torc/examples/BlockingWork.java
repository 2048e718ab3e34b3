package dev.torc.examples;

import dev.torc.core.ServerConfig;
import dev.torc.http.HttpServer;
import dev.torc.http.MediaType;
import dev.torc.http.Request;
import dev.torc.http.Response;
import dev.torc.http.Router;
import dev.torc.http.Status;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Handlers that block, as JDBC does: each request of the group has a virtual thread, and writes
/// its rows as fast as the client reads them. Threads cost next to nothing; connections to the
/// database do not, so whoever does not get one in time is told to come back.
public final class BlockingWork {
    private static final int ROWS_MAX = 1_000_000;

    private final Semaphore connections;

    private BlockingWork(int connectionsMax) {
        connections = new Semaphore(connectionsMax);
    }

    static HttpServer start(ServerConfig config, int connectionsMax) {
        BlockingWork work = new BlockingWork(connectionsMax);
        Router router =
                new Router()
                        .group("/rows", rows -> rows.blocking().get("/{count:int}", work::rows));
        return HttpServer.start(config, router);
    }

    private void rows(Request request, Response response) throws Exception {
        if (!connections.tryAcquire(1, TimeUnit.SECONDS)) {
            response.status(Status.SERVICE_UNAVAILABLE).header("Retry-After", "1").send();
            return;
        }
        try (OutputStream out = response.contentType(MediaType.TEXT_PLAIN).outputStream()) {
            int count = Math.clamp(request.pathInt("count"), 0, ROWS_MAX);
            for (int row = 0; row < count; row++) out.write(row(row));
        } finally {
            connections.release();
        }
    }

    /// Stands for a driver that waits for its server.
    private static byte[] row(int number) {
        return ("row " + number + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    public static void main(String[] arguments) throws InterruptedException {
        HttpServer server = start(ServerConfig.defaults(), 10);
        System.out.println("http://127.0.0.1:" + server.port() + "/rows/20");
        server.await();
    }
}
