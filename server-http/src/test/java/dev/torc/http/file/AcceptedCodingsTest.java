package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.AllocatedBytes;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 9110 12.5.3.
class AcceptedCodingsTest {
    private static final int BR = ContentCoding.BR.bit();
    private static final int GZIP = ContentCoding.GZIP.bit();
    private static final int IDENTITY = ContentCoding.IDENTITY.bit();
    private static final int ALL = BR | ContentCoding.ZSTD.bit() | GZIP | IDENTITY;

    private final AcceptedCodings codings = new AcceptedCodings();

    private @Nullable ContentCoding choose(int available, String... values) {
        String[] lines = new String[values.length + 1];
        lines[0] = "Host: a";
        for (int i = 0; i < values.length; i++) lines[i + 1] = "Accept-Encoding: " + values[i];
        try (SentFields sent = SentFields.of(lines)) {
            return codings.choose(sent.fields(), available);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "gzip, deflate, br, zstd | br",
                "gzip, deflate, zstd | zstd",
                "gzip, deflate | gzip",
                "GZIP | gzip",
                "x-gzip | gzip",
                "deflate | identity",
                "`` | identity",
                "identity | identity",
                "identity, gzip | gzip",
                "br;q=0.5, gzip;q=0.6 | gzip",
                "br;q=0.5, gzip;q=0.5 | br",
                "gzip;q=0.001 | gzip",
                "gzip;q=0 | identity",
                "gzip;q=0, br;q=0.1 | br",
                "gzip;q=0.5, identity;q=0.6 | identity",
                "gzip;q=0.5, identity;q=0.5 | gzip",
                "identity;q=0, gzip | gzip",
                "identity;q=0 | null",
                "identity;q=0, deflate | null",
                "*;q=0 | null",
                "*;q=0, identity | identity",
                "*;q=0, identity;q=0.001 | identity",
                "*;q=0, gzip | gzip",
                "* | br",
                "*;q=0.5 | br",
                "br;q=0, * | zstd",
                "*;q=0.5, gzip;q=0.6 | gzip",
                "*;q=0.5, identity | identity",
                "gzip;q=x | identity",
                "gzip, gzip;q=0 | identity",
                "gzip;q=0, gzip | identity",
                "x-gzip;q=0.2, gzip;q=0.8, br;q=0.5 | br",
                "gzipped | identity",
                "gzip;q=1.0, identity; q=0.5, *;q=0 | gzip"
            })
    void choosesByWeightAndThenByItsOwnPreference(String value, String chosen) {
        assertEquals(chosen, String.valueOf(choose(ALL, value)), value);
    }

    @Test
    void withoutTheFieldTheFileIsSentAsItIs() {
        assertEquals(ContentCoding.IDENTITY, choose(ALL));
    }

    @Test
    void choosesOnlyAmongWhatThereIs() {
        String browser = "gzip, deflate, br, zstd";
        assertEquals(ContentCoding.GZIP, choose(GZIP | IDENTITY, browser));
        assertEquals(ContentCoding.IDENTITY, choose(IDENTITY, browser));
        assertEquals(ContentCoding.BR, choose(BR, browser));
        assertEquals(null, choose(BR, "gzip"));
        assertEquals(null, choose(GZIP));
        assertEquals(null, choose(BR | IDENTITY, "identity;q=0, gzip"));
    }

    @Test
    void readsAllLines() {
        assertEquals(ContentCoding.BR, choose(ALL, "gzip;q=0.5", "br"));
        assertEquals(null, choose(ALL, "deflate", "identity;q=0"));
    }

    /// 12.5.5.
    @Test
    void answersVaryWhereThereIsAChoice() {
        assertFalse(AcceptedCodings.varies(IDENTITY));
        assertTrue(AcceptedCodings.varies(IDENTITY | GZIP));
        assertTrue(AcceptedCodings.varies(ALL));
    }

    @Test
    void allocatesNothing() {
        try (SentFields sent = SentFields.of("Accept-Encoding: gzip, deflate, br;q=0.9, zstd")) {
            long bytes =
                    AllocatedBytes.steady(
                            () -> {
                                for (int i = 0; i < 20_000; i++) {
                                    codings.choose(sent.fields(), ALL);
                                }
                            });
            assertEquals(0, bytes);
        }
    }
}
