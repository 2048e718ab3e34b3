package dev.torc.standalone.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1 KiB",
        "1536, 1.5 KiB",
        "348160, 340 KiB",
        "8388608, 8 MiB",
        "1181116006, 1.1 GiB",
        "9223372036854775807, 8388608 TiB"
    })
    void bytesAreInTheLargestUnit(long bytes, String text) {
        assertEquals(text, Sizes.bytes(bytes));
    }
}
