package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.torc.http.PercentDecoding.Form;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

class PercentDecodingTest {
    @Test
    void readsPlainTextAsItIs() {
        assertEquals(Form.PLAIN, form(""));
        assertEquals(Form.PLAIN, form("/plain+text?~!"));
        assertEquals("", text(""));
        assertEquals("/plain+text?~!", text("/plain+text?~!"));
    }

    @Test
    void decodesTripletsOfEitherCase() {
        assertEquals(Form.ENCODED, form("%4a%4A"));
        assertEquals("JJ", text("%4a%4A"));
        assertEquals("a%b", text("a%25b"));
        assertEquals("%41", text("%2541"));
    }

    @Test
    void decodesUtf8() {
        assertEquals("\u00e9\u20ac\ud83d\ude00", text("%C3%A9%E2%82%AC%F0%9F%98%80"));
        assertEquals("\u00e9", text("\u00e9"));
        assertEquals("\u00e9", text("%c3\u00a9".replace("\u00a9", "%a9")));
    }

    @Test
    void keepsPlusInPathsAndReadsItAsSpaceInForms() {
        assertEquals("a+b", text("a+b"));
        assertEquals("a b", formText("a+b"));
        assertEquals("a+b \u00e9", formText("a%2Bb+%C3%A9"));
    }

    @Test
    void refusesBrokenTriplets() {
        for (String text :
                List.of("%", "%4", "a%", "%g0", "%0g", "%%41", "%-1", "%+1", "% 1", "12345678%")) {
            assertEquals(Form.MALFORMED, form(text), text);
            assertNull(text(text), text);
            assertNull(formText(text), text);
        }
    }

    @Test
    void refusesMalformedUtf8() {
        for (String text :
                List.of(
                        "%80",
                        "%C0%80",
                        "%C1%BF",
                        "%C3",
                        "%C3A",
                        "%E0%9F%BF",
                        "%ED%A0%80",
                        "%F0%8F%BF%BF",
                        "%F4%90%80%80",
                        "%F5%80%80%80",
                        "%FF",
                        "%E2%82",
                        "%C3%A9%A9")) {
            assertEquals(Form.MALFORMED, form(text), text);
            assertNull(text(text), text);
            assertNull(formText(text), text);
        }
    }

    @Test
    void decodesBytesThatAreNotUtf8() {
        byte[] target = new byte[3];
        int count =
                NativeText.with(
                        "%ff+%00",
                        text -> PercentDecoding.decode(text.address(), 7, target, false));
        assertEquals(3, count);
        assertArrayEquals(new byte[] {-1, '+', 0}, target);
        count =
                NativeText.with(
                        "ab%", text -> PercentDecoding.decode(text.address(), 3, target, true));
        assertEquals(-1, count);
    }

    @Test
    void agreesWithTheJdkOnUtf8() {
        long seed = 0x07f8L;
        Random random = new Random(seed);
        int[] edges = {
            0, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC,
            0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
        };
        for (int round = 0; round < 100_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(4)];
            for (int i = 0; i < bytes.length; i++) {
                boolean edge = random.nextInt(8) != 0;
                bytes[i] =
                        (byte) (edge ? edges[random.nextInt(edges.length)] : random.nextInt(256));
            }
            StringBuilder encoded = new StringBuilder();
            for (byte octet : bytes) encoded.append("%%%02X".formatted(octet));
            assertEquals(strictly(bytes), text(encoded.toString()), "seed=" + seed + " " + encoded);
        }
    }

    @Test
    void agreesWithTheNaiveTwin() {
        long seed = 0xdec0deL;
        Random random = new Random(seed);
        String alphabet = "aZ09%%%%cC3AF8\u00e9/+";
        for (int round = 0; round < 50_000; round++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(20);
            for (int i = 0; i < length; i++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String expected = NaiveRoutes.decode(text.toString());
            assertEquals(expected, text(text.toString()), "seed=" + seed + ", text=" + text);
        }
    }

    private static @Nullable String strictly(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }

    private static Form form(String text) {
        return NativeText.with(text, at -> PercentDecoding.form(at.address(), at.length()));
    }

    private static @Nullable String text(String text) {
        return NativeText.with(text, at -> PercentDecoding.text(at.address(), at.length()));
    }

    private static @Nullable String formText(String text) {
        return NativeText.with(text, at -> PercentDecoding.formText(at.address(), at.length()));
    }
}
