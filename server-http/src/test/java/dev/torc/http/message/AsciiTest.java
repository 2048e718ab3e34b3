package dev.torc.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.IntPredicate;

/// Every scan against its naive twin, in memory that ends where the input does.
class AsciiTest {
    private static final int ROUNDS = 20_000;
    private static final String LETTERS_AND_DIGITS =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    @Test
    void findsTheEndOfATokenLikeItsNaiveTwin() {
        agree(Ascii::tokenEnd, in(LETTERS_AND_DIGITS + "!#$%&'*+-.^_`|~"));
    }

    @Test
    void findsTheEndOfTextLikeItsNaiveTwin() {
        agree(Ascii::textEnd, octet -> (octet >= ' ' && octet != 0x7f) || octet == '\t');
    }

    @Test
    void findsTheEndOfARegisteredNameLikeItsNaiveTwin() {
        agree(Ascii::regNameEnd, in(LETTERS_AND_DIGITS + "-._~!$&'()*+,;="));
    }

    @Test
    void findsTheEndOfAPathLikeItsNaiveTwin() {
        agreeOnUris(Ascii::pathEnd, in(LETTERS_AND_DIGITS + "-._~!$&'()*+,;=:@/"));
    }

    @Test
    void findsTheEndOfAQueryLikeItsNaiveTwin() {
        agreeOnUris(Ascii::queryEnd, in(LETTERS_AND_DIGITS + "-._~!$&'()*+,;=:@/?"));
    }

    @Test
    void fenceCatchesADeliberateOverRead() {
        try (Fenced input = Fenced.of("abcdefg")) {
            assertThrows(AssertionError.class, () -> Memory.getLong(input.address()));
            assertThrows(
                    AssertionError.class, () -> Ascii.tokenEnd(input.address(), input.end() + 1));
        }
    }

    @Test
    void comparesIgnoringTheCaseOfLettersOnly() {
        assertTrue(equalsIgnoreCase("Content-Type", "content-type"));
        assertTrue(equalsIgnoreCase("x_a~b^c", "x_a~b^c"));
        assertFalse(equalsIgnoreCase("content-typ", "content-type"));
        assertFalse(equalsIgnoreCase("content\rtype", "content-type"));
        assertFalse(equalsIgnoreCase("x^", "x~"));
        assertFalse(equalsIgnoreCase("X~", "x^"));
    }

    @Test
    void trimsSpacesAndTabsOnly() {
        assertEquals("a \t b", trimmed(" \t a \t b\t "));
        assertEquals("", trimmed(" \t "));
        assertEquals("\u00a0a", trimmed("\u00a0a"));
    }

    @Test
    void valuesHexadecimalDigits() {
        for (int octet = 0; octet < 256; octet++) {
            int expected = "0123456789abcdef".indexOf(Character.toLowerCase((char) octet));
            assertEquals(
                    octet < 0x80 ? expected : -1, Ascii.hexValue((byte) octet), "octet " + octet);
        }
    }

    @Test
    void readsTextAsOneCharPerByte() {
        try (Fenced input = Fenced.of("a\u00ff\u0080")) {
            assertEquals("a\u00ff\u0080", Ascii.text(input.address(), 3));
        }
    }

    private interface Scan {
        long end(long address, long limit);
    }

    private static IntPredicate in(String characters) {
        return octet -> characters.indexOf(octet) >= 0;
    }

    private static void agree(Scan scan, IntPredicate allowed) {
        long seed = Seed.next();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = mostly(allowed, random);
            int expected = 0;
            while (expected < bytes.length && allowed.test(bytes[expected] & 0xff)) expected++;
            check(scan, bytes, expected, seed);
        }
    }

    private static void agreeOnUris(Scan scan, IntPredicate allowed) {
        long seed = Seed.next();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = mostly(allowed.or(octet -> octet == '%'), random);
            int expected = 0;
            while (expected < bytes.length) {
                boolean triplet =
                        expected + 2 < bytes.length
                                && bytes[expected] == '%'
                                && Character.digit(bytes[expected + 1], 16) >= 0
                                && Character.digit(bytes[expected + 2], 16) >= 0;
                if (!triplet && !allowed.test(bytes[expected] & 0xff)) break;
                expected += triplet ? 3 : 1;
            }
            check(scan, bytes, expected, seed);
        }
    }

    private static void check(Scan scan, byte[] bytes, int expected, long seed) {
        try (Fenced input = Fenced.of(bytes)) {
            long end = scan.end(input.address(), input.end());
            assertEquals(
                    expected,
                    end - input.address(),
                    () -> "seed " + seed + ": " + new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }

    /// Up to 70 bytes of which few are not allowed, so that runs of every length occur.
    private static byte[] mostly(IntPredicate allowed, Random random) {
        byte[] bytes = new byte[random.nextInt(70)];
        int strange = random.nextInt(4) * 2;
        for (int i = 0; i < bytes.length; i++) {
            int octet = random.nextInt(256);
            while (!allowed.test(octet) && random.nextInt(100) >= strange)
                octet = random.nextInt(256);
            bytes[i] = (byte) octet;
        }
        return bytes;
    }

    private static boolean equalsIgnoreCase(String text, String lowerCase) {
        try (Fenced input = Fenced.of(text)) {
            return Ascii.equalsIgnoreCase(input.address(), input.length(), Ascii.bytes(lowerCase));
        }
    }

    private static String trimmed(String text) {
        try (Fenced input = Fenced.of(text)) {
            long start = Ascii.skipWhitespace(input.address(), input.end());
            long end = Ascii.trimWhitespace(start, input.end());
            return Ascii.text(start, (int) (end - start));
        }
    }
}
