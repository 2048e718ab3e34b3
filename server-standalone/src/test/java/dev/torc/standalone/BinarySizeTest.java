package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinarySizeTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "65536, 65536",
        "64K, 65536",
        "64k, 65536",
        "500M, 524288000",
        "2G, 2147483648",
        "1T, 1099511627776",
        "8388607T, 9223370937343148032",
        "999999999999999999, 999999999999999999"
    })
    void isANumberOfBytes(String text, long bytes) {
        assertEquals(bytes, BinarySize.parse("--size", text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "0K",
                "-1",
                "1.5G",
                "1X",
                "K",
                "1 K",
                "1KB",
                "8388608T",
                "9223372036854775808"
            })
    void saysWhatItHasToBe(String text) {
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class, () -> BinarySize.parse("--size", text));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.startsWith("--size must be a number of bytes from 1 to"), message);
        assertTrue(message.endsWith(": " + text), message);
    }
}
