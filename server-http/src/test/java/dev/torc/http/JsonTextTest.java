package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

class JsonTextTest {
    private static byte[] written(JsonText text) {
        return Arrays.copyOf(text.bytes(), text.length());
    }

    @Test
    void holdsWhatWasWrittenHoweverItCame() {
        long seed = Seed.next();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            JsonText text = new JsonText();
            ByteArrayOutputStream twin = new ByteArrayOutputStream();
            for (int piece = random.nextInt(20); piece > 0; piece--) {
                byte[] source = new byte[random.nextInt(3000)];
                random.nextBytes(source);
                int offset = random.nextInt(source.length + 1);
                int count = random.nextInt(source.length - offset + 1);
                text.write(source, offset, count);
                twin.write(source, offset, count);
                text.write(piece);
                twin.write(piece);
            }
            assertArrayEquals(twin.toByteArray(), written(text), "seed " + seed);
        }
    }

    @Test
    void refusesWhatIsNotInTheArray() {
        JsonText text = new JsonText();
        byte[] source = new byte[10];
        assertThrows(IndexOutOfBoundsException.class, () -> text.write(source, 5, 6));
        assertThrows(IndexOutOfBoundsException.class, () -> text.write(source, -1, 1));
        assertEquals(0, text.length());
    }

    @Test
    void isThereAgainEmptyOnceItIsGivenBack() {
        JsonText first = JsonText.take();
        first.write('1');
        JsonText meanwhile = JsonText.take();
        assertNotSame(first, meanwhile);
        meanwhile.giveBack();
        first.giveBack();
        JsonText again = JsonText.take();
        assertSame(first, again);
        assertEquals(0, again.length());
        again.giveBack();
    }

    @Test
    void keepsNoLargeArray() {
        JsonText large = JsonText.take();
        large.write(new byte[JsonText.KEPT_BYTES_MAX + 1], 0, JsonText.KEPT_BYTES_MAX + 1);
        large.giveBack();
        assertTrue(large.bytes().length <= JsonText.KEPT_BYTES_MAX);
    }
}
