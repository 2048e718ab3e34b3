package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The list of examples is complete, and so are their tests.
class GalleryTest {
    private static final Path MAIN = Path.of("src", "main", "java", "dev", "torc", "examples");
    private static final Path TEST = Path.of("src", "test", "java", "dev", "torc", "examples");
    private static final Pattern ROW =
            Pattern.compile(
                    "(?m)^\\| [^|]+ \\| \\[(\\w+)]\\(\\.\\./examples/[\\w/]+/(\\w+)\\.java\\)");

    private static Set<String> examples() throws Exception {
        Set<String> names = new TreeSet<>();
        for (Path file : files(MAIN)) {
            String name = file.getFileName().toString().replace(".java", "");
            if (name.equals("package-info")) continue;
            Class<?> type = Class.forName("dev.torc.examples." + name);
            if (Modifier.isPublic(type.getModifiers())) names.add(name);
        }
        return names;
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Test
    void listsEachExampleOnce() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "examples.md"));
        List<String> rows =
                ROW.matcher(page)
                        .results()
                        .peek(row -> assertEquals(row.group(1), row.group(2)))
                        .map(row -> row.group(1))
                        .sorted()
                        .toList();
        assertEquals(List.copyOf(examples()), rows);
    }

    @Test
    void eachIsRunByATest() throws Exception {
        StringBuilder tests = new StringBuilder();
        for (Path file : files(TEST)) tests.append(Files.readString(file));
        Set<String> missing =
                examples().stream()
                        .filter(
                                name ->
                                        !Pattern.compile("\\b" + name + "(\\.\\w+|)\\(")
                                                .matcher(tests)
                                                .find())
                        .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(missing.isEmpty(), "examples that no test runs: " + missing);
    }
}
