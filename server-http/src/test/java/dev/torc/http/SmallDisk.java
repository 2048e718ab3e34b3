package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.testkit.Await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A file system that is full soon: one in memory, which only a privileged user can mount. For
/// others the test is skipped. Closing it unmounts it.
public record SmallDisk(Path root) implements AutoCloseable {
    /// Mounts one of so many KiB below `directory`.
    public static SmallDisk mount(Path directory, int kibibytes)
            throws IOException, InterruptedException {
        Path root = Files.createDirectory(directory.resolve("disk"));
        String size = "size=" + kibibytes + "k";
        boolean mounted = run("mount", "-t", "tmpfs", "-o", size, "none", root.toString());
        assumeTrue(mounted, "not permitted to mount a small file system");
        return new SmallDisk(root);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        assertTrue(run("umount", root.toString()));
    }

    /// Whether a command exists and succeeds.
    private static boolean run(String... command) throws IOException, InterruptedException {
        String[] folders = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1);
        boolean there =
                Stream.of(folders)
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command[0])));
        if (!there) return false;
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            return process.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS)
                    && process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }
}
