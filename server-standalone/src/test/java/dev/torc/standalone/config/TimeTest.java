package dev.torc.standalone.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

class TimeTest {
    private static final Time TIME = new Time(Duration.ofMillis(10), Duration.ofDays(1), false);

    @ParameterizedTest
    @CsvSource({"10ms, 10", "75s, 75000", "2m, 120000", "1h, 3600000", "1d, 86400000"})
    void hasAUnitAndIsWrittenInTheLargestThatIsExact(String text, long millis) {
        assertEquals(Duration.ofMillis(millis), TIME.parse(text));
        assertEquals(text, TIME.format(Duration.ofMillis(millis)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "0", "9ms", "25h", "2d", "1.5s", "-1s", "1 s", "1S", "1w"})
    void isNothingElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> TIME.parse(text));
    }

    @Test
    void mayBeZeroWhereThatMeansSomething() {
        Time time = new Time(Duration.ofMillis(1), Duration.ofDays(1), true);
        assertEquals(Duration.ZERO, time.parse("0"));
        assertEquals(Duration.ZERO, time.parse("0s"));
        assertEquals("0", time.format(Duration.ZERO));
        assertEquals("1ms to 1d, or 0", time.allowed());
    }
}
