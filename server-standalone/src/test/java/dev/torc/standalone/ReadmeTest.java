package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/// What the README and the ring's guide show is true.
class ReadmeTest {
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(strings = {"HttpServer.start", "TcpServer.start", "class FirstLine"})
    void theEmbeddedExampleCompiles(String start, @TempDir Path directory) throws IOException {
        String example = example(start);
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
                        "dev.torc.http,dev.torc.uring",
                        "-d",
                        directory.toString(),
                        source.toString());
        assertEquals(0, result, said::toString);
    }

    private static String example(String start) throws IOException {
        List<String> blocks = new ArrayList<>();
        for (String document : List.of("README.md", "docs/uring.md")) {
            String text = Files.readString(SourceTree.root().resolve(document));
            JAVA_BLOCK.matcher(text).results().forEach(block -> blocks.add(block.group(1)));
        }
        return blocks.stream()
                .filter(text -> text.contains(start))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no java block with " + start));
    }
}
