package dev.torc.http;

import java.time.Duration;

/// How a server stops: see [HttpServer#stop(Health, ShutdownConfig)].
///
/// @param delay between readiness going and the listeners closing, while all requests are served:
///   as long as load balancers take to notice; 0 to 10 minutes
/// @param deadline from then on, for what is in flight; 0 to a day
public record ShutdownConfig(Duration delay, Duration deadline) {
    private static final Duration DELAY_MAX = Duration.ofMinutes(10);
    private static final Duration DEADLINE_MAX = Duration.ofDays(1);
    private static final ShutdownConfig DEFAULTS =
            new ShutdownConfig(Duration.ZERO, Duration.ofSeconds(10));

    public ShutdownConfig {
        within("delay", delay, DELAY_MAX, "10 minutes");
        within("deadline", deadline, DEADLINE_MAX, "a day");
    }

    /// No delay, and 10 seconds for what is in flight.
    public static ShutdownConfig defaults() {
        return DEFAULTS;
    }

    public ShutdownConfig withDelay(Duration time) {
        return new ShutdownConfig(time, deadline);
    }

    public ShutdownConfig withDeadline(Duration time) {
        return new ShutdownConfig(delay, time);
    }

    private static void within(String name, Duration value, Duration max, String maxText) {
        if (value.isNegative() || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    name + " must be 0 to " + maxText + ": " + name + "=" + value);
        }
    }
}
