package dev.torc.http;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.Month;
import java.time.Year;

/// The dates of HTTP (RFC 9110 5.6.7), as seconds since 1970-01-01T00:00:00Z, years 0000 to 9999.
///
/// Written as IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT`; read in that form, in RFC 850's and in
/// asctime's, strictly: every byte counts, names are case-sensitive, the day must exist and be
/// named right. Any thread.
public final class HttpDate {
    /// Bytes of an IMF-fixdate.
    public static final int BYTES = 29;

    /// What [#parse(String, long)] returns for a text that is no date.
    public static final long INVALID = Long.MIN_VALUE;

    private static final int SECONDS_PER_DAY = 86_400;
    private static final long SECONDS_MIN = -62_167_219_200L; // 0000-01-01T00:00:00Z
    private static final long SECONDS_MAX = 253_402_300_799L; // 9999-12-31T23:59:59Z
    private static final long FIFTY_YEARS_SECONDS = 50 * 31_556_952L;

    private static final int NO_DAY = Integer.MIN_VALUE;

    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final String[] DAYS_RFC850 = {
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
    };
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final byte[] BLANK =
            "Day, 00 Mon 0000 00:00:00 GMT".getBytes(StandardCharsets.US_ASCII);

    private HttpDate() {}

    /// Writes an IMF-fixdate into the [#BYTES] bytes of `target` from `index` on. Allocates
    /// nothing.
    ///
    /// @throws IllegalArgumentException if the year is not from 0000 to 9999
    public static void format(long epochSeconds, byte[] target, int index) {
        if (epochSeconds < SECONDS_MIN || epochSeconds > SECONDS_MAX) {
            throw new IllegalArgumentException(
                    "year must be from 0000 to 9999: epochSeconds=" + epochSeconds);
        }
        System.arraycopy(BLANK, 0, target, index, BYTES);
        int epochDay = (int) Math.floorDiv(epochSeconds, SECONDS_PER_DAY);
        putName(DAYS, dayOfWeek(epochDay), target, index);
        putDate(epochDay, target, index);
        int second = Math.floorMod(epochSeconds, SECONDS_PER_DAY);
        putDigits(second / 3600, target, index + 17);
        putDigits(second / 60 % 60, target, index + 20);
        putDigits(second % 60, target, index + 23);
    }

    /// Reads a date in any of the three forms; [#INVALID] if it is none. A second of 60 is read in
    /// `23:59:60` and is the second after 59.
    ///
    /// @param nowEpochSeconds what the two digits of RFC 850's year are relative to: they mean the
    ///   latest such year that is not more than 50 years ahead
    public static long parse(String text, long nowEpochSeconds) {
        if (fits(text, 0, "..., 00 ... 0000 00:00:00 GMT")) {
            int day = epochDay(digits(text, 12, 4), month(text, 8), digits(text, 5, 2));
            return isNamed(day, text) ? seconds(day, time(text, 17)) : INVALID;
        }
        boolean padded = fits(text, 0, "... ...  0 00:00:00 0000");
        if (padded || fits(text, 0, "... ... 00 00:00:00 0000")) {
            int dayOfMonth = padded ? digits(text, 9, 1) : digits(text, 8, 2);
            int day = epochDay(digits(text, 20, 4), month(text, 4), dayOfMonth);
            return isNamed(day, text) ? seconds(day, time(text, 11)) : INVALID;
        }
        int comma = text.indexOf(',');
        if (comma > 0 && fits(text, comma, ", 00-...-00 00:00:00 GMT")) {
            return parseRfc850(text, comma, nowEpochSeconds);
        }
        return INVALID;
    }

