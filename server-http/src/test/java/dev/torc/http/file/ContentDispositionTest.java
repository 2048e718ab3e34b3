package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/// RFC 6266, RFC 8187.
class ContentDispositionTest {
    private static String attachment(String name) {
        return ContentDisposition.attachment(name.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '\t',
            quoteCharacter = '\b',
            value = {
                "a.txt\t attachment; filename=\"a.txt\"",
                "a b;c,d.txt\t attachment; filename=\"a b;c,d.txt\"",
                "a'b.txt\t attachment; filename=\"a'b.txt\"",
                "€ rates\t attachment; filename=\"_ rates\"; filename*=UTF-8''%E2%82%AC%20rates",
                "naïve.txt\t attachment; filename=\"na_ve.txt\"; filename*=UTF-8''na%C3%AFve.txt",
                "😀\t attachment; filename=\"_\"; filename*=UTF-8''%F0%9F%98%80",
                "a\"b\t attachment; filename=\"a_b\"; filename*=UTF-8''a%22b",
                "50%.txt\t attachment; filename=\"50_.txt\"; filename*=UTF-8''50%25.txt",
                "é!#$&+-.^_`|~'()*%\t attachment; filename=\"_!#$&+-.^_`|~'()*_\";"
                        + " filename*=UTF-8''%C3%A9!#$&+-.^_`|~%27%28%29%2A%25"
            })
    void namesTheFile(String name, String value) {
        assertEquals(value, attachment(name));
    }

    /// Nothing that writes a file elsewhere, ends the field or hides what a file is.
    @ParameterizedTest
    @CsvSource({
        "'../../etc/passwd', .._.._etc_passwd",
        "'..\\\\x', ..__x",
        "'a\r\nSet-Cookie: b', a__Set-Cookie: b",
        "'a\u0000b', a_b",
        "'a\u007fb\u0085c', a_b_c",
        "'evil\u202egpj.exe', evil_gpj.exe",
        "'\u2066a\u2069\u200f\ufeff', _a___"
    })
    void putsAnUnderscoreForWhatDoesHarm(String name, String safe) {
        assertEquals("attachment; filename=\"" + safe + '"', attachment(name));
    }

    @Test
    void whatIsNotUtf8IsReplaced() {
        byte[] name = {'a', (byte) 0xff, 'b'};
        assertEquals(
                "attachment; filename=\"a_b\"; filename*=UTF-8''a%EF%BF%BDb",
                ContentDisposition.attachment(name));
    }

    @Test
    void isAFieldValueWhateverTheName() {
        long seed = Seed.next();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] name = new byte[random.nextInt(40)];
            random.nextBytes(name);
            String value = ContentDisposition.attachment(name);
            boolean valid =
                    value.matches(
                            "attachment; filename=\"[ !#$&-\\[\\]-~]*\"(;"
                                + " filename\\*=UTF-8''([A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})*)?");
            assertTrue(valid, "seed=" + seed + ", value=" + value);
        }
    }
}
