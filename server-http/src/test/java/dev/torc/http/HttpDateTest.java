package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Random;

class HttpDateTest {
    private static final long NOW = seconds("2026-11-21T09:00:00Z");
    private static final long EXAMPLE = 784_111_777; // of RFC 9110 5.6.7

    private static final DateTimeFormatter IMF = formatter("EEE, dd MMM uuuu HH:mm:ss 'GMT'");
    private static final DateTimeFormatter RFC850 = formatter("EEEE, dd-MMM-uu HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = formatter("EEE MMM ppd HH:mm:ss uuuu");

    @Test
    void writesTheExampleOfTheRfc() {
        assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", format(EXAMPLE));
    }

    @Test
    void readsTheThreeExamplesOfTheRfc() {
        assertEquals(EXAMPLE, HttpDate.parse("Sun, 06 Nov 1994 08:49:37 GMT", NOW));
        assertEquals(EXAMPLE, HttpDate.parse("Sunday, 06-Nov-94 08:49:37 GMT", NOW));
        assertEquals(EXAMPLE, HttpDate.parse("Sun Nov  6 08:49:37 1994", NOW));
    }

    @Test
    void agreesWithJavaTimeAtTheEdges() {
        for (String instant :
                List.of(
                        "0000-01-01T00:00:00Z",
                        "0001-01-01T00:00:00Z",
                        "1900-02-28T23:59:59Z",
                        "1900-03-01T00:00:00Z",
                        "1969-12-31T23:59:59Z",
                        "1970-01-01T00:00:00Z",
                        "1999-12-31T23:59:59Z",
                        "2000-02-29T12:00:00Z",
                        "2000-03-01T00:00:00Z",
                        "2024-02-29T00:00:00Z",
                        "2024-12-31T23:59:59Z",
                        "2038-01-19T03:14:08Z",
                        "2100-02-28T23:59:59Z",
                        "2100-03-01T00:00:00Z",
                        "9999-12-31T23:59:59Z")) {
            agreesWithJavaTime(seconds(instant), instant);
        }
    }

    @Test
    void agreesWithJavaTimeOnEveryDayOfFourCenturies() {
        long day = seconds("1900-01-01T13:14:15Z");
        for (long end = seconds("2300-01-01T00:00:00Z"); day < end; day += 86_400) {
            agreesWithJavaTime(day, "second=" + day);
        }
    }

    @Test
    void agreesWithJavaTimeAtRandomSeconds() {
        long seed = 0xda7eL;
        Random random = new Random(seed);
        long first = seconds("0000-01-01T00:00:00Z");
        long end = seconds("9999-12-31T23:59:59Z");
        for (int round = 0; round < 20_000; round++) {
            long second = random.nextLong(first, end);
            agreesWithJavaTime(second, "seed=" + seed + ", second=" + second);
        }
    }

    @Test
    void readsTwoDigitsOfAYearWithinFiftyYearsAhead() {
        long first = NOW - 49L * 31_556_952;
        long end = NOW + 50L * 31_556_952;
        long seed = 0x850L;
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            long second = random.nextLong(first, end);
            String text = RFC850.format(time(second));
            assertEquals(second, HttpDate.parse(text, NOW), "seed=" + seed + ", text=" + text);
        }
    }

    @Test
    void takesAYearMoreThanFiftyAheadForThePast() {
        assertEquals(
                seconds("2076-11-01T00:00:00Z"),
                HttpDate.parse("Sunday, 01-Nov-76 00:00:00 GMT", NOW));
        assertEquals(
                seconds("1976-12-01T00:00:00Z"),
                HttpDate.parse("Wednesday, 01-Dec-76 00:00:00 GMT", NOW));
        assertEquals(
                seconds("2005-01-01T00:00:00Z"),
                HttpDate.parse(
                        "Saturday, 01-Jan-05 00:00:00 GMT", seconds("1999-06-01T00:00:00Z")));
    }

    @Test
    void readsTheLeapSecond() {
        long after = seconds("2017-01-01T00:00:00Z");
        assertEquals(after, HttpDate.parse("Sat, 31 Dec 2016 23:59:60 GMT", NOW));
        assertEquals(after, HttpDate.parse("Saturday, 31-Dec-16 23:59:60 GMT", NOW));
        assertEquals(after, HttpDate.parse("Sat Dec 31 23:59:60 2016", NOW));
    }

