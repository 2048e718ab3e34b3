package dev.torc.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/// `torc`, the script, with an application that has been built, and a JDK whose `java` tells what
/// locale it is started in.
class LauncherLocaleTest {
    private static final String JAVA =
            """
            #!/bin/sh
            env | grep -e '^LC_' -e '^LANG=' | LC_ALL=C sort
            """;

    @TempDir Path directory;

    @BeforeEach
    void build() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no shell");
        executable("torc", Files.readString(SourceTree.root().resolve("torc")));
        executable("jdk/bin/java", JAVA);
        executable("jdk/bin/javac", JAVA);
        write("jdk/release", "JAVA_VERSION=\"25\"\n");
        write("pom.xml", "");
        write("server-standalone/pom.xml", "");
        write("server-standalone/src/main/Main.java", "");
        Instant now = Instant.now();
        age(write("target/build-start", ""), now.plusSeconds(10));
        age(
                write("server-standalone/target/app/lib/torc-standalone-1.jar", ""),
                now.plusSeconds(20));
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        return Files.writeString(file, text);
    }

    private void executable(String name, String text) throws IOException {
        Files.setPosixFilePermissions(
                write(name, text), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void age(Path file, Instant changed) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(changed));
    }

    /// The locale of java where the user's is `locale`.
    private String locale(String... locale) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("env", "-i", "PATH=" + System.getenv("PATH")));
        command.add("JAVA_HOME=" + directory.resolve("jdk"));
        command.addAll(List.of(locale));
        command.addAll(List.of("./torc", "--version"));
        Program.Outcome outcome = Program.run(directory, command);
        assertEquals("", outcome.errors());
        return outcome.expectSuccess();
    }

    /// Which the JDK tells only by their text.
    @Test
    void hasErrorsOfTheSystemInEnglish() throws Exception {
        assertEquals("LC_MESSAGES=C\n", locale());
        assertEquals("LANG=de_DE.UTF-8\nLC_MESSAGES=C\n", locale("LANG=de_DE.UTF-8"));
        assertEquals(
                "LANG=C\nLC_ALL=\nLC_CTYPE=de_DE.UTF-8\nLC_MESSAGES=C\n",
                locale("LANG=C", "LC_CTYPE=de_DE.UTF-8", "LC_MESSAGES=fr_FR", "LC_ALL="));
    }

    /// Names of files are read by it.
    @Test
    void leavesAllElseOfTheLocaleAsItIs() throws Exception {
        assertEquals(
                "LANG=de_DE.UTF-8\nLC_MESSAGES=C\n",
                locale("LC_ALL=de_DE.UTF-8", "LANG=C", "LC_CTYPE=C", "LC_TIME=none"));
    }
}
