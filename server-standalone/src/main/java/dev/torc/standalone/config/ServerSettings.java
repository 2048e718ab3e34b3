package dev.torc.standalone.config;

import dev.torc.core.ServerConfig;

import java.net.InetSocketAddress;
import java.time.Duration;

/// Where a server listens and on what it runs.
public final class ServerSettings {
    public static final Group GROUP = new Group("", "Listening");

    private static final ServerConfig DEFAULTS = ServerConfig.defaults();

    static final Setting<String> HOST =
            GROUP.add(
                    Setting.of(
                                    "host",
                                    new Host(),
                                    DEFAULTS.address().getAddress().getHostAddress(),
                                    "Address to listen on.")
                            .everyday());

    static final Setting<Long> PORT =
            GROUP.add(
                    Setting.of(
                                    "port",
                                    Amount.count(0, 65_535),
                                    (long) DEFAULTS.address().getPort(),
                                    "Port to listen on; 0 takes a free one.")
                            .everyday());

    static final Setting<Long> SHARDS =
            GROUP.add(
                    Setting.of(
                                    "shards",
                                    Amount.count(1, 1024),
                                    (long) DEFAULTS.shards(),
                                    "Threads, each with a ring of its own.")
                            .withShownInitial("one per CPU")
                            .everyday());

    static final Setting<String> TRANSPORT =
            GROUP.add(
                    Setting.of(
                                    "transport",
                                    Choice.of(ServerConfig.AUTO, "uring", "nio"),
                                    DEFAULTS.transport(),
                                    "auto takes the best that works here; a named one must work.")
                            .everyday());

    static final Setting<Boolean> PIN_SHARDS =
            GROUP.add(
                    "pin-shards",
                    new Switch(),
                    DEFAULTS.pinShards(),
                    "Keeps each shard on one CPU of the process's affinity mask; nio cannot.");

    static final Setting<Duration> WATCHDOG =
            GROUP.add(
                    "watchdog",
                    new Time(Duration.ofMillis(1), Duration.ofDays(1), true),
                    DEFAULTS.watchdog(),
                    "How long a handler may hold its shard before the log says so; 0 is for ever.");

    private ServerSettings() {}

    public static ServerConfig config(Settings settings) {
        return GROUP.checked(
                settings,
                () ->
                        new ServerConfig(
                                new InetSocketAddress(settings.of(HOST), settings.intOf(PORT)),
                                settings.intOf(SHARDS),
                                settings.of(TRANSPORT),
                                settings.of(PIN_SHARDS),
                                settings.of(WATCHDOG),
                                LimitSettings.limits(settings)));
    }
}
