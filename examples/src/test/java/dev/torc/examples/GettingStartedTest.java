package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What docs/getting-started.md shows is code that is compiled and run here.
class GettingStartedTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern JAVA = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
    private static final Pattern VERSION = Pattern.compile("<version>([^<$]+)</version>");
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]+)</artifactId>");

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs").resolve("getting-started.md"));
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult one) -> one.group(1)).toList();
    }

    @Test
    void eachSnippetIsAPartOfAnExampleOrItsTest() throws IOException {
        List<String> snippets = found(JAVA, page());
        assertTrue(snippets.size() >= 5, "snippets: " + snippets.size());
        String sources = sources();
        for (String snippet : snippets) assertTrue(sources.contains(snippet), snippet);
    }

    @Test
    void theCoordinatesAreThoseOfTheBom() throws IOException {
        String bom = Files.readString(ROOT.resolve("bom").resolve("pom.xml"));
        String page = page();
        assertEquals(List.of(found(VERSION, bom).getFirst()), found(VERSION, page));
        List<String> known = found(ARTIFACT, bom);
        for (String artifact : found(ARTIFACT, page)) {
            assertTrue(known.contains(artifact), artifact);
        }
    }
}
