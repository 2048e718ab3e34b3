package dev.torc.uring;

import dev.torc.uring.constants.IoUring;

/// The checks of arguments that operations share. Each returns what it has checked.
final class Arguments {
    /// The largest number in two bytes of an entry.
    static final int SHORT_MAX = 0xffff;

    private static final int MADV_HWPOISON = 100;
    private static final int MADV_GUARD_INSTALL = 102;

    private Arguments() {}

    static int requirePositive(String name, int value) {
        if (value > 0) return value;
        throw new IllegalArgumentException(name + " must be positive: " + name + "=" + value);
    }

    static int requireRange(String name, int value, int min, int max) {
        if (value >= min && value <= max) return value;
        throw new IllegalArgumentException(
                name + " must be " + min + " to " + max + ": " + name + "=" + value);
    }

    static int requireNotNegative(String name, int value) {
        requireNotNegative(name, (long) value);
        return value;
    }

    static long requireNotNegative(String name, long value) {
        if (value >= 0) return value;
        throw new IllegalArgumentException(name + " must not be negative: " + name + "=" + value);
    }

    /// An index into the table of direct descriptors, as `file_index` has it: 0 means a regular
    /// descriptor there, and -1 that the kernel picks.
    static int fileIndex(int slot) {
        if (slot == Integer.MAX_VALUE) {
            throw new IllegalArgumentException("slot must be an index of the table: slot=" + slot);
        }
        return requireNotNegative("slot", slot) + 1;
    }

    /// Flags of a completion that is sent to another ring. It would read its queue wrongly by those
    /// that are about that.
    static void requireMessageFlags(int cqeFlags) {
        if ((cqeFlags & (IoUring.IORING_CQE_F_32 | IoUring.IORING_CQE_F_SKIP)) == 0) return;
        throw new IllegalArgumentException(
                "cqeFlags must not be about the queue: cqeFlags=" + cqeFlags);
    }

    /// Advice on memory that leaves it readable and writable: the pages are another's one day.
    static void requireHarmless(int advice) {
        if (advice != MADV_HWPOISON && advice != MADV_GUARD_INSTALL) return;
        throw new IllegalArgumentException("advice takes pages away: advice=" + advice);
    }

    static int requireBufferIndex(int index) {
        return requireRange("bufferIndex", index, 0, SHORT_MAX);
    }
}
