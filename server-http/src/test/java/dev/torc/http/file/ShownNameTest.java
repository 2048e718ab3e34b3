package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

class ShownNameTest {
    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "plain.txt, plain.txt",
        "'a\nb\t\u001b[31m', a␊b␉␛[31m",
        "'a\u007fb', a␡b",
        "'a\u0085b', a\ufffdb",
        "'evil\u202egpj.exe', evil\ufffdgpj.exe",
        "'\u200e\u200f\u061c\u2028\u2066\ufeff', \ufffd\ufffd\ufffd\ufffd\ufffd\ufffd",
        "'<b>\"&', '<b>\"&'",
        "日本語 é 😀, 日本語 é 😀",
        "family 👨‍👩‍👧, family 👨‍👩‍👧"
    })
    void showsEachCharacterOnAPage(String name, String shown) {
        assertEquals(shown, ShownName.onPage(bytes(name)));
    }

    @ParameterizedTest
    @CsvSource({
        "plain.txt, plain.txt",
        "'a\nb', a\\x0ab",
        "'\u001b[31m', \\x1b[31m",
        "a\\b, a\\\\b",
        "'\u202e', \\xe2\\x80\\xae",
        "'\u0085', \\xc2\\x85",
        "é 😀, é 😀"
    })
    void escapesWhatIsNotPrintableInALine(String name, String shown) {
        assertEquals(shown, ShownName.inLine(bytes(name)));
    }

    @Test
    void showsEveryControlCharacterOfAsciiOnAPage() {
        for (int c = 0; c < ' '; c++) {
            assertEquals("a" + (char) (0x2400 + c), ShownName.onPage(new byte[] {'a', (byte) c}));
        }
    }

    @Test
    void showsWhatIsNotUtf8() {
        byte[] name = {'a', (byte) 0xff, (byte) 0xc3, (byte) 0xa9, '\\', 0x7f};
        assertEquals("a\ufffdé\\␡", ShownName.onPage(name));
        assertEquals("a\\xff\\xc3\\xa9\\\\\\x7f", ShownName.inLine(name));
        assertFalse(ShownName.isUtf8(name));
        assertTrue(ShownName.isUtf8(bytes("é")));
        assertFalse(ShownName.isUtf8(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}));
        assertFalse(ShownName.isUtf8(new byte[] {(byte) 0xc0, (byte) 0xae}));
    }

    @Test
    void aLineCanBeReadBack() {
        long seed = Seed.next();
        Random random = new Random(seed);
        String some = "a\\x é\n\u202e😀";
        for (int round = 0; round < 20_000; round++) {
            byte[] name = new byte[random.nextInt(12)];
            random.nextBytes(name);
            if (round % 2 == 0) {
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < name.length; i++) {
                    text.appendCodePoint(some.codePointAt(random.nextInt(some.length() - 1)));
                }
                name = bytes(text.toString());
            }
            String line = ShownName.inLine(name);
            assertTrue(line.codePoints().noneMatch(ShownName::isControl), "seed=" + seed);
            assertArrayEquals(name, read(line), "seed=" + seed + ", line=" + line);
        }
    }

    private static byte[] read(String line) {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        for (int at = 0; at < line.length(); ) {
            boolean byteFollows = line.startsWith("\\x", at);
            boolean backslash = line.startsWith("\\\\", at);
            int end = byteFollows ? at + 4 : backslash ? at + 2 : line.offsetByCodePoints(at, 1);
            if (byteFollows) name.write(Integer.parseInt(line, at + 2, end, 16));
            else name.writeBytes(backslash ? bytes("\\") : bytes(line.substring(at, end)));
            at = end;
        }
        return name.toByteArray();
    }
}
