package dev.torc.standalone;

import dev.torc.core.StopReport;
import dev.torc.http.ShutdownConfig;

import java.time.Duration;

/// A service in the foreground of a terminal or a container: until the process is told to end.
final class Foreground {
    private static final Duration PRINT_PATIENCE = Duration.ofSeconds(1);

    private Foreground() {}

    /// Says that `service` runs, and does not return: only a stop ends it, and that ends the
    /// process.
    static int run(Service service, Banner banner) throws InterruptedException {
        Signals.onFirst(() -> stop(service));
        System.out.print(banner);
        System.out.flush();
        service.server().await();
        Thread.currentThread().join();
        return 0;
    }

    /// Runs at the first signal, and ends the process: with 0 if everything could be finished in
    /// time, with 1 if something was cut.
    private static void stop(Service service) {
        Thread announcement = print(announcement(service.shutdown()));
        StopReport report = service.stop();
        join(announcement);
        join(print(Banner.farewell(service.server(), report)));
        Runtime.getRuntime().halt(report.isFinished() ? 0 : 1);
    }

    private static String announcement(ShutdownConfig shutdown) {
        long delay = shutdown.delay().toMillis();
        String first =
                delay == 0 ? "" : "not ready any more, and accepting for " + delay + " ms; then ";
        return "stopping: "
                + first
                + "finishing what is in flight for up to "
                + shutdown.deadline().toMillis()
                + " ms (a second signal ends it at once)";
    }

    /// On a thread of its own: a terminal that is stopped by Ctrl-S, or a pipe that nobody reads,
    /// takes no line, and must not keep the process from ending.
    private static Thread print(String line) {
        return Thread.ofPlatform()
                .daemon()
                .name("torc-print")
                .start(
                        () -> {
                            System.out.println(line);
                            System.out.flush();
                        });
    }

    private static void join(Thread printing) {
        try {
            printing.join(PRINT_PATIENCE);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
