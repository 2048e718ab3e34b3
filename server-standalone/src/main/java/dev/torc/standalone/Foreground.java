package dev.torc.standalone;

import dev.torc.http.HttpServer;

import java.time.Duration;

/// A server in the foreground of a terminal or a container: until the process is told to end.
final class Foreground {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);

    private Foreground() {}

    /// Says that `server` runs, and does not return: only a stop ends it, and that ends the
    /// process.
    static int run(HttpServer server, Banner banner) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "torc-stop"));
        System.out.print(banner);
        System.out.flush();
        server.await();
        Thread.currentThread().join();
        return 0;
    }

    /// Runs when the process is told to end (SIGTERM, Ctrl-C), and ends it with 0 if it could
    /// finish everything in time; without the halt the JVM would report the signal instead.
    private static void stop(HttpServer server) {
        boolean finished = server.stop(STOP_DEADLINE);
        System.out.println(Banner.farewell(server));
        System.out.flush();
        Runtime.getRuntime().halt(finished ? 0 : 1);
    }
}
