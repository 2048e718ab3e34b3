package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.torc.testkit.Reply;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/// What files that are compressed are made of, and what has come of them.
final class CompressedReply {
    static final String GZIP = "Accept-Encoding: gzip";

    private CompressedReply() {}

    /// Hexadecimal digits, which become little more than half.
    static byte[] text(int bytes, long seed) {
        Random random = new Random(seed);
        byte[] text = new byte[bytes];
        for (int i = 0; i < bytes; i++) text[i] = (byte) Character.forDigit(random.nextInt(16), 16);
        return text;
    }

    static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(bytes).nextBytes(noise);
        return noise;
    }

    static byte[] unzipped(Reply reply) throws IOException {
        assertEquals("gzip", reply.header("Content-Encoding"));
        assertEquals("Accept-Encoding", reply.header("Vary"));
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(reply.body()))) {
            return in.readAllBytes();
        }
    }

    static void assertAsItIs(byte[] content, Reply reply) {
        assertEquals(200, reply.status());
        assertFalse(reply.has("Content-Encoding"), reply.toString());
        assertArrayEquals(content, reply.body());
    }
}
