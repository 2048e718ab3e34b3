package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ArgumentsTest {
    @Test
    void numbersAreWithinTheirRange() {
        assertEquals(0, Arguments.requireNotNegative("bytes", 0));
        assertEquals(1L << 40, Arguments.requireNotNegative("bytes", 1L << 40));
        assertRefused(
                "bytes must not be negative: bytes=-1",
                () -> Arguments.requireNotNegative("bytes", -1));
        assertEquals(0, Arguments.requireBufferIndex(0));
        assertEquals(0xffff, Arguments.requireBufferIndex(0xffff));
        assertRefused(() -> Arguments.requireBufferIndex(0x10000));
        assertRefused(() -> Arguments.requireBufferIndex(-1));
    }

    /// In an entry 0 means a regular descriptor, and -1 that the kernel picks: no slot may become
    /// either.
    @Test
    void slotsDoNotBecomeSomethingElse() {
        assertEquals(1, Arguments.fileIndex(0));
        assertEquals(Integer.MAX_VALUE, Arguments.fileIndex(Integer.MAX_VALUE - 1));
        assertRefused("slot must not be negative: slot=-1", () -> Arguments.fileIndex(-1));
        assertRefused(() -> Arguments.fileIndex(-2));
        assertRefused(() -> Arguments.fileIndex(Integer.MAX_VALUE));
    }

    @Test
    void messagesSayNothingAboutTheQueueTheyGoTo() {
        Arguments.requireMessageFlags(IoUring.IORING_CQE_F_MORE | 7 << 16);
        assertRefused(() -> Arguments.requireMessageFlags(IoUring.IORING_CQE_F_32));
        assertRefused(() -> Arguments.requireMessageFlags(IoUring.IORING_CQE_F_SKIP));
    }

    @Test
    void adviceLeavesMemoryUsable() {
        Arguments.requireHarmless(Linux.MADV_DONTNEED);
        assertRefused(() -> Arguments.requireHarmless(100)); // MADV_HWPOISON
        assertRefused(() -> Arguments.requireHarmless(102)); // MADV_GUARD_INSTALL
    }

    private static void assertRefused(Executable call) {
        assertThrows(IllegalArgumentException.class, call);
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
