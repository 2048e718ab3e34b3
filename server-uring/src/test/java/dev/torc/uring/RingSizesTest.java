package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_SETUP_CLAMP;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_CQE32;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_CQE_MIXED;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_NO_MMAP;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_SQE128;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

/// How many entries a ring has, and how big they are.
class RingSizesTest {
    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    private static Rig rig(int flags) {
        return new Rig(Ring.open(RingSetup.of(8).withFlags(flags)));
    }

    @Test
    void theKernelRoundsUpAndChoosesTwiceAsManyCompletions() {
        try (Rig rig = new Rig(Ring.open(RingSetup.of(5)))) {
            assertEquals(8, rig.ring.entries());
            assertEquals(16, rig.ring.completionEntries());
        }
        RingSetup setup = RingSetup.of(4).withCompletionEntries(100);
        try (Rig rig = new Rig(Ring.open(setup))) {
            assertEquals(4, rig.ring.entries());
            assertEquals(128, rig.ring.completionEntries());
        }
    }

    @Test
    void tooManyAreRefusedUnlessClamped() {
        RingSetup setup = RingSetup.of(1 << 20);
        RingException refusal = assertThrows(RingException.class, () -> Ring.open(setup));
        assertEquals("io_uring_setup: EINVAL (invalid argument)", refusal.getMessage());
        try (Rig rig = new Rig(Ring.open(setup.withFlags(IORING_SETUP_CLAMP)))) {
            assertEquals(32_768, rig.ring.entries());
            assertEquals(65_536, rig.ring.completionEntries());
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
        int own = IORING_SETUP_CLAMP | IORING_SETUP_NO_MMAP;
        try (Rig rig = new Rig(Ring.open(setup.withFlags(own)))) {
            assertEquals(32_768, rig.ring.entries());
            assertEquals(0, rig.run(rig.next().prepareNop(1)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                IORING_SETUP_SQE128,
                IORING_SETUP_CQE32,
                IORING_SETUP_SQE128 | IORING_SETUP_CQE32,
                IORING_SETUP_CQE_MIXED,
                IORING_SETUP_NO_MMAP,
                IORING_SETUP_NO_MMAP | IORING_SETUP_SQE128 | IORING_SETUP_CQE32
            })
    void entriesOfAllSizesGoRound(int flags) {
        try (Rig rig = rig(flags)) {
            RecordedCompletions recorded = new RecordedCompletions();
            for (int turn = 0; turn < 9; turn++) {
                for (int i = 0; i < 7; i++) rig.next().prepareNop(10 * turn + i);
                assertEquals(7, rig.ring.submitAndWait(7, Rig.WAIT_NANOS));
                assertEquals(7, rig.ring.drain(recorded));
                for (int i = 0; i < 7; i++) {
                    assertEquals(new Completion(10 * turn + i, 0, 0), recorded.all.get(i));
                }
                recorded.take();
            }
        }
    }

    /// Big ones take two places, and are not torn at the queue's end.
    @Test
    void bigAndSmallCompletionsMix() {
        RingSetup setup =
                RingSetup.of(8).withCompletionEntries(8).withFlags(IORING_SETUP_CQE_MIXED);
        try (Rig rig = new Rig(Ring.open(setup))) {
            List<String> got = new ArrayList<>();
            CompletionHandler handler = recorder(got);
            for (int turn = 0; turn < 50; turn++) {
                prepareBigNop(rig, 100 + turn);
                rig.next().prepareNop(turn);
                assertEquals(2, rig.ring.submitAndWait(2, Rig.WAIT_NANOS));
                assertEquals(2, rig.ring.drain(handler));
                assertEquals(List.of("big " + (100 + turn) + " 0", "small " + turn), got);
                got.clear();
            }
            prepareBigNop(rig, 1); // 0 is what its second place begins with
            rig.next().prepareNop(2);
            rig.ring.submit();
            assertEquals(Ring.NOT_COMPLETED, rig.ring.claim(0, 5));
            assertEquals(0, rig.ring.claim(2, 3));
            Completion taken = rig.take();
            assertEquals(1, taken.userData());
            assertTrue((taken.flags() & IoUring.IORING_CQE_F_32) != 0);
            assertEquals(3, rig.take().userData());
        }
    }

    @Test
    void allCompletionsAreBigWhereTheyAre() {
        try (Rig rig = rig(IORING_SETUP_CQE32)) {
            List<String> got = new ArrayList<>();
            prepareBigNop(rig, 7);
            rig.next().prepareNop(8);
            assertEquals(2, rig.ring.submitAndWait(2, Rig.WAIT_NANOS));
            assertEquals(1, rig.ring.drain(recorder(got), 1));
            assertEquals(1, rig.ring.drain(recorder(got), 1));
            assertEquals(List.of("big 7 0", "big 8 0"), got);
        }
    }

    private static CompletionHandler recorder(List<String> got) {
        return new CompletionHandler() {
            @Override
            public void onCompletion(long userData, int result, int flags) {
                got.add("small " + userData);
            }

            @Override
            public void onBigCompletion(
                    long userData, int result, int flags, long extra1, long extra2) {
                got.add("big " + userData + " " + (extra1 | extra2));
            }
        };
    }

    private static void prepareBigNop(Rig rig, long userData) {
        rig.next().prepareNop(userData).opFlags(IoUring.IORING_NOP_CQE32);
    }
}
