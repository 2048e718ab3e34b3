package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.AllocatedBytes;
import dev.torc.http.message.Fenced;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class CacheRulesTest {
    private static @Nullable String match(CacheRules rules, String path) {
        try (Fenced memory = Fenced.of(path)) {
            byte[] value = rules.match(memory.address(), memory.length());
            return value == null ? null : new String(value, StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void theFirstRuleThatMatchesDecides() {
        CacheRules rules =
                CacheRules.none()
                        .with("/assets/**", "public, max-age=31536000, immutable")
                        .with("*.{html,json}", "no-cache")
                        .with("*.js", "max-age=60");
        assertEquals("public, max-age=31536000, immutable", match(rules, "assets/x/a.html"));
        assertEquals("no-cache", match(rules, "index.html"));
        assertEquals("no-cache", match(rules, "deep/in/data.json"));
        assertEquals("max-age=60", match(rules, "app.js"));
        assertNull(match(rules, "logo.png"));
        assertNull(match(rules, "assets"));
        assertEquals("no-store", match(rules.with("**", "no-store"), "logo.png"));
        assertEquals("no-cache", match(rules.with("**", "no-store"), "index.html"));
    }

    @Test
    void noneMatchesNothing() {
        assertNull(match(CacheRules.none(), "a"));
        assertEquals("", CacheRules.none().toString());
    }

    @Test
    void rulesAreNotChanged() {
        CacheRules first = CacheRules.none().with("a", "no-cache");
        CacheRules second = first.with("b", "no-store");
        assertNull(match(first, "b"));
        assertEquals("no-store", match(second, "b"));
        assertEquals("a: no-cache\nb: no-store\n", second.toString());
    }

    /// RFC 9111 5.2.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-cache",
                "max-age=0",
                "public,max-age=60",
                "public , max-age=60",
                "private=\"set-cookie, x\"",
                "community=\"UCI\\\"x\\\"\"",
                "stale-while-revalidate=30"
            })
    void takesDirectives(String directives) {
        assertEquals(directives, match(CacheRules.none().with("a", directives), "a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "max age=60",
                "max-age = 60",
                "max-age=",
                "no-cache,",
                ",no-cache",
                "no-cache;max-age=1",
                "a\r\nSet-Cookie: b",
                "private=\"x",
                "no-cache\u0000",
                "é",
                "private=\"a\r\nb\""
            })
    void refusesWhatIsNoListOfDirectives(String directives) {
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> CacheRules.none().with("**", directives));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("Cache-Control is a list like"));
    }

    @Test
    void refusesAPatternWhenItIsAdded() {
        assertThrows(
                IllegalArgumentException.class, () -> CacheRules.none().with("a**", "no-cache"));
    }

    @Test
    void matchingAllocatesNothing() {
        CacheRules rules =
                CacheRules.none().with("/assets/**/*.{css,js}", "no-cache").with("**", "no-store");
        try (Fenced memory = Fenced.of("assets/deep/down/app.4f3a9c.js")) {
            long bytes =
                    AllocatedBytes.steady(
                            () -> {
                                for (int i = 0; i < 20_000; i++) {
                                    rules.match(memory.address(), memory.length());
                                }
                            });
            assertEquals(0, bytes);
        }
    }
}
