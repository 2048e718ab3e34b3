package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.http.message.Ascii;

import org.junit.jupiter.api.Test;

class ContentCodingTest {
    @Test
    void eachHasItsTokenSuffixAndBit() {
        assertEquals("zstd", ContentCoding.ZSTD.token());
        assertArrayEquals(Ascii.bytes("zstd"), ContentCoding.ZSTD.tokenBytes());
        assertArrayEquals(Ascii.bytes(".zst"), ContentCoding.ZSTD.suffix());
        int all = 0;
        for (ContentCoding coding : ContentCoding.ALL) {
            assertEquals(0, all & coding.bit());
            all |= coding.bit();
            assertEquals(coding, ContentCoding.ALL.get(coding.index()));
        }
        assertEquals(0b1111, all);
        assertEquals("[br, zstd, gzip, identity]", ContentCoding.ALL.toString());
    }
}
