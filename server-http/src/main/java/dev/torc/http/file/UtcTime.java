package dev.torc.http.file;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Times of files as people read them, in UTC. Any thread.
final class UtcTime {
    private static final DateTimeFormatter MINUTES = formatter("uuuu-MM-dd HH:mm");
    private static final DateTimeFormatter SECONDS = formatter("uuuu-MM-dd'T'HH:mm:ss'Z'");

    private UtcTime() {}

    /// `2026-11-21 09:00`.
    static String minutes(long epochSeconds) {
        return MINUTES.format(Instant.ofEpochSecond(epochSeconds));
    }

    /// `2026-11-21T09:00:00Z` (RFC 3339).
    static String seconds(long epochSeconds) {
        return SECONDS.format(Instant.ofEpochSecond(epochSeconds));
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }
}
