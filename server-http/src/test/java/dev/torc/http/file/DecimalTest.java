package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class DecimalTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 99, 100, 4_294_967_296L, 999_999_999_999L, Long.MAX_VALUE})
    void writesWhatJavaWould(long number) {
        byte[] target = new byte[Decimal.DIGITS_MAX + 2];
        int end = Decimal.put(number, target, 1);
        assertEquals(
                Long.toString(number), new String(target, 1, end - 1, StandardCharsets.ISO_8859_1));
        assertEquals(end - 1, Decimal.digits(number));
        assertEquals(0, target[end]);
    }
}
