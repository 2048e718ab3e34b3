package dev.torc.http.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The time as it starts, or stands in, each line: made once a second, and else only looked up. On
/// one shard's thread; allocates in the first line of a second.
final class LogTime {
    private static final int MILLIS = 1000;

    private final DateTimeFormatter format;
    private final ZoneId zone;
    private long second = Long.MIN_VALUE;
    private byte[] text = new byte[0];

    private LogTime(String pattern, ZoneId zone) {
        format = DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
        this.zone = zone;
    }

    /// `30/Nov/2026:01:31:01 +0000`, of the machine's time zone.
    static LogTime common(ZoneId zone) {
        return new LogTime("dd/MMM/yyyy:HH:mm:ss xx", zone);
    }

    /// `2026-11-30T01:31:01`, UTC: milliseconds and `Z` are up to the caller.
    static LogTime utc() {
        return new LogTime("yyyy-MM-dd'T'HH:mm:ss", ZoneOffset.UTC);
    }

    /// `01:31:01`.
    static LogTime ofDay(ZoneId zone) {
        return new LogTime("HH:mm:ss", zone);
    }

    byte[] text(long epochMillis) {
        long now = Math.floorDiv(epochMillis, (long) MILLIS);
        if (now != second) {
            second = now;
            text =
                    format.format(Instant.ofEpochSecond(now).atZone(zone))
                            .getBytes(StandardCharsets.US_ASCII);
        }
        return text;
    }
}
