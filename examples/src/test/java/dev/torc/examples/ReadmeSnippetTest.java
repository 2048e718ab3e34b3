package dev.torc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The test that the README shows is one that runs here.
class ReadmeSnippetTest {
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    @Test
    void theTestInTheReadmeIsTheOneOfHelloServer() throws IOException {
        List<String> shown =
                JAVA_BLOCK
                        .matcher(Files.readString(Path.of("..", "README.md")))
                        .results()
                        .map(block -> block.group(1))
                        .filter(block -> block.contains("@TorcTest"))
                        .toList();
        assertEquals(1, shown.size());
        Path test = Path.of("src", "test", "java", "dev", "torc", "examples");
        String source = Files.readString(test.resolve("HelloServerTest.java"));
        assertTrue(source.endsWith(shown.getFirst()), shown.getFirst());
    }
}
