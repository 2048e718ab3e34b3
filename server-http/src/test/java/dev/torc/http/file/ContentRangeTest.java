package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

/// RFC 9110 14.4.
class ContentRangeTest {
    @ParameterizedTest
    @CsvSource({
        "42, 1234, 1234, bytes 42-1233/1234",
        "0, 1, 1, bytes 0-0/1",
        "2147483648, 4294967297, 5368709120, bytes 2147483648-4294967296/5368709120",
        "9223372036854775806, 9223372036854775807, 9223372036854775807,"
                + " bytes 9223372036854775806-9223372036854775806/9223372036854775807"
    })
    void tellsFirstAndLastByteAndSize(long start, long end, long size, String value) {
        byte[] target = new byte[ContentRange.BYTES_MAX + 1];
        int length = ContentRange.put(start, end, size, target, 1) - 1;
        assertEquals(value, new String(target, 1, length, StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource({
        "0, bytes */0",
        "47022, bytes */47022",
        "9223372036854775807, bytes */9223372036854775807"
    })
    void tellsTheSizeAloneIfUnsatisfied(long size, String value) {
        byte[] target = new byte[ContentRange.BYTES_MAX];
        int length = ContentRange.putUnsatisfied(size, target, 0);
        assertEquals(value, new String(target, 0, length, StandardCharsets.ISO_8859_1));
    }
}
