package dev.torc.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The project's own sources, found from wherever the tests run.
final class SourceTree {
    private SourceTree() {}

    /// The directory that has `.mvn`.
    static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve(".mvn"))) return at;
        }
        throw new AssertionError(
                "no directory above " + Path.of("").toAbsolutePath() + " has .mvn");
    }

    static List<JavaSource> main() {
        return sources("main").filter(source -> !isTest(source)).toList();
    }

    static List<JavaSource> test() {
        return Stream.concat(sources("test"), sources("main").filter(SourceTree::isTest)).toList();
    }

    /// The transports' contract is tests that the test kit ships.
    private static boolean isTest(JavaSource source) {
        return source.path().toString().contains("/testkit/contract/");
    }

    private static Stream<JavaSource> sources(String kind) {
        try (Stream<Path> modules = Files.list(root())) {
            return modules
                    .map(module -> module.resolve("src").resolve(kind).resolve("java"))
                    .filter(Files::isDirectory)
                    .flatMap(SourceTree::files)
                    .sorted()
                    .toList()
                    .stream()
                    .map(JavaSource::read);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Stream<Path> files(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
