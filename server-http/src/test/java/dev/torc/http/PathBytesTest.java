package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.Random;

class PathBytesTest {
    @Test
    void readsWordsOfEveryLengthAtEveryPlace() {
        byte[] bytes = new byte[20];
        new Random(1).nextBytes(bytes);
        NativeText.with(
                bytes,
                text -> {
                    for (int at = 0; at < bytes.length; at++) {
                        for (int count = 1; count <= Math.min(8, bytes.length - at); count++) {
                            long end = text.address() + text.length();
                            long word = PathBytes.word(text.address() + at, count, end);
                            assertEquals(naiveWord(bytes, at, count), word, at + " " + count);
                        }
                    }
                    return text;
                });
    }

    @Test
    void findsEndsOfSegmentsLikeTheNaiveTwin() {
        long seed = 0x51a54L;
        Random random = new Random(seed);
        for (int round = 0; round < 5000; round++) {
            byte[] bytes = randomBytes(random);
            int start = random.nextInt(bytes.length + 1);
            int slash = start;
            while (slash < bytes.length && bytes[slash] != '/') slash++;
            int found =
                    NativeText.with(
                            bytes,
                            text -> {
                                long end = text.address() + text.length();
                                long at = PathBytes.segmentEnd(text.address() + start, end);
                                return (int) (at - text.address());
                            });
            assertEquals(slash, found, "seed=" + seed + ", round=" + round);
        }
    }

    @Test
    void findsTheWordOfTheFirstEncodedByteLikeTheNaiveTwin() {
        long seed = 0xe2c0deL;
        Random random = new Random(seed);
        for (int round = 0; round < 5000; round++) {
            byte[] bytes = randomBytes(random);
            int first = 0;
            while (first < bytes.length && bytes[first] >= 0 && bytes[first] != '%') first++;
            int found =
                    NativeText.with(
                            bytes,
                            text -> {
                                long end = text.address() + text.length();
                                long at = PathBytes.firstEncoded(text.address(), end);
                                return (int) (at - text.address());
                            });
            int word = first == bytes.length ? first : first / 8 * 8;
            assertEquals(word, found, "seed=" + seed + ", round=" + round);
        }
    }

    // Neighbours of the wanted bytes, whose marks Mycroft's test may get wrong.
    private static byte[] randomBytes(Random random) {
        byte[] alphabet = {
            '/', '.', '0', 'a', 'b', 'c', '$', '&', 0, 1, 'x', 'y', '~', '%', -1, -128
        };
        int kinds = 1 + random.nextInt(alphabet.length);
        byte[] bytes = new byte[random.nextInt(40)];
        for (int i = 0; i < bytes.length; i++) {
            int kind = random.nextInt(8) == 0 ? random.nextInt(alphabet.length) : kinds - 1;
            bytes[i] = alphabet[kind];
        }
        return bytes;
    }

    private static long naiveWord(byte[] bytes, int at, int count) {
        long word = 0;
        for (int i = count - 1; i >= 0; i--) word = word << 8 | (bytes[at + i] & 0xFF);
        return word;
    }
}
