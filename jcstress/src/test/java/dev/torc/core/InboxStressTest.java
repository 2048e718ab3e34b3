package dev.torc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Runs the races in JVMs of their own. What they saw, and how often, is left in `target/jcstress`.
class InboxStressTest {
    private static final Path DIRECTORY = Path.of("target", "jcstress");
    private static final int CANARY_ROUNDS_MAX = 10;

    private record Run(int exitCode, String report) {
        boolean ran(Class<?> race) {
            return report.contains("[OK] " + race.getName().replace('$', '.') + "\n");
        }

        /// Whether the interesting outcome of `race` came up in its table.
        boolean saw(Class<?> race) {
            String name = Pattern.quote(race.getName().replace('$', '.'));
            String table = "\\] " + name + "\\n(?:(?!\\.\\.\\. \\[).*\\n)*?.* true, 0 +[1-9]";
            return Pattern.compile(table).matcher(report).find();
        }
    }

    private static Run all;

    @BeforeAll
    static void raceAll() throws Exception {
        int cpus = Runtime.getRuntime().availableProcessors();
        assumeTrue(cpus >= 2, "two threads race on two CPUs only: cpus=" + cpus);
        all = run("all", InboxStress.class, InboxCanary.class);
    }

    @Test
    void noRaceBreaksAPromise() {
        assertEquals(0, all.exitCode(), all::report);
        for (Class<?> race : InboxStress.class.getDeclaredClasses()) {
            assertTrue(all.ran(race), race + " was not run");
        }
    }

    /// How often they are seen is chance, and less of it on a busy machine: hence the rounds.
    @Test
    void theCanariesLoseWakeUps() throws Exception {
        List<Class<?>> unseen = new ArrayList<>(List.of(InboxCanary.class.getDeclaredClasses()));
        unseen.removeIf(nested -> !Modifier.isPublic(nested.getModifiers()));
        assertEquals(2, unseen.size());
        unseen.removeIf(all::saw);
        for (int round = 0; round < CANARY_ROUNDS_MAX && !unseen.isEmpty(); round++) {
            Run again = run("canaries", InboxCanary.class);
            unseen.removeIf(again::saw);
        }
        assertEquals(List.of(), unseen, "lost no wake-up: the races are not run hard enough");
    }

    private static Run run(String name, Class<?>... races)
            throws IOException, InterruptedException {
        Files.createDirectories(DIRECTORY);
        Path output = DIRECTORY.resolve(name + ".txt").toAbsolutePath();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("org.openjdk.jcstress.Main", "-v", "-r", "report"));
        command.addAll(List.of("-jvmArgsPrepend", "--enable-native-access=ALL-UNNAMED"));
        String selected = Arrays.stream(races).map(Class::getName).collect(Collectors.joining("|"));
        command.addAll(List.of("-t", selected));
        command.addAll(List.of(System.getProperty("torc.jcstress.options").split(" ")));
        Process process =
                new ProcessBuilder(command)
                        .directory(DIRECTORY.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        // A build that is broken off takes the races with it.
        Thread hook = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(hook);
        int exitCode = process.waitFor();
        Runtime.getRuntime().removeShutdownHook(hook);
        String all = Files.readString(output);
        return new Run(exitCode, all.substring(Math.max(0, all.indexOf("RUN RESULTS:"))));
    }
}
