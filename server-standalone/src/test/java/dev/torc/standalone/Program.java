package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.testkit.Await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A process of another make. What it says goes into files, so that it never waits for a reader; it
/// may take a minute to end, and closing kills it with all that it has started.
final class Program implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 150;
    private static final Path NOTHING = Path.of("/dev/null");
    private static final Set<Program> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Program::kill)));
    }

    private final List<String> command;
    private final Process process;
    private final Path output;
    private final Path errors;

    /// How it has ended, and what it has said. Binary output is not text: let it go to a file.
    record Outcome(List<String> command, int exitCode, String output, String errors) {
        /// What it has written to its standard output, if it says that all went well.
        String expectSuccess() {
            assertEquals(0, exitCode, this::toString);
            return output;
        }
    }

    private Program(List<String> command, Process process, Path output, Path errors) {
        this.command = command;
        this.process = process;
        this.output = output;
        this.errors = errors;
    }

    /// Starts it in `directory`, which takes what it says. It reads nothing.
    static Program start(Path directory, List<String> command) throws IOException {
        return start(directory, NOTHING, command);
    }

    private static Program start(Path directory, Path input, List<String> command)
            throws IOException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        Path errors = Files.createTempFile(directory, "errors", ".txt");
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectInput(input.toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile())
                        .start();
        Program program = new Program(List.copyOf(command), process, output, errors);
        RUNNING.add(program);
        return program;
    }

    /// Runs it to its end.
    static Outcome run(Path directory, List<String> command)
            throws IOException, InterruptedException {
        return run(directory, NOTHING, command);
    }

    /// Runs it to its end; it reads the file `input`.
    static Outcome run(Path directory, Path input, List<String> command)
            throws IOException, InterruptedException {
        try (Program program = start(directory, input, command)) {
            return program.end();
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /// What it has written to its standard error so far.
    String errors() throws IOException {
        return Files.readString(errors, StandardCharsets.ISO_8859_1);
    }

    /// Waits for its end.
    Outcome end() throws IOException, InterruptedException {
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
        if (!ended) {
            throw new AssertionError(
                    command + " takes more than " + PATIENCE_SECONDS + " s: " + said + errors());
        }
        return new Outcome(command, process.exitValue(), said, errors());
    }

    /// Kills it, if it has not ended, and waits until nothing of it is left.
    @Override
    public void close() {
        List<ProcessHandle> killed = kill();
        Await.until(
                command.getFirst() + " is gone",
                () -> killed.stream().noneMatch(ProcessHandle::isAlive));
        RUNNING.remove(this);
    }

    private List<ProcessHandle> kill() {
        List<ProcessHandle> all =
                Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        return all;
    }

    @Override
    public String toString() {
        return String.join(" ", command);
    }
}
