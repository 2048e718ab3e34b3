package dev.torc.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;

import java.util.Locale;
import java.util.Random;

class KeywordTest {
    private static final String[] WORDS = {
        "host",
        "close",
        "expect",
        "chunked",
        "12345678",
        "keep-alive",
        "transfer-encoding",
        "abcdefghijklmnopqrstuvwx"
    };

    @Test
    void matchesItsWordInAnyCase() {
        for (String word : WORDS) {
            assertEquals(true, matches(word, word), word);
            assertEquals(true, matches(word, word.toUpperCase(Locale.ROOT)), word);
            assertEquals(false, matches(word, word + "x"), word);
            assertEquals(false, matches(word, word.substring(1)), word);
            assertEquals(false, matches(word, ""), word);
        }
    }

    @Test
    void noticesEveryOtherCharacterAtEveryPlace() {
        for (String word : WORDS) {
            for (int at = 0; at < word.length(); at++) {
                for (int octet = ' '; octet < 256; octet++) {
                    String text = word.substring(0, at) + (char) octet + word.substring(at + 1);
                    assertEquals(word.equalsIgnoreCase(text), matches(word, text), text);
                }
            }
        }
    }

    @Test
    void agreesWithItsNaiveTwinOnRandomText() {
        long seed = Seed.next();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder(WORDS[random.nextInt(WORDS.length)]);
            for (int change = random.nextInt(3); change > 0; change--) {
                text.setCharAt(random.nextInt(text.length()), (char) (' ' + random.nextInt(95)));
            }
            String other = WORDS[random.nextInt(WORDS.length)];
            assertEquals(
                    other.equalsIgnoreCase(text.toString()),
                    matches(other, text.toString()),
                    () -> "seed " + seed + ": " + text);
        }
    }

    @Test
    void refusesToBeTooShortOrTooLong() {
        assertThrows(IllegalArgumentException.class, () -> Keyword.of("abc"));
        assertThrows(IllegalArgumentException.class, () -> Keyword.of("a".repeat(25)));
    }

    private static boolean matches(String word, String text) {
        try (Fenced input = Fenced.of(text)) {
            return Keyword.of(word).matches(input.address(), input.length());
        }
    }
}
