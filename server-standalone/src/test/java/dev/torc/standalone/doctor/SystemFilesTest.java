package dev.torc.standalone.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

class SystemFilesTest {
    @TempDir private Path directory = Path.of("");

    @Test
    void whatIsAbsentIsEmpty() {
        SystemFiles files = new SystemFiles(directory);
        assertEquals(Optional.empty(), files.text("proc/nothing"));
        assertEquals(OptionalLong.empty(), files.number("proc/nothing"));
        assertEquals(Optional.empty(), files.text("")); // a directory
    }

    @Test
    void numbersAreReadAsFarAsTheyAreSome() {
        assertEquals(OptionalLong.of(4096), SystemFiles.parse("4096"));
        assertEquals(OptionalLong.of(-1), SystemFiles.parse("-1"));
        assertEquals(OptionalLong.of(Long.MAX_VALUE), SystemFiles.parse("18446744073709551615"));
        assertEquals(OptionalLong.empty(), SystemFiles.parse("max"));
        assertEquals(OptionalLong.empty(), SystemFiles.parse(""));
    }

    /// Of a file below `/proc/sys` the kernel gives out what the first read asks for, and no more.
    @Test
    void readsTheKernelsVariablesToTheirEnd() throws IOException, InterruptedException {
        String name = "proc/sys/kernel/pid_max";
        assumeTrue(Files.isReadable(Path.of("/" + name)), "there is no /proc/sys");
        Process cat = new ProcessBuilder("cat", "/" + name).start();
        String expected =
                new String(
                                cat.getInputStream().readAllBytes(),
                                java.nio.charset.StandardCharsets.UTF_8)
                        .strip();
        assertEquals(0, cat.waitFor());
        assertEquals(Optional.of(expected), new SystemFiles(Path.of("/")).text(name));
    }
}
