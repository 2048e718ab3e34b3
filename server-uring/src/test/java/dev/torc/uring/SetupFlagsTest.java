package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.uring.abi.Kernel;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Kernels that do not know a set-up flag say no more than EINVAL.
class SetupFlagsTest {
    @BeforeAll
    static void probe() {
        dev.torc.uring.Kernel.assumeIoUring();
    }

    /// Each on the last kernel without it, with all that it needs.
    @ParameterizedTest
    @CsvSource({
        "7, 5.17, SUBMIT_ALL, 5.18",
        "8, 5.18, COOP_TASKRUN, 5.19",
        "9, 5.18, TASKRUN_FLAG, 5.19",
        "10, 5.18, SQE128, 5.19",
        "11, 5.18, CQE32, 5.19",
        "12, 5.19, SINGLE_ISSUER, 6.0",
        "13, 6.0, DEFER_TASKRUN, 6.1",
        "14, 6.4, NO_MMAP, 6.5",
        "15, 6.4, REGISTERED_FD_ONLY, 6.5",
        "16, 6.5, NO_SQARRAY, 6.6",
        "17, 6.12, HYBRID_IOPOLL, 6.13",
        "18, 6.17, CQE_MIXED, 6.18"
    })
    void saysWhichFlagIsUnknownAndSinceWhenItIs(
            int bit, String kernel, String name, String needed) {
        Kernel.Source old = of(kernel);
        RingSetup setup = RingSetup.of(8).withFlags(1 << bit | needed(bit));
        UnsupportedException refusal =
                assertThrows(UnsupportedException.class, () -> Ring.open(old, setup));
        assertEquals(
                "IORING_SETUP_" + name + ": not supported by this kernel, it needs Linux " + needed,
                refusal.getMessage());
        assertEquals(KernelRelease.parse(needed), refusal.needed());
        try (Rig rig = new Rig(Ring.open(old, RingSetup.of(8)))) {
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
        try (Rig rig = new Rig(Ring.open(of(needed), setup))) {
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    private static Kernel.Source of(String release) {
        KernelRelease parsed = KernelRelease.parse(release);
        return OldKernel.of(parsed.major(), parsed.minor());
    }

    private static int needed(int bit) {
        return switch (1 << bit) {
            case IoUring.IORING_SETUP_TASKRUN_FLAG -> IoUring.IORING_SETUP_COOP_TASKRUN;
            case IoUring.IORING_SETUP_DEFER_TASKRUN -> IoUring.IORING_SETUP_SINGLE_ISSUER;
            case IoUring.IORING_SETUP_REGISTERED_FD_ONLY -> IoUring.IORING_SETUP_NO_MMAP;
            case IoUring.IORING_SETUP_HYBRID_IOPOLL -> IoUring.IORING_SETUP_IOPOLL;
            default -> 0;
        };
    }

    @Test
    void namesTheLatestOfSeveral() {
        RingSetup setup = RingSetup.ofOneThread(8).withFlags(IoUring.IORING_SETUP_CQE_MIXED);
        UnsupportedException refusal =
                assertThrows(
                        UnsupportedException.class, () -> Ring.open(OldKernel.of(5, 19), setup));
        assertEquals("IORING_SETUP_CQE_MIXED", refusal.operation());
    }

    /// What the kernel knows and does not like is not called unknown.
    @Test
    void saysThatSizesAreWrongWhereTheyAre() {
        RingSetup setup = RingSetup.ofOneThread(64).withCompletionEntries(8);
        RingException refusal = assertThrows(RingException.class, () -> Ring.open(setup));
        assertEquals(RingException.class, refusal.getClass());
        assertEquals(Errno.EINVAL, refusal.errno());
        int all = IoUring.IORING_SETUP_NO_MMAP | IoUring.IORING_SETUP_REGISTERED_FD_ONLY;
        RingException own =
                assertThrows(RingException.class, () -> Ring.open(setup.withFlags(all)));
        assertEquals(RingException.class, own.getClass());
    }

    @Test
    void aKernelWithoutWhatEveryRingNeedsIsUnsupported() {
        long descriptors = dev.torc.uring.Kernel.descriptors();
        UnsupportedException refusal =
                assertThrows(
                        UnsupportedException.class,
                        () -> Ring.open(OldKernel.of(5, 16), RingSetup.of(8)));
        assertEquals(new KernelRelease(5, 17), refusal.needed());
        assertEquals(descriptors, dev.torc.uring.Kernel.descriptors());
    }

    /// The best flags of each kernel, and then a NOP.
    @ParameterizedTest
    @CsvSource({
        "5.19, 384",
        "6.0, 384",
        "6.1, 12416",
        "6.5, 12416",
        "6.6, 77952",
        "6.18, 77952",
    })
    void opensWithTheBestThatAKernelKnows(String kernel, int flags) {
        try (Rig rig = new Rig(Ring.open(of(kernel), 8, 16))) {
            int sizes = IoUring.IORING_SETUP_CQSIZE | IoUring.IORING_SETUP_CLAMP;
            assertEquals(flags, rig.ring.setupFlags() & ~sizes);
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
        RingException refusal =
                assertThrows(RingException.class, () -> Ring.open(OldKernel.of(5, 18), 8, 16));
        assertEquals(Errno.EINVAL, refusal.errno());
    }
}
