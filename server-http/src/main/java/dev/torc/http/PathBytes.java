package dev.torc.http;

import dev.torc.core.memory.Memory;

/// Reads text in native memory eight bytes at a time, never beyond its end.
///
/// A word holds its first byte lowest, as the little-endian machine loads it. Allocates nothing;
/// any thread.
final class PathBytes {
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long SLASHES = ONES * '/';
    private static final long PERCENTS = ONES * '%';

    private PathBytes() {}

    /// The word at `address`, zero beyond its first `bytes` bytes (1 to 8). `end` is where the
    /// readable memory ends, at or after `address + bytes`.
    static long word(long address, int bytes, long end) {
        if (end - address >= Long.BYTES) {
            return Memory.getLong(address) & (-1L >>> (Long.SIZE - bytes * Byte.SIZE));
        }
        long word = 0;
        int shift = 0;
        if ((bytes & 4) != 0) {
            word = Integer.toUnsignedLong(Memory.getInt(address));
            shift = 32;
        }
        if ((bytes & 2) != 0) {
            word |= Short.toUnsignedLong(Memory.getShort(address + (shift >>> 3))) << shift;
            shift += 16;
        }
        if ((bytes & 1) != 0) {
            word |= Byte.toUnsignedLong(Memory.getByte(address + (shift >>> 3))) << shift;
        }
        return word;
    }

    /// The address of the first `/` in `[address, end)`, or `end`.
    static long segmentEnd(long address, long end) {
        for (long at = address; at < end; at += Long.BYTES) {
            long slashes = zeros(word(at, bytesAt(at, end), end) ^ SLASHES);
            if (slashes != 0) return at + (Long.numberOfTrailingZeros(slashes) >>> 3);
        }
        return end;
    }

    /// The address of a word in `[address, end)` that has a `%` or a byte outside ASCII and before
    /// which there is none, or `end`.
    static long firstEncoded(long address, long end) {
        for (long at = address; at < end; at += Long.BYTES) {
            long word = word(at, bytesAt(at, end), end);
            if (((word & HIGH_BITS) | zeros(word ^ PERCENTS)) != 0) return at;
        }
        return end;
    }

    /// How many bytes of the word at `address` lie before `end`.
    static int bytesAt(long address, long end) {
        return (int) Math.min(Long.BYTES, end - address);
    }

    // Mycroft's test: the lowest mark is exact, those above it may be wrong, none is wrong if it is
    // 0.
    private static long zeros(long word) {
        return (word - ONES) & ~word & HIGH_BITS;
    }
}
