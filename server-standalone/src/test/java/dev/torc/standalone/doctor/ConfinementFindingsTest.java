package dev.torc.standalone.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.torc.uring.Confinement;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class ConfinementFindingsTest {
    @TempDir private Path directory = Path.of("");

    private List<Finding> findings() {
        return new ConfinementFindings(Confinement.read(directory)).section().findings();
    }

    @Test
    void withoutProcNothingIsKnown() {
        assertEquals(
                List.of(
                        Finding.unknown("io_uring_disabled", "0"),
                        Finding.unknown("io_uring_group", ""),
                        Finding.unknown("seccomp", ""),
                        Finding.unknown("no_new_privs", "")),
                findings());
    }

    @Test
    void aContainerIsRecognised() {
        new TestRoot(directory)
                .put("proc/self/status", "NoNewPrivs:\t1\nSeccomp:\t2\n")
                .put("proc/sys/kernel/io_uring_disabled", "0\n")
                .put("proc/sys/kernel/io_uring_group", "-1\n");
        assertEquals(
                List.of(
                        Finding.ok("io_uring_disabled", "0", "0"),
                        Finding.note("io_uring_group", "-1", ""),
                        Finding.note("seccomp", "2 (a filter)", ""),
                        Finding.note("no_new_privs", "1", "")),
                findings());
    }

    @Test
    void whatTheSysctlForbidsHasItsCommand() {
        TestRoot root = new TestRoot(directory).put("proc/sys/kernel/io_uring_disabled", "1\n");
        assertEquals(
                Finding.warning(
                        "io_uring_disabled", "1", "0", "sysctl -w kernel.io_uring_disabled=0"),
                findings().getFirst());
        root.put("proc/self/status", "CapEff:\t000001ffffffffff\n");
        assertEquals(
                Finding.ok("io_uring_disabled", "1, but not for this process", "0"),
                findings().getFirst());
    }
}
