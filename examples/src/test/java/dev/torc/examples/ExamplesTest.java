package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class ExamplesTest {
    private static final int LINES_MAX = 60;

    private static List<Path> examples() throws IOException {
        Path directory = Path.of("src", "main", "java", "dev", "torc", "examples");
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.endsWith("package-info.java")).toList();
        }
    }

    @Test
    void eachFitsOnAScreen() throws IOException {
        assertTrue(examples().size() >= 2);
        for (Path example : examples()) {
            long lines = Files.readAllLines(example).size();
            assertTrue(lines <= LINES_MAX, example + " has " + lines + " lines");
        }
    }

    @Test
    void eachCanBeStarted() throws Exception {
        for (Path example : examples()) {
            String name = example.getFileName().toString().replace(".java", "");
            Class<?> type = Class.forName("dev.torc.examples." + name);
            assertTrue(type.getMethod("main", String[].class).canAccess(null), name);
        }
    }
}
