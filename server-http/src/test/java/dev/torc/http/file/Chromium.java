package dev.torc.http.file;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A headless Chromium, for a page at a time.
final class Chromium {
    private static final long PATIENCE_SECONDS = 90;
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome");

    private final Path program;
    private final Path directory;

    /// @param directory where it may write
    Chromium(Path program, Path directory) {
        this.program = program;
        this.directory = directory;
    }

    /// The program on the `PATH`; null if there is none.
    static @Nullable Path find() {
        String path = System.getenv().getOrDefault("PATH", "");
        for (String place : path.split(File.pathSeparator, -1)) {
            for (String name : NAMES) {
                Path program = Path.of(place, name);
                if (Files.isExecutable(program)) return program;
            }
        }
        return null;
    }

    /// What became of a page.
    ///
    /// @param log what the browser complained of
    record Shown(String document, String log) {}

    /// Opens a page, and returns its document as it is once loaded.
    Shown open(String url) throws IOException, InterruptedException {
        Path document = Files.createTempFile(directory, "page", ".html");
        Path log = Files.createTempFile(directory, "page", ".log");
        Process process =
                new ProcessBuilder(
                                program.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--enable-logging=stderr",
                                "--user-data-dir=" + directory.resolve("profile"),
                                "--dump-dom",
                                url)
                        .redirectOutput(document.toFile())
                        .redirectError(log.toFile())
                        .start();
        try {
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue(ended, () -> "Chromium did not end within " + PATIENCE_SECONDS + " s");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Shown(Files.readString(document), Files.readString(log));
    }
}
