package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Random;

class AcceptTest {
    private static final String[] PARTS = {
        "application/json",
        "application/*",
        "*/*",
        "text/html",
        "APPLICATION",
        "/",
        "*",
        "json",
        ",",
        ",",
        ";",
        ";",
        "q=",
        "Q=0",
        "0",
        "0.000",
        "1",
        ".",
        "=",
        "\"",
        "\\",
        " ",
        "\t",
        "a"
    };

    private static boolean allows(String accept) {
        return Accept.allows(accept, "application/json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/* | true",
                "application/json | true",
                "APPLICATION/JSON | true",
                "application/* | true",
                "text/html, application/xhtml+xml, */*;q=0.8 | true",
                "text/html,application/json;q=0.001 | true",
                "application/json;charset=utf-8 | true",
                "application/json ; v=\"a,b;q=0\" ; q=1 | true",
                "text/html | false",
                "text/* | false",
                "application/xml | false",
                "application/jso | false",
                "application/jsonx | false",
                "application/problem+json | false",
                "application/json;q=0 | false",
                "application/json;q=0.000, */* | false",
                "*/*, application/json;q=0 | false",
                "application/*;q=0, */* | false",
                "application/json, application/*;q=0 | true",
                "*/*;q=0 | false",
                "application/json;v=1;Q=0 | false",
                "application/json;q=0, application/json;q=0.5 | true",
                "text/html;x=\"application/json,application/json\" | false",
                "text/html;x=\"\\\",application/json\" | false"
            })
    void decidesByTheMostSpecificRange(String accept, boolean allowed) {
        assertEquals(allowed, allows(accept));
    }

    @Test
    void noRangeLetsThroughAnything() {
        assertTrue(Accept.allows(null, "application/json"));
        for (String accept : new String[] {"", ",", " , ;q=0", "json", "/json", ";;;", "\""}) {
            assertTrue(allows(accept), accept);
        }
    }

    @Test
    void agreesWithItsNaiveTwin() {
        long seed = Seed.next();
        Random random = new Random(seed);
        for (int round = 0; round < 200_000; round++) {
            StringBuilder accept = new StringBuilder();
            for (int part = random.nextInt(12); part > 0; part--) {
                accept.append(PARTS[random.nextInt(PARTS.length)]);
            }
            String text = accept.toString();
            boolean expected = NaiveAccept.allows(text, "application/json");
            assertEquals(expected, allows(text), () -> text + " with seed " + seed);
        }
    }

    @Test
    void allocatesNothing() {
        String browser = "text/html, application/xml;q=0.9, image/webp;v=\"1,2\", */*;q=0.8";
        boolean[] allowed = {true};
        Runnable asking =
                () -> {
                    for (int i = 0; i < 20_000; i++) allowed[0] &= allows(browser);
                };
        assertEquals(0, AllocatedBytes.steady(asking));
        assertTrue(allowed[0]);
    }

    @Test
    void takesOnePassOverWhatIsVeryLong() {
        assertTrue(allows("a/b,".repeat(100_000) + "*/*"));
        assertTrue(allows("*/*;q=1" + ";a=\"".repeat(100_000)));
        assertTrue(allows("*/*" + ";".repeat(500_000)));
    }
}
