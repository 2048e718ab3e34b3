package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.BitSet;
import java.util.List;

/// What a kernel lacks is refused before it is asked, and the ring is as before.
class OldKernelTest {
    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    private record Missing(String what, int major, int minor, Call call) {}

    @FunctionalInterface
    private interface Call {
        void on(Ring ring, IoMemory memory);
    }

    private static final List<Missing> REGISTRATIONS =
            List.of(
                    new Missing(
                            "IORING_REGISTER_SYNC_CANCEL",
                            6,
                            0,
                            (ring, memory) -> ring.registrations().cancelAll(0)),
                    new Missing(
                            "IORING_REGISTER_FILE_ALLOC_RANGE",
                            6,
                            0,
                            (ring, memory) -> DirectDescriptors.of(ring, -1).allocateFrom(0, 1)),
                    new Missing(
                            "IORING_ASYNC_CANCEL_OP",
                            6,
                            6,
                            (ring, memory) ->
                                    ring.registrations()
                                            .cancel(0, -1, 0, IoUring.IORING_ASYNC_CANCEL_OP, 0)),
                    new Missing(
                            "IORING_REGISTER_NAPI",
                            6,
                            9,
                            (ring, memory) -> ring.registrations().registerNapi(1, false)),
                    new Missing(
                            "IORING_REGISTER_NAPI",
                            6,
                            9,
                            (ring, memory) -> ring.registrations().unregisterNapi()),
                    new Missing(
                            "IO_URING_NAPI_TRACKING_STATIC",
                            6,
                            13,
                            (ring, memory) -> ring.registrations().registerStaticNapi(1, false)),
                    new Missing(
                            "IO_URING_NAPI_TRACKING_STATIC",
                            6,
                            13,
                            (ring, memory) -> ring.registrations().addNapiId(100_000)),
                    new Missing(
                            "IORING_REGISTER_CLOCK",
                            6,
                            12,
                            (ring, memory) ->
                                    ring.registrations().registerClock(Linux.CLOCK_MONOTONIC)),
                    new Missing(
                            "IORING_FEAT_MIN_TIMEOUT",
                            6,
                            12,
                            (ring, memory) -> ring.waits().submitAndWait(1, 1, 1)),
                    new Missing(
                            "IORING_ENTER_ABS_TIMER",
                            6,
                            12,
                            (ring, memory) -> ring.waits().submitAndWaitUntil(1, 1)),
                    new Missing(
                            "IORING_REGISTER_CLONE_BUFFERS",
                            6,
                            12,
                            (ring, memory) -> cloneInto(ring, memory, false)),
                    new Missing(
                            "IORING_REGISTER_DST_REPLACE",
                            6,
                            13,
                            (ring, memory) -> cloneInto(ring, memory, true)),
                    new Missing(
                            "IORING_REGISTER_RESIZE_RINGS",
                            6,
                            13,
                            (ring, memory) -> ring.registrations().resize(16, 32)),
                    new Missing(
                            "IORING_REGISTER_MEM_REGION",
                            6,
                            13,
                            (ring, memory) -> new WaitRegion(ring, 1)),
                    new Missing(
                            "IORING_ENTER_NO_IOWAIT",
                            6,
                            15,
                            (ring, memory) -> ring.waits().countAsIoWait(false)));

    private static void cloneInto(Ring ring, IoMemory memory, boolean part) {
        try (Ring source = Ring.open(8, 16);
                RegisteredBuffers buffers = RegisteredBuffers.of(source, memory)) {
            if (part) {
                try (RegisteredBuffers mine = RegisteredBuffers.sparse(ring, 1)) {
                    mine.cloneFrom(buffers, 0, 0, 1);
                }
            } else {
                RegisteredBuffers.cloneOf(ring, buffers).close();
            }
        }
    }

    @Test
    void eachMissingRegistrationIsNamedWithItsReleaseAndLeavesTheRingUsable() {
        for (Missing missing : REGISTRATIONS) {
            // The release before; 5.19 is the one before 6.0.
            int major = missing.minor() == 0 ? 5 : 6;
            int minor = missing.minor() == 0 ? 19 : missing.minor() - 1;
            try (Rig rig = new Rig(Ring.open(OldKernel.of(major, minor), 8, 16))) {
                IoMemory memory = rig.memory(8);
                UnsupportedException refusal =
                        assertThrows(
                                UnsupportedException.class,
                                () -> missing.call().on(rig.ring, memory),
                                missing.what());
                assertEquals(
                        missing.what()
                                + ": not supported by this kernel, it needs Linux "
                                + missing.major()
                                + "."
                                + missing.minor(),
                        refusal.getMessage());
                assertFalse(memory.isLent());
                assertEquals(0, rig.run(rig.next().prepareNop(1)));
            }
        }
    }

    @Test
    void olderRegistrationsAreAskedFor() {
        RingSetup setup = RingSetup.of(8);
        try (Rig rig = new Rig(Ring.open(OldKernel.of(5, 17), setup))) {
            UnsupportedException sparse =
                    assertThrows(
                            UnsupportedException.class,
                            () -> RegisteredBuffers.sparse(rig.ring, 1));
            assertEquals(new KernelRelease(5, 19), sparse.needed());
            assertThrows(UnsupportedException.class, () -> new DirectDescriptors(rig.ring, 1));
            BitSet cpus = new BitSet();
            cpus.set(RegistrationsTest.firstCpu(rig.ring));
            rig.ring.registrations().registerWorkerCpus(cpus);
            rig.ring.registrations().limitWorkers(1, 1);
            IoMemory memory = rig.memory(8);
            RegisteredBuffers.of(rig.ring, memory).update(0, null);
            assertEquals(1, DirectDescriptors.of(rig.ring, rig.pipe()[0]).update(0, -1));
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    @Test
    void aRingsProbeSaysWhatIsMissing() {
        try (Rig rig = new Rig(Ring.open(OldKernel.of(6, 1), 8, 16))) {
            Probe probe = rig.ring.probe();
            assertTrue(probe.supported().contains("SENDMSG_ZC"));
            assertTrue(probe.missing().contains("WAITID"));
            assertTrue(probe.setupMissing().contains("NO_SQARRAY"));
            assertTrue(probe.featuresMissing().contains("REG_REG_RING"));
            assertTrue(probe.features().contains("CQE_SKIP"));
        }
    }

    /// Every operation of a later release than the kernel's.
    @Test
    void noOperationThatIsMissingIsSubmitted() {
        List<String> releases = IoUring.opcodeReleases();
        try (Rig rig = new Rig(Ring.open(OldKernel.of(5, 19), 8, 16))) {
            for (int opcode = 0; opcode < releases.size(); opcode++) {
                KernelRelease since = KernelRelease.parse(releases.get(opcode));
                boolean missing = new KernelRelease(5, 19).isOlderThan(since);
                assertEquals(missing, !rig.ring.support().hasOperation(opcode));
                if (!missing) continue;
                int wanted = opcode;
                UnsupportedException refusal =
                        assertThrows(
                                UnsupportedException.class,
                                () -> rig.next().prepare(wanted, 0, 0, 0, 0, 1));
                assertEquals(since, refusal.needed());
            }
            assertEquals(0, rig.ring.pendingCount());
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }
}
