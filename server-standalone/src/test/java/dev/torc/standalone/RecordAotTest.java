package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `deploy/record-aot`: the cache that it writes is one that the JVM takes, and whatever is wrong
/// with one, `torc` starts.
class RecordAotTest {
    private static final Path SCRIPT = SourceTree.root().resolve("deploy/record-aot");
    private static final String MAIN = "dev.torc.standalone/dev.torc.standalone.Main";
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir private Path directory = Path.of("");

    /// Without a debugger's or a tool's options, which a JVM would take from the environment.
    private static List<String> clean(List<String> command) {
        List<String> all = new ArrayList<>(List.of("env", "-u", "JAVA_TOOL_OPTIONS"));
        all.addAll(command);
        return all;
    }

    /// The module path of these tests in jars, of which alone a cache can be made.
    private String jars() throws Exception {
        ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
        List<String> jars = new ArrayList<>();
        for (String module : System.getProperty("jdk.module.path").split(File.pathSeparator, -1)) {
            Path target = directory.resolve(jars.size() + ".jar");
            if (Files.isDirectory(Path.of(module))) {
                String packed = target.toString();
                assertEquals(0, jar.run(System.out, System.err, "-cf", packed, "-C", module, "."));
                jars.add(packed);
            } else {
                jars.add(module);
            }
        }
        return String.join(File.pathSeparator, jars);
    }

    private static List<String> options(String modulePath) {
        return List.of(
                "--enable-native-access=dev.torc.core,dev.torc.uring",
                "-XX:+UseSerialGC",
                "--class-path",
                classPath(),
                "--module-path",
                modulePath);
    }

    /// What automatic modules need is there, and not on the module path; a cache takes only jars.
    private static String classPath() {
        String all = System.getProperty("java.class.path");
        return Stream.of(all.split(File.pathSeparator, -1))
                .filter(entry -> entry.endsWith(".jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private Program.Outcome version(String modulePath, Path cache, String mode) throws Exception {
        List<String> command = new ArrayList<>(List.of(JAVA, "-XX:AOTCache=" + cache));
        command.addAll(List.of("-XX:AOTMode=" + mode, "-Xlog:aot=off", "-Xlog:cds=off"));
        command.addAll(options(modulePath));
        command.addAll(List.of("-m", MAIN, "--version"));
        return Program.run(directory, clean(command));
    }

    @Test
    void recordsACacheThatTheJvmTakesAndMayBeBrokenOrAbsent() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no shell");
        String modulePath = jars();
        Path cache = directory.resolve("torc.aot");
        List<String> record = new ArrayList<>(List.of("TORC_PORT=nonsense"));
        record.addAll(List.of(SCRIPT.toString(), cache.toString(), JAVA));
        record.addAll(options(modulePath));
        Program.Outcome recorded = Program.run(directory, clean(record));
        assertEquals(0, recorded.exitCode(), recorded::toString);
        assertEquals("", recorded.output() + recorded.errors());
        // With "on" the JVM ends when it cannot take it.
        assertTrue(version(modulePath, cache, "on").expectSuccess().startsWith("torc "));

        byte[] bytes = Files.readAllBytes(cache);
        Map<String, byte[]> broken =
                Map.of("cut", java.util.Arrays.copyOf(bytes, 100_000), "empty", new byte[0]);
        for (Map.Entry<String, byte[]> each : broken.entrySet()) {
            Path other = Files.write(directory.resolve(each.getKey()), each.getValue());
            Program.Outcome outcome = version(modulePath, other, "auto");
            assertTrue(outcome.expectSuccess().startsWith("torc "), outcome::toString);
            assertEquals("", outcome.errors());
        }
        Program.Outcome none = version(modulePath, directory.resolve("none"), "auto");
        assertTrue(none.expectSuccess().startsWith("torc "), none::toString);
        assertEquals("", none.errors());
    }

    @Test
    void saysWhyThereIsNoCacheAndLeavesNone() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no shell");
        Path cache = Files.writeString(directory.resolve("torc.aot"), "older");
        List<String> record = List.of(SCRIPT.toString(), cache.toString(), JAVA, "-XX:Nonsense");
        Program.Outcome failed = Program.run(directory, clean(record));
        assertEquals(1, failed.exitCode(), failed::toString);
        assertTrue(failed.errors().contains("Nonsense"), failed::toString);
        assertFalse(Files.exists(cache));
        assertEquals(2, Program.run(directory, List.of(SCRIPT.toString())).exitCode());
    }
}
