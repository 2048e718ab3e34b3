package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.message.Fenced;
import dev.torc.http.message.Resource;
import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

class MimeTypesTest {
    /// By text and by bytes, which have to agree.
    private static String type(MimeTypes types, String name) {
        String byText = types.forName(name).toString();
        try (Fenced memory = Fenced.of(name.getBytes(StandardCharsets.UTF_8))) {
            assertEquals(byText, types.forName(memory.address(), memory.length()).toString(), name);
        }
        return byText;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "index.html | text/html; charset=utf-8",
                "INDEX.HTM | text/html; charset=utf-8",
                "a.css | text/css; charset=utf-8",
                "app.4f3a9c.min.js | text/javascript; charset=utf-8",
                "app.mjs | text/javascript; charset=utf-8",
                "a.js.map | application/json",
                "a.json | application/json",
                "site.webmanifest | application/manifest+json",
                "logo.svg | image/svg+xml",
                "feed.xml | application/xml",
                "a.xhtml | application/xhtml+xml",
                "favicon.ico | image/vnd.microsoft.icon",
                "a.PNG | image/png",
                "a.jpeg | image/jpeg",
                "a.webp | image/webp",
                "a.avif | image/avif",
                "a.woff2 | font/woff2",
                "a.mp4 | video/mp4",
                "seg.ts | video/mp2t",
                "list.m3u8 | application/vnd.apple.mpegurl",
                "a.mkv | video/matroska",
                "a.opus | audio/ogg",
                "a.wasm | application/wasm",
                "a.pdf | application/pdf",
                "a.tar.gz | application/gzip",
                "a.tgz | application/gzip",
                "a.zip | application/zip",
                "a.txt | text/plain; charset=utf-8",
                "Main.java | text/plain; charset=utf-8",
                "README.md | text/markdown; charset=utf-8",
                "a.yaml | application/yaml",
                "a.docx | application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "index.d.ts | text/plain; charset=utf-8",
                "x.D.TS | text/plain; charset=utf-8",
                "d.ts | video/mp2t",
                "a.exe | application/octet-stream",
                "a.svgz | application/octet-stream"
            })
    void knowsWhatTheWebIsMadeOf(String name, String type) {
        assertEquals(type, type(MimeTypes.defaults(), name));
        assertEquals(type, type(MimeTypes.defaults(), "/some.dir/" + name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "html",
                "a",
                "a.",
                ".html",
                "a/.html",
                ".d.ts",
                "a.unknown",
                "a.html/",
                "a.html/b",
                "a.html.",
                "a.ht",
                "a.htmll",
                "a.html ",
                "a.hTmł",
                "...",
                "a..",
                "a.x/html"
            })
    void saysNothingOfWhatItDoesNotKnow(String name) {
        String octets = name.equals(".d.ts") ? "video/mp2t" : "application/octet-stream";
        assertEquals(octets, type(MimeTypes.defaults(), name));
    }

    @Test
    void isATableWithoutDoubts() {
        Set<String> seen = new HashSet<>();
        String before = "";
        for (String line : Resource.text(MimeTypes.class, "mime.types").lines().toList()) {
            if (line.startsWith("#")) continue;
            String[] words = line.split(" ", -1);
            assertTrue(before.compareTo(words[0]) < 0, line);
            before = words[0];
            assertNotNull(MediaType.parse(words[0]), line);
            assertTrue(words.length > 1, line);
            for (int i = 1; i < words.length; i++) assertTrue(seen.add(words[i]), words[i]);
        }
        assertEquals(seen.size(), MimeTypes.defaults().size());
        assertTrue(seen.size() > 500, "extensions=" + seen.size());
        for (String extension : seen) {
            assertTrue(extension.length() <= MimeTypes.EXTENSION_BYTES_MAX, extension);
            assertTrue(extension.matches("[0-9a-z]+(\\.[0-9a-z]+)?"), extension);
        }
    }

    @Test
    void takesTypesOfOnesOwn() {
        MimeTypes types =
                MimeTypes.defaults()
                        .with("HTML", "text/html; charset=iso-8859-2")
                        .with("tar.gz", "application/x-tgz")
                        .with("ÖL", MediaType.TEXT_PLAIN)
                        .with("0", "text/x-zero");
        assertEquals("text/html; charset=iso-8859-2", type(types, "a.html"));
        assertEquals("application/x-tgz", type(types, "a.tar.gz"));
        assertEquals("application/x-tgz", type(types, "a.b.TAR.GZ"));
        assertEquals("application/gzip", type(types, "a.gz"));
        assertEquals("application/gzip", type(types, "tar.gz"));
        assertEquals("text/plain", type(types, "a.ÖL"));
        assertEquals("application/octet-stream", type(types, "a.öl"));
        assertEquals("text/x-zero", type(types, "a.0"));
        assertEquals("text/html; charset=utf-8", type(MimeTypes.defaults(), "a.html"));
        assertEquals(MimeTypes.defaults().size() + 3, types.size());
    }

    @Test
    void startsFromNone() {
        assertEquals("application/octet-stream", type(MimeTypes.none(), "a.html"));
        assertEquals(0, MimeTypes.none().size());
        MimeTypes own = MimeTypes.none();
        for (int i = 0; i < 100; i++) own = own.with("x" + i, "text/x-" + i);
        for (int i = 0; i < 100; i++) assertEquals("text/x-" + i, type(own, "a.X" + i));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".html", "html.", "a.b.c", "a/b", "a..b", "€€€€€€€€€€€"})
    void refusesWhatIsNoExtension(String extension) {
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> MimeTypes.none().with(extension, "text/plain"));
        assertTrue(String.valueOf(refused.getMessage()).endsWith(": " + extension));
    }

    @Test
    void refusesWhatIsNoMediaType() {
        MimeTypes none = MimeTypes.none();
        assertThrows(IllegalArgumentException.class, () -> none.with("a", "text"));
    }

    @Test
    void takesTheLongestExtension() {
        String longest = "x".repeat(MimeTypes.EXTENSION_BYTES_MAX);
        MimeTypes types = MimeTypes.none().with(longest, "text/x-long");
        assertEquals("text/x-long", type(types, "a." + longest));
        assertEquals("application/octet-stream", type(types, "a.x" + longest));
        assertEquals("application/octet-stream", type(types, "a.x." + longest + "x"));
    }

    @Test
    void bytesAndTextAgreeOnRandomNames() {
        long seed = Seed.next();
        Random random = new Random(seed);
        MimeTypes types = MimeTypes.defaults().with("tar.gz", "application/x-tgz");
        for (int round = 0; round < 50_000; round++) {
            StringBuilder name = new StringBuilder("seed" + seed);
            int parts = random.nextInt(8);
            for (int i = 0; i < parts; i++) {
                String[] some = {
                    ".", "/", "gz", "tar", "html", "d", "ts", "x", "é", "verylongpart"
                };
                name.append(some[random.nextInt(some.length)]);
            }
            type(types, name.toString());
        }
    }

    @Test
    void lookingUpBytesAllocatesNothing() {
        try (Fenced memory = Fenced.of("some/dir/app.min.js")) {
            long bytes =
                    AllocatedBytes.steady(
                            () -> {
                                for (int i = 0; i < 20_000; i++) {
                                    MimeTypes.defaults().forName(memory.address(), memory.length());
                                }
                            });
            assertEquals(0, bytes);
        }
    }
}
