package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/// What the README and the documentation show is true.
class ReadmeTest {
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @CsvSource({
        "README.md, HttpServer.start",
        "README.md, TcpServer.start",
        "docs/routing.md, HttpServer.start",
        "docs/uring.md, class FirstLine"
    })
    void theEmbeddedExampleCompiles(String page, String start, @TempDir Path directory)
            throws IOException {
        String example = example(page, start);
        Matcher name = Pattern.compile("class (\\w+)").matcher(example);
        assertTrue(name.find(), "the example is a class: " + example);
        Path source = directory.resolve(name.group(1) + ".java");
        Files.writeString(source, example);

        StringWriter said = new StringWriter();
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        int result =
                javac.run(
                        new PrintWriter(said),
                        new PrintWriter(said),
                        "-Xlint:all",
                        "-Werror",
                        "--module-path",
                        System.getProperty("jdk.module.path"),
                        "--add-modules",
                        "dev.torc.http,dev.torc.uring,tools.jackson.databind",
                        "-d",
                        directory.toString(),
                        source.toString());
        assertEquals(0, result, said::toString);
    }

    private static String example(String page, String start) throws IOException {
        Path readme = SourceTree.root().resolve(page);
        assertTrue(Files.exists(readme), "there is no " + page);
        Matcher block = JAVA_BLOCK.matcher(Files.readString(readme));
        List<String> examples = block.results().map(found -> found.group(1)).toList();
        return examples.stream()
                .filter(text -> text.contains(start))
                .findFirst()
                .orElseThrow(() -> new AssertionError(page + " has no java block with " + start));
    }
}
