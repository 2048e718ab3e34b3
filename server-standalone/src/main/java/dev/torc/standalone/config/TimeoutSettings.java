package dev.torc.standalone.config;

import dev.torc.http.HttpTimeouts;

import java.time.Duration;

/// How long a peer, and a handler, may take: [HttpTimeouts].
public final class TimeoutSettings {
    public static final Group GROUP = new Group("timeouts.", "Timeouts");

    private static final HttpTimeouts DEFAULTS = HttpTimeouts.defaults();

    static final Setting<Duration> IDLE =
            add(
                    "idle",
                    DEFAULTS.idle(),
                    "For the next request on a connection; then it is closed.");

    static final Setting<Duration> HEAD =
            add(
                    "head",
                    DEFAULTS.head(),
                    "From a request's first byte to the end of its head; 408.");

    static final Setting<Duration> BODY =
            add(
                    "body",
                    DEFAULTS.body(),
                    "For the next bytes of a body, as many as http.body-bytes-per-second-min asks"
                            + " for in this time; 408.");

    static final Setting<Duration> HANDLER =
            add("handler", DEFAULTS.handler(), "Until the handler begins to answer; 503.");

    static final Setting<Duration> ANSWER =
            add(
                    "answer",
                    DEFAULTS.answer(),
                    "Without a byte of an answer for a peer that will send no more; then the"
                            + " connection is aborted.");

    static final Setting<Duration> WRITE =
            add(
                    "write",
                    DEFAULTS.write(),
                    "Without the peer taking anything of what is queued for it; then the connection"
                            + " is aborted.");

    private TimeoutSettings() {}

    private static Setting<Duration> add(String name, Duration initial, String meaning) {
        Time time = new Time(Duration.ofMillis(10), Duration.ofDays(1), false);
        return GROUP.add(name, time, initial, meaning);
    }

    static HttpTimeouts timeouts(Settings settings) {
        return GROUP.checked(
                settings,
                () ->
                        new HttpTimeouts(
                                settings.of(IDLE),
                                settings.of(HEAD),
                                settings.of(BODY),
                                settings.of(HANDLER),
                                settings.of(ANSWER),
                                settings.of(WRITE)));
    }
}
