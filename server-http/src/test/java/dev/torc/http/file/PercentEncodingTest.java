package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.charset.StandardCharsets;

class PercentEncodingTest {
    private static String encode(byte[] name) {
        StringBuilder encoded = new StringBuilder();
        PercentEncoding.append(name, encoded);
        return encoded.toString();
    }

    /// RFC 3986 2.3.
    @Test
    void leavesTheUnreservedAlone() {
        String unreserved = "ABCXYZabcxyz0189-._~";
        assertEquals(unreserved, encode(unreserved.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void encodesAllElse() {
        assertEquals(
                "%20%2F%3F%23%25%3A%26%2B",
                encode("·/?#%:&+".replace('·', ' ').getBytes(StandardCharsets.UTF_8)));
        assertEquals("%C3%A9%0A%7F", encode("é\n\u007f".getBytes(StandardCharsets.UTF_8)));
        assertEquals("%00%80%FF", encode(new byte[] {0, (byte) 0x80, (byte) 0xff}));
    }

    @Test
    void canBeDecodedWhateverTheName() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) all[i] = (byte) i;
        String encoded = encode(all);
        assertTrue(encoded.matches("([A-Za-z0-9._~-]|%[0-9A-F]{2})+"));
        byte[] decoded = new byte[256];
        int count = 0;
        for (int i = 0; i < encoded.length(); i++) {
            boolean triplet = encoded.charAt(i) == '%';
            if (triplet) decoded[count] = (byte) Integer.parseInt(encoded, i + 1, i + 3, 16);
            else decoded[count] = (byte) encoded.charAt(i);
            if (triplet) i += 2;
            count++;
        }
        assertArrayEquals(all, decoded);
        assertEquals(
                "a:b é",
                URI.create("x/" + encode("a:b é".getBytes(StandardCharsets.UTF_8)))
                        .getPath()
                        .substring(2));
    }
}
