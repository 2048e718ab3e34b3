package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// `./torc` in a checkout that is built, with a JDK that only shows what it was started with.
class LauncherTest {
    private static final String SHOW = "#!/bin/sh\nfor each; do echo \"$each\"; done\n";

    /// Tells that the time a start took is the JVM's.
    private static final String PREPARED = "-Dtorc.prepared=true";

    @TempDir private Path directory = Path.of("");
    private Path root = Path.of("");
    private Path jdk = Path.of("");
    private Path built = Path.of("");

    @BeforeEach
    void makeCheckout() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no shell");
        jdk = directory.resolve("jdk");
        script(jdk.resolve("bin/java"), SHOW);
        script(jdk.resolve("bin/javac"), SHOW);
        file(jdk.resolve("release"), "JAVA_VERSION=\"25\"\n", 60);
        root = directory.toRealPath().resolve("checkout");
        script(root.resolve("torc"), Files.readString(SourceTree.root().resolve("torc")));
        script(root.resolve("deploy/record-aot"), "#!/bin/sh\necho recorded >\"$1\"\n");
        file(root.resolve("pom.xml"), "", 60);
        built = root.resolve("server-standalone/target");
        file(root.resolve("server-standalone/pom.xml"), "", 60);
        Path sources = Files.createDirectories(root.resolve("server-standalone/src/main"));
        touch(sources, 60);
        file(root.resolve("target/build-start"), "", 30);
        file(built.resolve("app/lib/torc-standalone-1.jar"), "", 20);
    }

    private static void file(Path file, String text, int secondsOld) throws IOException {
        Files.createDirectories(file.getParent());
        touch(Files.writeString(file, text), secondsOld);
    }

    private static void touch(Path file, int secondsOld) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(secondsOld)));
    }

    private static void script(Path file, String text) throws IOException {
        file(file, text, 60);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Program.Outcome start(List<String> prefix) throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("env", "-u", "TORC_AOT", "-u", "TORC_JAVA_OPTS"));
        command.addAll(List.of("JAVA_HOME=" + jdk, root.resolve("torc").toString(), "serve"));
        return Program.run(directory, command);
    }

    private static void assertStarted(Program.Outcome outcome) {
        List<String> arguments = outcome.expectSuccess().lines().toList();
        assertEquals("serve", arguments.getLast(), outcome::toString);
        assertTrue(arguments.contains("-m"), outcome::toString);
    }

    @Test
    void recordsACacheOnceAndStartsByIt() throws Exception {
        Program.Outcome first = start(List.of());
        assertStarted(first);
        String cache = "-XX:AOTCache=" + built.resolve("torc.aot");
        assertTrue(first.errors().contains("recording an AOT cache"), first::toString);
        assertTrue(first.output().lines().anyMatch(cache::equals), first::toString);
        assertTrue(first.output().lines().anyMatch(PREPARED::equals), first::toString);
        Program.Outcome second = start(List.of());
        assertStarted(second);
        assertEquals("", second.errors());
        assertTrue(second.output().lines().anyMatch(cache::equals), second::toString);
        assertFalse(second.output().lines().anyMatch(PREPARED::equals), second::toString);
    }

    @Test
    void startsWithoutACacheWhereItsUserMayWriteNothing() throws Exception {
        List<String> prefix = Tool.withoutPowerOverFiles();
        List<Path> all = List.of(root, root.resolve("target"), built, root.resolve("torc"));
        for (Path each : all) allow(each, "r-xr-xr-x");
        try {
            Program.Outcome outcome = start(prefix);
            assertStarted(outcome);
            assertFalse(outcome.output().contains("AOTCache"), outcome::toString);
            assertEquals(
                    "torc: no AOT cache for quicker starts was recorded: this user may not write "
                            + built
                            + "\n",
                    outcome.errors());
        } finally {
            for (Path each : all) allow(each, "rwxr-xr-x");
        }
    }

    private static void allow(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