    @Test
    void refusesWhatIsNoDate() {
        for (String text :
                List.of(
                        "",
                        ",",
                        "0",
                        "784111777",
                        "1994-11-06T08:49:37Z",
                        "Sun, 06 Nov 1994 08:49:37",
                        "Sun, 06 Nov 1994 08:49:37 UTC",
                        "Sun, 06 Nov 1994 08:49:37 GMT ",
                        " Sun, 06 Nov 1994 08:49:37 GMT",
                        "Sun, 6 Nov 1994 08:49:37 GMT",
                        "Sun,  6 Nov 1994 08:49:37 GMT",
                        "Sun, 06 Nov 94 08:49:37 GMT",
                        "Sun, 06 Nov 1994 8:49:37 GMT",
                        "Sun, 06 Nov 1994 08:49 GMT",
                        "Sun, 06-Nov-1994 08:49:37 GMT",
                        "Sun, 06-Nov-94 08:49:37 GMT",
                        "Sunday, 06 Nov 94 08:49:37 GMT",
                        "Sundayx, 06-Nov-94 08:49:37 GMT",
                        "Sunda, 06-Nov-94 08:49:37 GMT",
                        "Sunday, 6-Nov-94 08:49:37 GMT",
                        "Sun Nov 6 08:49:37 1994",
                        "Sun Nov  6 08:49:37 1994 GMT",
                        "Sun Nov  0 08:49:37 1994",
                        "Sun, 06 Nov \u0661\u0669\u0669\u0664 08:49:37 GMT")) {
            assertEquals(HttpDate.INVALID, HttpDate.parse(text, NOW), text);
        }
    }

    @Test
    void refusesDatesThatDoNotExist() {
        for (String text :
                List.of(
                        "Mon, 06 Nov 1994 08:49:37 GMT", // a Sunday
                        "Monday, 06-Nov-94 08:49:37 GMT",
                        "Mon Nov  6 08:49:37 1994",
                        "sun, 06 Nov 1994 08:49:37 GMT",
                        "Sun, 06 nov 1994 08:49:37 GMT",
                        "Sun, 06 Nox 1994 08:49:37 GMT",
                        "Sun, 00 Nov 1994 08:49:37 GMT",
                        "Thu, 31 Nov 1994 08:49:37 GMT",
                        "Wed, 29 Feb 2023 08:49:37 GMT",
                        "Mon, 29 Feb 2100 08:49:37 GMT",
                        "Sun, 06 Nov 1994 24:00:00 GMT",
                        "Sun, 06 Nov 1994 08:60:00 GMT",
                        "Sun, 06 Nov 1994 08:49:60 GMT",
                        "Sun, 06 Nov 1994 23:59:61 GMT")) {
            assertEquals(HttpDate.INVALID, HttpDate.parse(text, NOW), text);
        }
    }

    @Test
    void refusesToWriteYearsOfMoreThanFourDigits() {
        byte[] target = new byte[HttpDate.BYTES];
        long end = seconds("9999-12-31T23:59:59Z") + 1;
        long beforeFirst = seconds("0000-01-01T00:00:00Z") - 1;
        assertThrows(IllegalArgumentException.class, () -> HttpDate.format(end, target, 0));
        assertThrows(IllegalArgumentException.class, () -> HttpDate.format(beforeFirst, target, 0));
        assertThrows(
                IllegalArgumentException.class, () -> HttpDate.format(Long.MIN_VALUE, target, 0));
    }

    @Test
    void writesNothingBesideItsBytes() {
        byte[] target = "[.............................]".getBytes(StandardCharsets.US_ASCII);
        HttpDate.format(EXAMPLE, target, 1);
        assertEquals(
                "[Sun, 06 Nov 1994 08:49:37 GMT]", new String(target, StandardCharsets.US_ASCII));
    }

    @Test
    void formatAllocatesNothing() {
        byte[] target = new byte[HttpDate.BYTES];
        long allocated =
                AllocatedBytes.steady(
                        () -> {
                            for (int i = 0; i < 100_000; i++) {
                                HttpDate.format(EXAMPLE + i * 10_000L, target, 0);
                            }
                        });
        assertEquals(0, allocated, "bytes in 100,000 dates");
    }

    private static void agreesWithJavaTime(long second, String message) {
        ZonedDateTime time = time(second);
        assertEquals(IMF.format(time), format(second), message);
        assertEquals(second, HttpDate.parse(format(second), NOW), message);
        assertEquals(second, HttpDate.parse(ASCTIME.format(time), NOW), message);
    }

    private static String format(long second) {
        byte[] target = new byte[HttpDate.BYTES];
        HttpDate.format(second, target, 0);
        return new String(target, StandardCharsets.US_ASCII);
    }

    private static ZonedDateTime time(long second) {
        return Instant.ofEpochSecond(second).atZone(ZoneOffset.UTC);
    }

    private static long seconds(String instant) {
        return Instant.parse(instant).getEpochSecond();
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US);
    }
}
