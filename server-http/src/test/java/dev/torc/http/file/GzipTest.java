package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import java.util.zip.GZIPInputStream;

class GzipTest {
    private static byte[] unzipped(byte[] made) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(made))) {
            return in.readAllBytes();
        }
    }

    /// Of `letters` different bytes.
    private static byte[] content(int bytes, int letters, long seed) {
        Random random = new Random(seed);
        byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++) content[i] = (byte) random.nextInt(letters);
        return content;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 16_383, 16_384, 16_385, 100_000, 1 << 20})
    void givesBackWhatItWasGiven(int bytes) throws IOException {
        long seed = Seed.next();
        for (int letters : new int[] {1, 2, 16, 256}) {
            byte[] content = content(bytes, letters, seed);
            byte[] made = Gzip.compress(content, 2 * bytes + 1000);
            assertNotNull(made);
            assertArrayEquals(content, unzipped(made), "seed " + seed);
            assertArrayEquals(made, Gzip.compress(content, 3 * bytes + 1000));
        }
    }

    @Test
    void takesNoMoreThanItMay() throws IOException {
        byte[] content = content(50_000, 16, 1);
        byte[] made = Gzip.compress(content, content.length);
        assertNotNull(made);
        assertArrayEquals(made, Gzip.compress(content, made.length));
        assertEquals(content.length, unzipped(made).length);
        for (int less : new int[] {0, 1, 10, 17, 18, 19, 16_384, made.length - 1}) {
            assertNull(Gzip.compress(content, less), "bytes " + less);
        }
    }

    /// RFC 1952 2.3.1: no time, no name, no system, so that the bytes tell of the content alone.
    @Test
    void hasNothingInItsHeader() {
        byte[] made = Gzip.compress(new byte[100], 100);
        assertNotNull(made);
        byte[] header = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
        for (int i = 0; i < header.length; i++) assertEquals(header[i], made[i], "byte " + i);
    }
}
