package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1, 1 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1075, 1.0 KiB",
        "1076, 1.1 KiB",
        "1536, 1.5 KiB",
        "10188, 9.9 KiB",
        "10189, 10 KiB",
        "10752, 11 KiB",
        "1048063, 1023 KiB",
        "1048064, 1.0 MiB",
        "1048576, 1.0 MiB",
        "5368709120, 5.0 GiB",
        "9223372036854775807, 8.0 EiB"
    })
    void isReadByPeople(long bytes, String text) {
        assertEquals(text, ByteSize.text(bytes));
    }
}
