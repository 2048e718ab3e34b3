package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

class ValidatorsTest {
    private static final long NOW = 1_790_000_000L;

    /// RFC 9110 8.8.2.1: no date in the future.
    @ParameterizedTest
    @CsvSource({
        "784111777, 784111777, 'Sun, 06 Nov 1994 08:49:37 GMT'",
        "0, 0, 'Thu, 01 Jan 1970 00:00:00 GMT'",
        "-1, 0, 'Thu, 01 Jan 1970 00:00:00 GMT'",
        "-9223372036854775808, 0, 'Thu, 01 Jan 1970 00:00:00 GMT'",
        "1790000001, 1790000000, 'Mon, 21 Sep 2026 14:13:20 GMT'",
        "9223372036854775807, 1790000000, 'Mon, 21 Sep 2026 14:13:20 GMT'"
    })
    void haveADateThatCanBeSent(long modified, long seconds, String date) {
        FileStamp stamp = new FileStamp(1, 1, modified, 0, 1000, 0);
        Validators validators = Validators.of(stamp, TagPolicy.COPIES, ContentCoding.GZIP, NOW);
        assertEquals(seconds, validators.modifiedSeconds());
        assertEquals(date, new String(validators.lastModified(), StandardCharsets.ISO_8859_1));
        assertEquals(TagPolicy.COPIES.tag(stamp, ContentCoding.GZIP, NOW), validators.tag());
    }
}
