package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

class Utf8Test {
    private static boolean isValid(byte[] bytes) {
        return NativeText.with(bytes, text -> Utf8.isValid(text.address(), text.length()));
    }

    private static boolean isValidToTheJdk(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }

    @Test
    void takesCharactersOfEveryLengthAtEveryPlace() {
        for (int before = 0; before < 20; before++) {
            String text = "a".repeat(before) + "\u00e9\u20ac\ud83d\ude00" + "b".repeat(before);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertTrue(isValid(bytes));
            assertFalse(isValid(Arrays.copyOf(bytes, before + 1)), "cut within a character");
        }
        assertTrue(isValid(new byte[0]));
    }

    @Test
    void refusesOverlongFormsSurrogatesAndWhatIsBeyondUnicode() {
        for (String hex :
                "80 ff c080 c1bf e08080 e09fbf eda080 f0808080 f4908080 f5".split(" ", -1)) {
            assertFalse(isValid(HexFormat.of().parseHex(hex)), hex);
        }
    }

    @Test
    void agreesWithTheJdk() {
        long seed = Seed.next();
        Random random = new Random(seed);
        byte[] likely = {0x41, (byte) 0x80, (byte) 0xbf, (byte) 0xc3, (byte) 0xe2, (byte) 0xf0};
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(20)];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = likely[random.nextInt(likely.length)];
            }
            assertEquals(isValidToTheJdk(bytes), isValid(bytes), () -> "seed=" + seed);
        }
    }
}
