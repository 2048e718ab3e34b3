package dev.torc.standalone.config;

import dev.torc.http.ShutdownConfig;

import java.time.Duration;

/// How a server stops: [ShutdownConfig].
public final class ShutdownSettings {
    public static final Group GROUP = new Group("shutdown.", "Stopping");

    private static final ShutdownConfig DEFAULTS = ShutdownConfig.defaults();

    static final Setting<Duration> DELAY =
            GROUP.add(
                    "delay",
                    new Time(Duration.ZERO, Duration.ofMinutes(10), true),
                    DEFAULTS.delay(),
                    "From when /health/ready says no until nothing more is accepted: as long as"
                            + " load balancers take to notice.");

    static final Setting<Duration> DEADLINE =
            GROUP.add(
                    "deadline",
                    new Time(Duration.ZERO, Duration.ofDays(1), true),
                    DEFAULTS.deadline(),
                    "For what is in flight then; what has not finished is cut.");

    private ShutdownSettings() {}

    public static ShutdownConfig config(Settings settings) {
        return GROUP.checked(
                settings, () -> new ShutdownConfig(settings.of(DELAY), settings.of(DEADLINE)));
    }
}
