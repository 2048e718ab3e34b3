package dev.torc.standalone.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinarySizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
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
        assertEquals(bytes, BinarySize.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "1.5G",
                "1X",
                "K",
                "1 K",
                "1KB",
                "8388608T",
                "9223372036854775808"
            })
    void isNothingElse(String text) {
        assertEquals(-1, BinarySize.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "1023, 1023", "1024, 1K", "1536, 1536", "1073741824, 1G"})
    void isWrittenAsShortAsItIsExact(long bytes, String text) {
        assertEquals(text, BinarySize.format(bytes));
        assertEquals(bytes, BinarySize.parse(text));
    }
}
