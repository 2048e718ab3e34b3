package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The table in `docs/uring-operations.md` says what there is: no operation, method or test is
/// missing from it, and none is made up.
class OperationsTableTest {
    private static final String NOT_BOUND = "RECV_ZC";
    private static final Pattern LINE =
            Pattern.compile("\\| `(\\w+)` \\| ([\\d.]+) \\| (.*?) \\| (.*?) \\| (.*?) \\|");

    private record Row(String name, String since, List<String> methods, String does, String fails) {
        static Row parse(Matcher line) {
            List<String> methods = new ArrayList<>();
            for (String name : line.group(3).split(" ", -1)) {
                if (!name.isEmpty()) methods.add("prepare" + name.replace("`", ""));
            }
            return new Row(line.group(1), line.group(2), methods, line.group(4), line.group(5));
        }
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("..", "docs", "uring-operations.md"))) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) rows.add(Row.parse(matcher));
        }
        return rows;
    }

    @Test
    void itHasEveryOperationWithItsRelease() throws IOException {
        assertEquals(IoUring.opcodeNames(), rows().stream().map(Row::name).toList());
        assertEquals(IoUring.opcodeReleases(), rows().stream().map(Row::since).toList());
    }

    @Test
    void itHasEveryMethodOnce() throws IOException {
        List<String> listed = new ArrayList<>();
        for (Row row : rows()) {
            assertEquals(row.name().equals(NOT_BOUND), row.methods().isEmpty(), row.name());
            listed.addAll(row.methods());
        }
        Set<String> there = new TreeSet<>();
        for (Method method : Sqe.class.getMethods()) {
            if (method.getName().startsWith("prepare")) there.add(method.getName());
        }
        assertEquals(there, new TreeSet<>(listed));
        assertEquals(there.size(), listed.size(), "a method is listed twice");
    }

    /// And so every operation has one of each.
    @Test
    void itNamesTestsThatSayWhatTheyTest() throws Exception {
        Map<String, Set<String>> does = new TreeMap<>();
        Map<String, Set<String>> refuses = new TreeMap<>();
        for (Class<?> type : testClasses()) {
            for (Method method : type.getDeclaredMethods()) {
                String test = type.getSimpleName() + "." + method.getName();
                Does success = method.getAnnotation(Does.class);
                if (success != null) note(does, test, success.value());
                Refuses failure = method.getAnnotation(Refuses.class);
                if (failure != null) note(refuses, test, failure.value());
            }
        }
        for (Row row : rows()) {
            if (row.name().equals(NOT_BOUND)) continue;
            Set<String> successes = does.getOrDefault(row.name(), Set.of());
            assertTrue(successes.contains(row.does()), () -> row.name() + ": one of " + successes);
            Set<String> failures = refuses.getOrDefault(row.name(), Set.of());
            assertTrue(failures.contains(row.fails()), () -> row.name() + ": one of " + failures);
        }
        for (String name : does.keySet()) assertTrue(IoUring.opcodeNames().contains(name), name);
        for (String name : refuses.keySet()) assertTrue(IoUring.opcodeNames().contains(name), name);
    }

    private static void note(Map<String, Set<String>> tests, String test, String[] operations) {
        for (String name : operations) {
            tests.computeIfAbsent(name, _ -> new TreeSet<>()).add(test);
        }
    }

    private static List<Class<?>> testClasses() throws Exception {
        Class<?> own = OperationsTableTest.class;
        java.net.URL at = java.util.Objects.requireNonNull(own.getResource("Rig.class"));
        List<Class<?>> classes = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(at.toURI()).resolveSibling("."))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (!name.endsWith("Test.class")) continue;
                String simple = name.substring(0, name.length() - ".class".length());
                classes.add(Class.forName(own.getPackageName() + "." + simple));
            }
        }
        assertFalse(classes.isEmpty());
        return classes;
    }
}
