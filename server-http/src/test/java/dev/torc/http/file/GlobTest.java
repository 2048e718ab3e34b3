package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.message.Fenced;
import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;

class GlobTest {
    private static boolean matches(Glob glob, String path) {
        try (Fenced memory = Fenced.of(path.getBytes(StandardCharsets.UTF_8))) {
            return glob.matches(memory.address(), memory.length());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "*.css, a.css, true",
        "*.css, dir/sub/a.css, true",
        "*.css, .css, true",
        "*.css, a.css.map, false",
        "*.css, a.css/b, false",
        "/*.css, a.css, true",
        "/*.css, dir/a.css, false",
        "dir/*.css, dir/a.css, true",
        "dir/*.css, dir/sub/a.css, false",
        "dir/*.css, x/dir/a.css, false",
        "dir/**/*.css, dir/a.css, true",
        "dir/**/*.css, dir/x/y/a.css, true",
        "dir/**/*.css, dirx/a.css, false",
        "**/a, a, true",
        "**/a, x/a, true",
        "**/a, x/y/a, true",
        "**/a, xa, false",
        "**/a, x/ya, false",
        "dir/**, dir/a, true",
        "dir/**, dir/a/b, true",
        "dir/**, dir, false",
        "dir/**, dirx, false",
        "**, a, true",
        "**, a/b/c, true",
        "/**, a/b/c, true",
        "**/x/**, x/a, true",
        "**/x/**, a/b/x/c/d, true",
        "**/x/**, a/bx/c, false",
        "**/**/a, a, true",
        "**/**/a, x/a, true",
        "index.html, index.html, true",
        "index.html, a/index.html, true",
        "/index.html, index.html, true",
        "/index.html, a/index.html, false",
        "a/index.html, a/index.html, true",
        "?.js, a.js, true",
        "?.js, ab.js, false",
        "?.js, .js, false",
        "/?, /, false",
        "a?b/c, a/b/c, false",
        "*, a, true",
        "/*, a/b, false",
        "/a*b*c, aXbYc, true",
        "/a*b*c, abc, true",
        "/a*b*c, abcb, false",
        "/a*b*c, ab/c, false",
        "'*.{css,js}', a.js, true",
        "'*.{css,js}', x/a.css, true",
        "'*.{css,js}', a.jsx, false",
        "'{a,b}{c,d}', bd, true",
        "'{a,b}{c,d}', ab, false",
        "'a{,b}', a, true",
        "'a{,b}', ab, true",
        "'{a/b,c}', x/c, true",
        "'{a/b,c}', x/a/b, false",
        "'{a/b,c}', a/b, true",
        "a\\*b, a*b, true",
        "a\\*b, axb, false",
        "'a\\{b\\,c\\}', 'a{b,c}', true",
        "\\[1\\], [1], true",
        "A, a, false",
        "é*, été, true",
        "é??, étu, true",
        "é???, été, false",
        "é??, été, true",
        "?, é, true",
        "?, €, true",
        "?, éé, false",
        "?t, ét, true",
        "'{?}', 😀, true"
    })
    void matchesAsDocumented(String pattern, String path, boolean matches) {
        assertEquals(matches, matches(Glob.of(pattern), path));
    }

    @ParameterizedTest
    @CsvSource({
        "'', has an empty name",
        "/, has an empty name",
        "a/, has an empty name",
        "a//b, has an empty name",
        "a**, has ** within a name",
        "**a/b, has ** within a name",
        "***, has ** within a name",
        "../a, has a . or .. for a name",
        "a/./b, has a . or .. for a name",
        "[ab], has a bracket",
        "a], has a bracket",
        "a\\, ends in a backslash",
        "{a, has a { without a }",
        "'{a,b', has a { without a }",
        "a}, has a } without a {",
        "'{a,{b,c}}', has a { within another"
    })
    void refusesWhatIsMalformedAndSaysWhy(String pattern, String problem) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Glob.of(pattern));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("the pattern " + pattern + " " + problem), message);
    }

    @Test
    void hasBounds() {
        assertThrows(IllegalArgumentException.class, () -> Glob.of("{a,b}".repeat(6)));
        assertThrows(IllegalArgumentException.class, () -> Glob.of("{a,b}".repeat(1000)));
        assertTrue(matches(Glob.of("{a,b}".repeat(5)), "ababa"));
    }

    @Test
    void keepsItsText() {
        assertEquals("*.{css,js}", Glob.of("*.{css,js}").toString());
    }

    /// A regular expression that is the pattern written another way.
    private static Pattern naive(String glob) {
        String path = glob.startsWith("/") ? glob.substring(1) : glob;
        StringBuilder regex = new StringBuilder(glob.contains("/") ? "" : "(?:[^/]+/)*");
        for (String part : path.split("(?<=/)", -1)) {
            if (part.equals("**/")) regex.append("(?:[^/]+/)*");
            else if (part.equals("**")) regex.append(".*");
            else regex.append(part.replace(".", "\\.").replace("*", "[^/]*").replace("?", "[^/]"));
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    @Test
    void agreesWithARegularExpression() {
        long seed = Seed.next();
        Random random = new Random(seed);
        int matched = 0;
        for (int round = 0; round < 3000; round++) {
            String pattern = pattern(random);
            Glob glob = Glob.of(pattern);
            Pattern naive = naive(pattern);
            for (int i = 0; i < 30; i++) {
                String path = path(random);
                boolean expected = naive.matcher(path).matches();
                if (expected) matched++;
                String message = "seed=" + seed + ", pattern=" + pattern + ", path=" + path;
                assertEquals(expected, matches(glob, path), message);
            }
        }
        assertTrue(matched > 1000, "matched=" + matched);
    }

    private static String pattern(Random random) {
        StringBuilder pattern = new StringBuilder(random.nextInt(3) == 0 ? "/" : "");
        int names = 1 + random.nextInt(4);
        for (int i = 0; i < names; i++) {
            if (i > 0) pattern.append('/');
            int length = 1 + random.nextInt(3);
            if (random.nextInt(3) == 0) {
                pattern.append("**");
                continue;
            }
            char before = ' ';
            for (int j = 0; j < length; j++) {
                char next = "abé.*?".charAt(random.nextInt(6));
                boolean doubled = next == '*' && before == '*';
                boolean first = j == 0 && next == '.';
                before = doubled || first ? 'a' : next;
                pattern.append(before);
            }
        }
        return pattern.toString();
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder();
        int names = 1 + random.nextInt(4);
        for (int i = 0; i < names; i++) {
            if (i > 0) path.append('/');
            int length = 1 + random.nextInt(3);
            for (int j = 0; j < length; j++) path.append("abé.".charAt(random.nextInt(4)));
        }
        return path.toString();
    }
}
