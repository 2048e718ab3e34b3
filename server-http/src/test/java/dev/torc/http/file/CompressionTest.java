package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.MediaType;
import dev.torc.http.MimeTypes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
    private static boolean covers(Compression compression, String name, long bytes) {
        return compression.covers(MimeTypes.defaults().forName(name), bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.html",
                "a.css",
                "a.js",
                "a.mjs",
                "a.json",
                "a.map",
                "a.svg",
                "a.xml",
                "a.txt",
                "a.md",
                "a.csv",
                "a.wasm",
                "a.webmanifest",
                "a.ttf",
                "a.otf",
                "a.ico",
                "a.bmp",
                "a.yaml",
                "a.geojson",
                "a.rss"
            })
    void coversTextAndWhatIsLikeIt(String name) {
        assertTrue(covers(Compression.defaults(), name, 5000), name);
        assertFalse(covers(Compression.none(), name, 5000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.png", "a.jpg", "a.webp", "a.avif", "a.gif", "a.mp4", "a.mp3", "a.zip", "a.gz",
                "a.br", "a.zst", "a.woff", "a.woff2", "a.pdf", "a.docx", "a.jar", "a.bin", "a"
            })
    void leavesOutWhatIsCompressedInItself(String name) {
        assertFalse(covers(Compression.defaults(), name, 5000), name);
    }

    @Test
    void coversSizesBothIncluded() {
        Compression some = Compression.defaults().withSizes(10, 20);
        for (int bytes = 0; bytes < 30; bytes++) {
            assertEquals(bytes >= 10 && bytes <= 20, covers(some, "a.css", bytes));
        }
        assertFalse(covers(Compression.defaults(), "a.css", Long.MAX_VALUE));
    }

    @Test
    void coversOtherTypes() {
        MediaType type = MediaType.of("model/obj; charset=utf-8");
        Compression own = Compression.defaults().withTypes(type::equals);
        assertTrue(own.covers(type, 5000));
        assertFalse(covers(own, "a.css", 5000));
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "2, 1", "1, 4194305"})
    void refusesSizesThatAreNone(int min, int max) {
        Compression all = Compression.defaults();
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> all.withSizes(min, max));
        assertTrue(String.valueOf(refused.getMessage()).contains("bytesMax=" + max));
    }
}
