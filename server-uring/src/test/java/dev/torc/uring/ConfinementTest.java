package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

class ConfinementTest {
    private static final String NO_CAPABILITIES = "CapEff:\t0000000000000000\n";
    private static final String ADMIN = "CapEff:\t000001ffffffffff\n";

    @TempDir private Path root = Path.of("");

    @Test
    void knowsNothingWhereThereIsNoProc() {
        OptionalInt none = OptionalInt.empty();
        Confinement confinement = Confinement.read(root);
        assertEquals(new Confinement(none, none, none, none, false), confinement);
        assertFalse(confinement.isFiltered());
        assertFalse(confinement.isDisabled());
    }

    @Test
    void readsWhatTheKernelSays() throws IOException {
        write(
                "proc/self/status",
                "Name:\tjava\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1\n");
        write("proc/sys/kernel/io_uring_disabled", "0\n");
        write("proc/sys/kernel/io_uring_group", "-1\n");
        OptionalInt none = OptionalInt.of(-1);
        Confinement confinement = Confinement.read(root);
        assertEquals(
                new Confinement(
                        OptionalInt.of(2), OptionalInt.of(1), OptionalInt.of(0), none, false),
                confinement);
        assertTrue(confinement.isFiltered());
    }

    /// Of a file below `/proc/sys` the kernel gives out what the first read asks for, and no more.
    @Test
    void readsTheKernelsVariablesToTheirEnd() throws IOException, InterruptedException {
        Path group = Path.of("/proc/sys/kernel/io_uring_group");
        assumeTrue(Files.isReadable(group), "Linux before 6.6 has no such variable");
        Process cat = new ProcessBuilder("cat", group.toString()).start();
        String expected = new String(cat.getInputStream().readAllBytes(), UTF_8).strip();
        assertEquals(0, cat.waitFor());
        OptionalInt read = Confinement.read(Path.of("/")).group();
        assertEquals(OptionalInt.of(Integer.parseInt(expected)), read);
    }

    @Test
    void nonsenseCountsAsNotSaid() throws IOException {
        write("proc/self/status", "Seccomp:\tmaybe\nCapEff:\txyz\n\n:\n");
        write("proc/sys/kernel/io_uring_disabled", "99999999999");
        Confinement confinement = Confinement.read(root);
        assertEquals(OptionalInt.empty(), confinement.seccomp());
        assertEquals(OptionalInt.empty(), confinement.disabled());
    }

    @Test
    void disabledForAllMeansForAdministratorsToo() throws IOException {
        write("proc/self/status", ADMIN);
        write("proc/sys/kernel/io_uring_disabled", "2");
        assertTrue(Confinement.read(root).isDisabled());
    }

    @Test
    void disabledForTheUnprivilegedSparesAdministratorsAndTheGroup() throws IOException {
        write("proc/sys/kernel/io_uring_disabled", "1");
        write("proc/self/status", ADMIN);
        assertFalse(Confinement.read(root).isDisabled());
        write("proc/self/status", NO_CAPABILITIES + "Gid:\t7\t7\t7\t7\nGroups:\t70 77 \n");
        assertTrue(Confinement.read(root).isDisabled());
        write("proc/sys/kernel/io_uring_group", "-1");
        assertTrue(Confinement.read(root).isDisabled());
        for (String group : new String[] {"7", "70", "77"}) {
            write("proc/sys/kernel/io_uring_group", group);
            assertFalse(Confinement.read(root).isDisabled(), group);
        }
        write("proc/sys/kernel/io_uring_group", "0");
        assertTrue(Confinement.read(root).isDisabled());
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
