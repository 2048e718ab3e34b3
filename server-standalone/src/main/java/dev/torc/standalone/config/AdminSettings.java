package dev.torc.standalone.config;

import dev.torc.http.metrics.MeterNames;

/// The admin listener: health and metrics.
public final class AdminSettings {
    public static final Group GROUP = new Group("", "Health and metrics");

    private static final String OPEN_TELEMETRY = "opentelemetry";

    public static final Setting<Long> PORT =
            GROUP.add(
                    Setting.of(
                                    "admin.port",
                                    Amount.count(0, 65_535),
                                    0L,
                                    "Port of /health/live, /health/ready and /metrics, apart from"
                                            + " what is served; 0 is none.")
                            .withShownInitial("none")
                            .everyday());

    public static final Setting<String> HOST =
            GROUP.add(
                    Setting.of(
                                    "admin.host",
                                    new Host(),
                                    "127.0.0.1",
                                    "Address of these. Whoever reaches it sees them.")
                            .everyday());

    static final Setting<String> NAMES =
            GROUP.add(
                    "metrics.names",
                    Choice.of("micrometer", OPEN_TELEMETRY),
                    "micrometer",
                    "What the meters of requests are called: http.server.requests, or"
                            + " http.server.request.duration with OpenTelemetry's attributes.");

    private AdminSettings() {}

    /// What the meters of requests are called.
    public static MeterNames names(Settings settings) {
        boolean open = settings.of(NAMES).equals(OPEN_TELEMETRY);
        return open ? MeterNames.OPEN_TELEMETRY : MeterNames.MICROMETER;
    }
}
