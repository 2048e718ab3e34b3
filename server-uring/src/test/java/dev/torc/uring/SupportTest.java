package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.ProbeOps;
import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

class SupportTest {
    /// What a kernel whose last operation is `last` answers.
    private static Support of(int last, int features, String release) {
        try (Arena arena = Arena.ofConfined()) {
            long probe = arena.allocate(ProbeOps.BYTES, 8).address();
            Memory.putByte(probe + ProbeOps.LAST_OP, (byte) last);
            for (int op = 0; op <= last; op++) {
                long flags = probe + ProbeOps.HEADER_BYTES + (long) op * ProbeOps.OP_BYTES;
                Memory.putShort(flags + ProbeOps.OP_FLAGS, (short) IoUring.IO_URING_OP_SUPPORTED);
            }
            return new Support(probe, features, release);
        }
    }

    @Test
    void knowsTheOperationsThatTheProbeSays() {
        Support support = of(IoUring.IORING_OP_SEND_ZC, 0, "6.0.1");
        assertTrue(support.hasOperation(IoUring.IORING_OP_NOP));
        assertTrue(support.hasOperation(IoUring.IORING_OP_SEND_ZC));
        assertFalse(support.hasOperation(IoUring.IORING_OP_SENDMSG_ZC));
        assertFalse(support.hasOperation(IoUring.IORING_OP_PIPE));
    }

    @Test
    void leavesItToTheKernelWhereTheProbeIsRefused() {
        Support support = new Support(0, 0, "5.17.0");
        assertTrue(support.hasOperation(IoUring.IORING_OP_PIPE));
        assertFalse(support.isFrom(5, 18), "what is told by the release still is");
        assertTrue(support.isFrom(5, 17));
    }

    @Test
    void whatCameLaterIsThereByTheReleaseOrByALaterOperation() {
        Support plain = of(IoUring.IORING_OP_SEND_ZC, 0, "6.0.1");
        assertTrue(plain.isFrom(6, 0));
        assertTrue(plain.isFrom(5, 19));
        assertFalse(plain.isFrom(6, 1));
        // A vendor's 5.14 with io_uring of 6.0.
        Support backported = of(IoUring.IORING_OP_SEND_ZC, 0, "5.14.0-427.el9");
        assertTrue(backported.isFrom(6, 0));
        assertFalse(backported.isFrom(6, 1));
        assertTrue(of(IoUring.IORING_OP_PIPE, 0, "strange").isFrom(6, 16));
        assertFalse(of(IoUring.IORING_OP_PIPE, 0, "strange").isFrom(6, 17));
    }

    @Test
    void saysWhatIsNeeded() {
        Support support = of(IoUring.IORING_OP_SEND_ZC, 0, "6.0.1");
        support.require("IORING_X", 6, 0);
        UnsupportedException refusal =
                assertThrows(UnsupportedException.class, () -> support.require("IORING_X", 6, 15));
        assertEquals(
                "IORING_X: not supported by this kernel, it needs Linux 6.15",
                refusal.getMessage());
        assertEquals("IORING_X", refusal.operation());
        UnsupportedException operation = Support.refusal(IoUring.IORING_OP_SENDMSG_ZC);
        assertEquals("IORING_OP_SENDMSG_ZC", operation.operation());
        assertEquals(new KernelRelease(6, 1), operation.needed());
    }

    @Test
    void knowsFeatures() {
        Support support = of(5, IoUring.IORING_FEAT_NODROP, "6.0.1");
        assertTrue(support.hasFeature(IoUring.IORING_FEAT_NODROP));
        assertFalse(support.hasFeature(IoUring.IORING_FEAT_EXT_ARG));
        assertEquals(IoUring.IORING_FEAT_NODROP, support.features());
    }
}
