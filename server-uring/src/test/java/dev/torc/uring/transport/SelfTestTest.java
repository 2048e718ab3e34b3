package dev.torc.uring.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.torc.uring.Probe;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// On the kernel at hand, which must be one that works.
class SelfTestTest {
    private static final long NANOS_MAX = 2_000_000_000; // also on a slow machine under load

    @BeforeAll
    static void probe() {
        var verdict = new UringTransportProvider().verdict();
        assumeTrue(verdict.works(), verdict.message());
    }

    @Test
    void passesAndSaysWhatTheKernelOffers() {
        Probe probe = SelfTest.run();
        assertTrue(probe.supported().containsAll(List.of("NOP", "FIXED_FD_INSTALL")));
        assertTrue(probe.features().contains("NODROP"));
        assertTrue(probe.setup().contains("SINGLE_ISSUER"));
    }

    @Test
    void leavesNothingOpenOrMapped() throws IOException {
        SelfTest.run();
        long descriptors = descriptors();
        for (int i = 0; i < 50; i++) SelfTest.run();
        assertEquals(descriptors, descriptors());
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            assertEquals(0, maps.filter(line -> line.contains("io_uring")).count());
        }
    }

    /// The best of some, since the machine may be busy.
    @Test
    void takesLittleTime() {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 20 && best > NANOS_MAX; i++) {
            long start = System.nanoTime();
            SelfTest.run();
            best = Math.min(best, System.nanoTime() - start);
        }
        assertTrue(best <= NANOS_MAX, "nanos=" + best);
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
