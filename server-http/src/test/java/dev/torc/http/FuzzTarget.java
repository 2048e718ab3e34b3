package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.torc.testkit.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.provider.ArgumentsSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Code that takes whatever a peer sends, and what must hold for every input: checked here for the
/// seeds, for inputs that once failed and for a few thousand mutated seeds; by `.ci/fuzz` for as
/// long as one likes, guided by coverage. Inputs are always read in fenced memory of their size.
///
/// An input that fails is kept as a file in `src/test/resources`, below the package and in a
/// directory named `...FuzzTestInputs/fuzz`; Jazzer puts it there itself.
public interface FuzzTarget {
    /// What the short run does; a second at most for any target.
    int EXECUTIONS = 4000;

    /// Inputs to begin with, the same in every run.
    List<byte[]> seeds();

    /// Throws if the code under test does anything wrong with `input`.
    void check(byte[] input);

    /// One input from Jazzer, which sets that property when it runs on its own. In a JVM with other
    /// tests it must not: it instruments them all, and some count what they allocate.
    @EnabledIfSystemProperty(named = "JAZZER_FUZZ", matches = "true")
    @ArgumentsSource(FuzzSeeds.class)
    @FuzzTest
    default void fuzz(byte[] input) {
        check(input);
    }

    @Test
    default void holdsForItsSeedsAndForInputsThatOnceFailed() {
        FuzzRun run = new FuzzRun(this);
        seeds().forEach(run::check);
        keptInputs(getClass()).forEach(run::check);
    }

    @Test
    default void holdsForMutatedSeeds() {
        new FuzzRun(this).mutate(Seed.next(), EXECUTIONS);
    }

    /// The files of a target's inputs that once failed, in order.
    private static List<byte[]> keptInputs(Class<?> target) {
        Path resources = Path.of("src", "test", "resources");
        assertTrue(Files.isDirectory(resources), "must run in the directory of its module");
        Path directory = resources.resolve(target.getName().replace('.', '/') + "Inputs");
        if (!Files.isDirectory(directory)) return List.of();
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().map(FuzzTarget::bytes).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