    private static long parseRfc850(String text, int comma, long now) {
        int dayOfMonth = digits(text, comma + 2, 2);
        int month = month(text, comma + 5);
        int time = time(text, comma + 12);
        long today = Math.floorDiv(now, SECONDS_PER_DAY);
        int yearMax = LocalDate.ofEpochDay(today).getYear() + 51;
        int year = yearMax - Math.floorMod(yearMax - digits(text, comma + 9, 2), 100);
        int day = epochDay(year, month, dayOfMonth);
        if (seconds(day, time) > now + FIFTY_YEARS_SECONDS) {
            day = epochDay(year - 100, month, dayOfMonth);
        }
        if (day == NO_DAY) return INVALID;
        String name = DAYS_RFC850[dayOfWeek(day)];
        return text.startsWith(name) && comma == name.length() ? seconds(day, time) : INVALID;
    }

    /// Whether `text` is `pattern` from `at` to its end, where a `0` stands for a digit and a `.`
    /// for any character.
    private static boolean fits(String text, int at, String pattern) {
        if (text.length() - at != pattern.length()) return false;
        for (int i = 0; i < pattern.length(); i++) {
            char found = text.charAt(at + i);
            boolean fits =
                    switch (pattern.charAt(i)) {
                        case '0' -> found >= '0' && found <= '9';
                        case '.' -> true;
                        default -> found == pattern.charAt(i);
                    };
            if (!fits) return false;
        }
        return true;
    }

    private static int digits(String text, int at, int count) {
        return Integer.parseInt(text, at, at + count, 10);
    }

    /// The month from 1 to 12 named at `at`, or 0.
    private static int month(String text, int at) {
        for (int month = 1; month <= 12; month++) {
            if (text.regionMatches(at, MONTHS, (month - 1) * 3, 3)) return month;
        }
        return 0;
    }

    /// The second of the day at `at`, or -1.
    private static int time(String text, int at) {
        int hour = digits(text, at, 2);
        int minute = digits(text, at + 3, 2);
        int second = digits(text, at + 6, 2);
        int secondMax = hour == 23 && minute == 59 ? 60 : 59;
        if (hour > 23 || minute > 59 || second > secondMax) return -1;
        return hour * 3600 + minute * 60 + second;
    }

    private static int epochDay(int year, int month, int dayOfMonth) {
        if (month == 0 || dayOfMonth == 0) return NO_DAY;
        if (dayOfMonth > Month.of(month).length(Year.isLeap(year))) return NO_DAY;
        return (int) LocalDate.of(year, month, dayOfMonth).toEpochDay();
    }

    private static boolean isNamed(int epochDay, String text) {
        return epochDay != NO_DAY && text.regionMatches(0, DAYS, dayOfWeek(epochDay) * 3, 3);
    }

    private static long seconds(int epochDay, int time) {
        return time < 0 ? INVALID : (long) epochDay * SECONDS_PER_DAY + time;
    }

    /// From 0, Monday. The epoch began on a Thursday.
    private static int dayOfWeek(int epochDay) {
        return Math.floorMod(epochDay + 3, 7);
    }

    // LocalDate would do it, but allocates unless the JIT sees through it. Years start in March
    // here,
    // so that the leap day is their last: Howard Hinnant, chrono-Compatible Low-Level Date
    // Algorithms,
    // civil_from_days.
    private static void putDate(int epochDay, byte[] target, int index) {
        int days = epochDay + 719_468; // since 0000-03-01
        int era = Math.floorDiv(days, 146_097);
        int dayOfEra = Math.floorMod(days, 146_097);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        int month = (monthFromMarch + 2) % 12;
        int year = era * 400 + yearOfEra + (month < 2 ? 1 : 0);
        putDigits(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, target, index + 5);
        putName(MONTHS, month, target, index + 8);
        putDigits(year / 100, target, index + 12);
        putDigits(year % 100, target, index + 14);
    }

    private static void putName(String names, int number, byte[] target, int index) {
        for (int i = 0; i < 3; i++) target[index + i] = (byte) names.charAt(number * 3 + i);
    }

    private static void putDigits(int number, byte[] target, int index) {
        target[index] = (byte) ('0' + number / 10);
        target[index + 1] = (byte) ('0' + number % 10);
    }
}
