package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class LinkRuleTest {
    @TempDir Path directory;

    private Path root = Path.of("");

    @BeforeEach
    void make() throws IOException {
        root = Files.createDirectory(directory.toRealPath().resolve("root"));
        Files.createDirectories(root.resolve("sub/deeper"));
        Files.writeString(root.resolve("sub/file"), "");
        link("relative", Path.of("sub/file"));
        link("sub/deeper/up", Path.of("..", "file"));
        link("sub/top", Path.of(".."));
        link("self", Path.of("."));
        link("chain", Path.of("self/sub/top/relative"));
        link("absolute", root.resolve("sub"));
        link("again", Path.of("absolute/file"));
        link("back", Path.of("..", "root", "sub"));
        link("out", Path.of(".."));
        link("loop", Path.of("loop"));
    }

    private void link(String name, Path target) throws IOException {
        Files.createSymbolicLink(root.resolve(name), target);
    }

    private @Nullable String resolve(String path, boolean follows, boolean detours)
            throws IOException {
        Path found = new LinkRule(root, follows, detours).resolve(root.resolve(path));
        return found == null ? null : root.relativize(found).toString();
    }

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "sub, sub",
        "sub/file, sub/file",
        "relative, sub/file",
        "sub/deeper/up, sub/file",
        "sub/top, ''",
        "sub/top/sub/top/self/sub, sub",
        "chain, sub/file",
        "none, none",
        "absolute,",
        "absolute/file,",
        "again,",
        "back,",
        "out,",
        "out/root/sub,",
        "loop,"
    })
    void followsNoLinkThatLeavesTheRoot(String path, @Nullable String found) throws IOException {
        assertEquals(found, resolve(path, true, false));
    }

    @ParameterizedTest
    @CsvSource({
        "chain, sub/file",
        "absolute, sub",
        "again, sub/file",
        "back, sub",
        "out/root/sub, sub",
        "out,"
    })
    void followsDetoursIfItMay(String path, @Nullable String found) throws IOException {
        assertEquals(found, resolve(path, true, true));
    }

    @Test
    void followsNoneIfItMayNot() throws IOException {
        for (boolean detours : new boolean[] {false, true}) {
            assertEquals("sub/file", resolve("sub/file", false, detours));
            assertNull(resolve("relative", false, detours));
            assertNull(resolve("self/sub", false, detours));
            assertNull(resolve("absolute", false, detours));
        }
    }

    /// As many as the kernel does.
    @Test
    void followsSoManyLinks() throws IOException {
        link("1", Path.of("sub"));
        for (int i = 2; i <= 41; i++) link(i + "", Path.of(i - 1 + ""));
        assertEquals("sub", resolve("40", true, false));
        assertNull(resolve("41", true, false));
    }
}
