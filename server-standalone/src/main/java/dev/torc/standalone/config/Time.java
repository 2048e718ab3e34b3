package dev.torc.standalone.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long: `500ms`, `30s`, `5m`, `1h`, `1d`; `0` where that means something.
record Time(Duration min, Duration max, boolean zero) implements ValueType<Duration> {
    private static final List<String> UNITS = List.of("ms", "s", "m", "h", "d");
    private static final List<Long> MILLIS = List.of(1L, 1000L, 60_000L, 3_600_000L, 86_400_000L);

    @Override
    public Duration parse(String text) {
        if (zero && text.equals("0")) return Duration.ZERO;
        Matcher time = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)").matcher(text);
        if (time.matches()) {
            long unit = MILLIS.get(UNITS.indexOf(time.group(2)));
            Duration value = Duration.ofMillis(Long.parseLong(time.group(1)) * unit);
            boolean within = value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
            if (within || (zero && value.isZero())) return value;
        }
        throw new IllegalArgumentException(
                "must be a time with its unit (ms, s, m, h, d), " + allowed());
    }

    @Override
    public String format(Duration value) {
        if (value.isZero()) return "0";
        int unit = UNITS.size() - 1;
        while (value.toMillis() % MILLIS.get(unit) != 0) unit--;
        return value.toMillis() / MILLIS.get(unit) + UNITS.get(unit);
    }

    @Override
    public String label() {
        return "TIME";
    }

    @Override
    public String allowed() {
        String range = format(min) + " to " + format(max);
        return zero && !min.isZero() ? range + ", or 0" : range;
    }
}
