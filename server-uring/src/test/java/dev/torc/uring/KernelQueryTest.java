package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KernelQueryTest {
    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    /// It says what a ring finds by asking in the older ways.
    @Test
    void saysWhatTheKernelKnowsWithoutARing() {
        KernelRelease release = KernelRelease.parse(System.getProperty("os.version"));
        assumeFalse(release.isOlderThan(new KernelRelease(6, 18)), "no query before 6.18");
        long descriptors = Kernel.descriptors();
        KernelQuery query = KernelQuery.ofThisKernel();
        assertEquals(descriptors, Kernel.descriptors());
        assertTrue(query.operations() > IoUring.IORING_OP_PIPE, query::toString);
        assertTrue(query.registrations() > IoUring.IORING_REGISTER_QUERY, query::toString);
        long setup = (1L << IoUring.setupNames().size()) - 1;
        assertEquals(setup, query.setupFlags() & setup);
        long flags = IoUring.IOSQE_FIXED_FILE | IoUring.IOSQE_CQE_SKIP_SUCCESS;
        assertEquals(flags, query.entryFlags() & flags);
        long enter = IoUring.IORING_ENTER_GETEVENTS | IoUring.IORING_ENTER_NO_IOWAIT;
        assertEquals(enter, query.enterFlags() & enter);
        try (Ring ring = Ring.open(8, 16)) {
            assertEquals(ring.support().features(), (int) query.features());
            assertTrue(ring.support().hasOperation(query.operations() - 1));
        }
    }

    @Test
    void anOlderKernelIsNotAsked() {
        UnsupportedException refusal =
                assertThrows(UnsupportedException.class, () -> KernelQuery.of(OldKernel.of(6, 17)));
        assertEquals(
                "IORING_REGISTER_QUERY: not supported by this kernel, it needs Linux 6.18",
                refusal.getMessage());
        assertEquals(new KernelRelease(6, 18), refusal.needed());
    }
}
