package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;

class PathValuesTest {
    private static final String UUID_TEXT = "123e4567-e89b-12d3-a456-426614174000";

    private static <R> R of(String raw, ParameterTypesTest.OnRange<R> body) {
        return NativeText.with(
                raw, text -> body.apply(text.address(), text.address() + text.length()));
    }

    private static boolean isInt(String raw) {
        return of(raw, PathValues::isInt);
    }

    private static boolean isLong(String raw) {
        return of(raw, PathValues::isLong);
    }

    private static boolean isUuid(String raw) {
        return of(raw, PathValues::isUuid);
    }

    private static String percentEncoded(String text) {
        StringBuilder encoded = new StringBuilder();
        text.chars().forEach(c -> encoded.append("%%%02x".formatted(c)));
        return encoded.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 10, -1, -10, 2147483647, -2147483648, 1000000000})
    void readsInts(int number) {
        for (String raw : new String[] {"" + number, percentEncoded("" + number)}) {
            assertTrue(isInt(raw), raw);
            assertTrue(isLong(raw), raw);
            assertEquals(number, of(raw, PathValues::number));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, 2147483648L, -2147483649L})
    void readsLongsThatAreNoInts(long number) {
        assertFalse(isInt("" + number));
        assertTrue(isLong("" + number));
        assertEquals(number, of("" + number, PathValues::number));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-",
                "-0",
                "00",
                "01",
                "-01",
                "+1",
                "1 ",
                " 1",
                "1a",
                "a",
                "0x10",
                "1e3",
                "1.0",
                "--1",
                "1-",
                "1%2F2",
                "%2B1",
                "1%00",
                "/1",
                ":1",
                "\u0661",
                "9223372036854775808",
                "-9223372036854775809",
                "18446744073709551617",
                "99999999999999999999"
            })
    void refusesWhatIsNoNumber(String raw) {
        assertFalse(isInt(raw));
        assertFalse(isLong(raw));
    }

    @Test
    void refusesOverflowAsBigIntegerDoes() {
        long seed = Seed.next();
        Random random = new Random(seed);
        BigInteger min = BigInteger.valueOf(Long.MIN_VALUE);
        BigInteger max = BigInteger.valueOf(Long.MAX_VALUE);
        for (int i = 0; i < 50_000; i++) {
            BigInteger number = new BigInteger(1 + random.nextInt(70), random);
            if (random.nextBoolean()) number = number.negate();
            boolean fits = number.compareTo(min) >= 0 && number.compareTo(max) <= 0;
            String raw = number.toString();
            assertEquals(fits, isLong(raw), () -> "seed=" + seed + ", raw=" + raw);
            if (fits) assertEquals(number.longValue(), of(raw, PathValues::number));
            assertEquals(fits && number.bitLength() < 32, isInt(raw), () -> "seed=" + seed);
        }
    }

    @Test
    void refusesVeryLongNumbers() {
        assertFalse(isLong("1".repeat(100_000)));
        assertFalse(isLong("0".repeat(100_000)));
        assertFalse(isUuid("a".repeat(100_000)));
    }

    @Test
    void readsUuids() {
        UUID uuid = UUID.fromString(UUID_TEXT);
        Function<String, UUID> read = raw -> of(raw, PathValues::uuid);
        for (String raw :
                new String[] {
                    UUID_TEXT, UUID_TEXT.toUpperCase(Locale.ROOT), percentEncoded(UUID_TEXT)
                }) {
            assertTrue(isUuid(raw), raw);
            assertEquals(uuid, read.apply(raw));
        }
        UUID ones = new UUID(-1, -1);
        assertEquals(ones, read.apply(ones.toString()));
        UUID zeros = new UUID(0, 0);
        assertEquals(zeros, read.apply(zeros.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "123e4567e89b12d3a456426614174000",
                "123e4567-e89b-12d3-a456-42661417400",
                "123e4567-e89b-12d3-a456-4266141740000",
                "123e4567-e89b-12d3-a4564-26614174000",
                "123e4567-e89b-12d3-a456-42661417400g",
                "{123e4567-e89b-12d3-a456-42661417400}",
                "1-2-3-4-5",
                "-"
            })
    void refusesWhatIsNoUuid(String raw) {
        assertFalse(isUuid(raw));
    }
}
