package dev.torc.standalone;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/// The `torc` command as a process of its own, on the module path of these tests.
record Torc(Process process, Path errors) implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;
    private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/");

    /// What came of a command that has ended.
    record Outcome(int exitCode, String output, String errors) {}

    static Torc start(Path directory, String... arguments) throws IOException {
        return start(directory, List.of(), arguments);
    }

    /// Run by another command, `prefix`.
    static Torc start(Path directory, List<String> prefix, String... arguments) throws IOException {
        return start(directory, prefix, System.getProperty("jdk.module.path"), arguments);
    }

    /// Like [#start(Path, List, String...)], with modules in jars, as users have them: other than a
    /// directory's, their classes can be loaded when no file can be opened any more.
    static Torc startPacked(Path directory, List<String> prefix, String... arguments)
            throws IOException {
        ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
        List<String> modules = new ArrayList<>();
        String modulePath = System.getProperty("jdk.module.path");
        for (String module : modulePath.split(File.pathSeparator, -1)) {
            if (!Files.isDirectory(Path.of(module))) {
                modules.add(module);
                continue;
            }
            String packed = directory.resolve(modules.size() + ".jar").toString();
            int result = jar.run(System.out, System.err, "-cf", packed, "-C", module, ".");
            if (result != 0) throw new IOException("not packed: " + module);
            modules.add(packed);
        }
        return start(directory, prefix, String.join(File.pathSeparator, modules), arguments);
    }

    /// Not the command but a class of these tests, which runs a part of it.
    static Torc startClass(Path directory, List<String> prefix, Class<?> main) throws IOException {
        String name = main.getSimpleName() + ".class";
        Path own = Path.of(URI.create(String.valueOf(main.getResource(name))));
        String root = "../".repeat(main.getName().split("\\.", -1).length);
        Path tests = own.resolve(root).normalize();
        return launch(
                directory,
                prefix,
                List.of(
                        "--enable-native-access=dev.torc.core,dev.torc.uring",
                        "--module-path",
                        System.getProperty("jdk.module.path"),
                        "--patch-module",
                        "dev.torc.standalone=" + tests,
                        "-m",
                        "dev.torc.standalone/" + main.getName()));
    }

    private static Torc start(
            Path directory, List<String> prefix, String modulePath, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.addAll(
                List.of(
                        "--enable-native-access=dev.torc.core,dev.torc.uring",
                        "--module-path",
                        modulePath,
                        "-m",
                        "dev.torc.standalone/dev.torc.standalone.Main"));
        command.addAll(List.of(arguments));
        return launch(directory, prefix, command);
    }

    private static Torc launch(Path directory, List<String> prefix, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        // What automatic modules need is there, and not on the module path.
                        "--class-path",
                        System.getProperty("java.class.path")));
        command.addAll(arguments);
        Path errors = Files.createTempFile(directory, "errors", ".txt");
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectError(errors.toFile())
                        .start();
        return new Torc(process, errors);
    }

    static Outcome run(Path directory, String... arguments) throws IOException {
        try (Torc torc = start(directory, arguments)) {
            return torc.end();
        }
    }

    /// Reads the banner up to the URL and returns its port.
    int awaitPort() throws IOException {
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher url = URL.matcher(line);
            if (url.find()) return Integer.parseInt(url.group(1));
        }
        throw new IOException("it ended without a URL: " + Files.readString(errors));
    }

    /// Waits for its end.
    Outcome end() throws IOException {
        String output;
        try (Stream<String> lines = process.inputReader().lines()) {
            output = String.join("\n", lines.toList());
        }
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("it does not end");
            }
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
        return new Outcome(process.exitValue(), output, Files.readString(errors));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
