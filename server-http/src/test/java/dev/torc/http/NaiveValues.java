package dev.torc.http;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The naive twins of [MediaType], [Accept], [HttpDate] and of what a field line may be made of.
final class NaiveValues {
    /// A media type; its parameters by lower-case name, the first of each.
    record Media(String essence, Map<String, String> parameters) {}

    private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
    private static final Pattern TOKENS = Pattern.compile(TOKEN);
    private static final Pattern ESSENCE = Pattern.compile(TOKEN + "/" + TOKEN);
    private static final Pattern SEPARATOR = Pattern.compile("[ \t]*;[ \t]*");
    private static final Pattern PARAMETER =
            Pattern.compile(
                    "(" + TOKEN + ")=(" + TOKEN + "|\"(?:[\t !#-\\[\\]-~]|\\\\[\t -~])*+\")");
    private static final Pattern ZERO = Pattern.compile("(?i)q=0(?:\\.0*)?");
    private static final Pattern QUALITY = Pattern.compile("(?i)q=.+", Pattern.DOTALL);
    private static final List<String> MONTHS =
            List.of(
                    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                    "Dec");
    private static final String TIME = "([0-9]{2}):([0-9]{2}):([0-9]{2})";
    private static final Pattern FIXDATE =
            Pattern.compile("(...), ([0-9]{2}) (...) ([0-9]{4}) " + TIME + " GMT", Pattern.DOTALL);
    private static final Pattern RFC850 =
            Pattern.compile(
                    "([^,]+), ([0-9]{2})-(...)-([0-9]{2}) " + TIME + " GMT", Pattern.DOTALL);
    private static final Pattern ASCTIME =
            Pattern.compile(
                    "(...) (...) ( [0-9]|[0-9]{2}) " + TIME + " ([0-9]{4})", Pattern.DOTALL);

    private NaiveValues() {}

    static boolean isToken(String text) {
        return TOKENS.matcher(text).matches();
    }

    static boolean isFieldText(String text) {
        return text.chars()
                .allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f) || (c > 0x7f && c < 256));
    }

    static @Nullable Media mediaType(String text) {
        Matcher essence = ESSENCE.matcher(text);
        if (!essence.lookingAt()) return null;
        Map<String, String> parameters = new LinkedHashMap<>();
        Matcher separator = SEPARATOR.matcher(text);
        Matcher parameter = PARAMETER.matcher(text);
        int at = essence.end();
        while (at < text.length()) {
            if (!separator.region(at, text.length()).lookingAt()) return null;
            at = separator.end();
            if (parameter.region(at, text.length()).lookingAt()) {
                at = parameter.end();
                String name = parameter.group(1).toLowerCase(Locale.ROOT);
                parameters.putIfAbsent(name, unquoted(parameter.group(2)));
            }
        }
        return new Media(essence.group().toLowerCase(Locale.ROOT), parameters);
    }

    private static String unquoted(String value) {
        if (!value.startsWith("\"")) return value;
        return value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1");
    }

    /// The most specific range that covers the type decides; of equals, the one that allows.
    static boolean accepts(String accept, String essence) {
        List<String> exact = new ArrayList<>();
        List<String> subtypes = new ArrayList<>();
        List<String> all = new ArrayList<>();
        boolean any = false;
        for (String element : split(accept, ',')) {
            int parameters = element.indexOf(';');
            String range = (parameters < 0 ? element : element.substring(0, parameters)).strip();
            if (range.indexOf('/') <= 0) continue;
            any = true;
            String rest = parameters < 0 ? "" : element.substring(parameters + 1);
            if (range.equalsIgnoreCase(essence)) exact.add(rest);
            if (range.equalsIgnoreCase(essence.replaceAll("/.*", "/*"))) subtypes.add(rest);
            if (range.equals("*/*")) all.add(rest);
        }
        if (!any) return true;
        List<String> deciding = !exact.isEmpty() ? exact : !subtypes.isEmpty() ? subtypes : all;
        return deciding.stream().anyMatch(one -> !isExcluded(one));
    }

    private static boolean isExcluded(String parameters) {
        return split(parameters, ';').stream()
                .map(String::strip)
                .filter(one -> QUALITY.matcher(one).matches())
                .findFirst()
                .map(quality -> ZERO.matcher(quality).matches())
                .orElse(false);
    }

    /// Splits outside of quotes, in which a backslash makes the next character an ordinary one.
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        boolean escaped = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!escaped && c == '"') quoted = !quoted;
            if (!quoted && !escaped && c == separator) {
                parts.add(part.toString());
                part.setLength(0);
                continue;
            }
            escaped = quoted && !escaped && c == '\\';
            part.append(c);
        }
        parts.add(part.toString());
        return parts;
    }

    /// Seconds since 1970, or [HttpDate#INVALID].
    static long date(String text, long now) {
        Matcher fix = FIXDATE.matcher(text);
        if (fix.matches()) {
            return date(number(fix, 4), fix.group(3), number(fix, 2), fix, 5, fix.group(1), 3);
        }
        Matcher asctime = ASCTIME.matcher(text);
        if (asctime.matches()) {
            int year = number(asctime, 7);
            int day = number(asctime, 3);
            return date(year, asctime.group(2), day, asctime, 4, asctime.group(1), 3);
        }
        Matcher old = RFC850.matcher(text);
        if (!old.matches()) return HttpDate.INVALID;
        int year =
                LocalDateTime.ofInstant(Instant.ofEpochSecond(now), ZoneOffset.UTC).getYear() + 51;
        while (year % 100 != number(old, 4)) year--;
        long limit = now + 50 * 31_556_952L;
        long latest = date(year, old.group(3), number(old, 2), old, 5, null, 0);
        if (latest > limit) year -= 100;
        return date(year, old.group(3), number(old, 2), old, 5, old.group(1), 9);
    }

    /// @param time the group of the hour, followed by minute and second
    /// @param letters of the day's name, if there is one
    private static long date(
            int year,
            String month,
            int day,
            Matcher text,
            int time,
            @Nullable String name,
            int letters) {
        int hour = number(text, time);
        int minute = number(text, time + 1);
        int second = number(text, time + 2);
        boolean leaps = hour == 23 && minute == 59 && second == 60;
        try {
            int monthNumber = MONTHS.indexOf(month) + 1;
            var moment =
                    LocalDateTime.of(year, monthNumber, day, hour, minute, leaps ? 59 : second);
            String full = moment.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.US);
            String expected = full.substring(0, Math.min(letters, full.length()));
            if (name != null && !name.equals(expected)) return HttpDate.INVALID;
            return moment.toEpochSecond(ZoneOffset.UTC) + (leaps ? 1 : 0);
        } catch (DateTimeException _) {
            return HttpDate.INVALID;
        }
    }

    private static int number(Matcher text, int group) {
        return Integer.parseInt(text.group(group).strip());
    }
}
