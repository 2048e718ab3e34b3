package dev.torc.uring;

/// The checks of arguments that operations share. Each returns what it has checked.
final class Arguments {
    /// The largest number in two bytes of an entry.
    static final int SHORT_MAX = 0xffff;

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

    static int requireBufferIndex(int index) {
        return requireRange("bufferIndex", index, 0, SHORT_MAX);
    }
}
