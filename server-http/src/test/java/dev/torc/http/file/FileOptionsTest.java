package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.spi.FileStrategy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

class FileOptionsTest {
    @Test
    void aChangeLeavesWhatItCameFrom() {
        FileOptions options = FileOptions.defaults().withListing(true).withHidden(true);
        assertTrue(options.listing() && options.hidden());
        assertFalse(FileOptions.defaults().listing() || FileOptions.defaults().hidden());
    }

    @Test
    void gathersFields() {
        FileOptions options = FileOptions.defaults().withHeader("A", "b").withHeader("C", "d");
        assertEquals("A: b\r\nC: d\r\n", new String(options.fields(), StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length",
                "Transfer-Encoding",
                "Connection",
                "Content-Type",
                "Date",
                "a b"
            })
    void refusesFieldsThatAreTheServers(String name) {
        FileOptions options = FileOptions.defaults();
        assertThrows(IllegalArgumentException.class, () -> options.withHeader(name, "close"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/", "a//b", "../a", "a/./b"})
    void refusesPagesThatAreNoPathsBelowTheRoot(String path) {
        FileOptions options = FileOptions.defaults();
        assertThrows(IllegalArgumentException.class, () -> options.withFallback(path));
        assertThrows(IllegalArgumentException.class, () -> options.withNotFoundPage(path));
    }

    /// A path of this length was written beyond the memory for it.
    @Test
    void refusesPagesThatNoFileCanHaveTheNameOf() {
        FileOptions options = FileOptions.defaults();
        String page = "é/".repeat(1364) + "éx"; // 4,095 bytes
        assertEquals(page, options.withFallback(page).fallback());
        assertEquals(page, options.withNotFoundPage(page).notFoundPage());
        for (String wrong : List.of(page + "x", "a".repeat(256), "a\0b", "a/" + "é".repeat(128))) {
            refuses(() -> options.withFallback(wrong));
            refuses(() -> options.withNotFoundPage(wrong));
        }
        String name = "é".repeat(127) + "x"; // 255 bytes
        assertEquals(List.of(name), options.withIndexNames(name).indexNames());
        refuses(() -> options.withIndexNames("index.html", name + "x"));
        refuses(() -> options.withIndexNames("a\0b"));
    }

    private static void refuses(Executable change) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, change);
        assertFalse(String.valueOf(refused.getMessage()).contains("\0"));
    }

    @Test
    void refusesIndexesThatAreNoNames() {
        FileOptions options = FileOptions.defaults();
        assertThrows(IllegalArgumentException.class, () -> options.withIndexNames("a/b"));
        assertThrows(IllegalArgumentException.class, () -> options.withIndexNames(""));
        assertThrows(IllegalArgumentException.class, () -> options.withDownloads("a{"));
    }

    @Test
    void takesTheStrategyThatIsBestForASizeUnlessToldAnother() {
        FileOptions options = FileOptions.defaults();
        assertEquals(FileStrategy.recommended(1), options.strategy(1));
        assertEquals(FileStrategy.recommended(1 << 20), options.strategy(1 << 20));
        assertEquals(FileStrategy.SPLICE, options.withStrategy(FileStrategy.SPLICE).strategy(1));
    }
}
