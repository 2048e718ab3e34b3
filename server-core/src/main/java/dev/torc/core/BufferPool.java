package dev.torc.core;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;

/// A shard's native memory for what it sends and for what it must keep: slices in a few size
/// classes.
///
/// Owned by one [Shard] and confined to its thread. Memory is taken from the system in slabs, never
/// given back before [#close()], and bounded by `bytesMax`, so a shard's native memory can be
/// stated in advance. `take` and `release` of a warm class allocate nothing. The last slice
/// released is the first one taken, because its memory is the likeliest to be in the cache.
///
/// A slab stays with its class. Once the bound is reached, a class that has nothing left is served
/// from the larger ones: a peak of large slices must not keep the small ones from ever being had.
public final class BufferPool implements AutoCloseable {
    /// The largest slice: 16 MiB.
    public static final int SLICE_BYTES_MAX = 1 << 24;

    private static final int CLASS_SHIFT_MIN = 12; // 4 KiB
    private static final int CLASS_SHIFT_STEP = 2; // each class is four times the one before
    private static final int CLASS_COUNT = 7;
    private static final int SLAB_BYTES_MIN = 1 << 18;

    private final Arena arena = Arena.ofShared();
    private final long bytesMax;
    private final Slice[][] free = new Slice[CLASS_COUNT][0];
    private final int[] freeCount = new int[CLASS_COUNT];
    private final int[] total = new int[CLASS_COUNT];
    private long bytes;
    private long taken;

    /// A pool that will never hold more than `bytesMax` bytes.
    public BufferPool(long bytesMax) {
        if (bytesMax < SLICE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "bytesMax must be at least " + SLICE_BYTES_MAX + ": bytesMax=" + bytesMax);
        }
        this.bytesMax = bytesMax;
    }

    /// An empty slice of at least `bytes` bytes ([#SLICE_BYTES_MAX] at most), which the caller
    /// owns, or null when the pool's bound is reached and no slice that large is free.
    public @Nullable Slice take(int bytes) {
        int sizeClass = sizeClassOf(bytes);
        if (freeCount[sizeClass] == 0 && !grow(sizeClass)) {
            sizeClass = firstFreeFrom(sizeClass + 1);
            if (sizeClass == CLASS_COUNT) return null;
        }
        Slice slice = free[sizeClass][--freeCount[sizeClass]];
        slice.length(0);
        taken++;
        return slice;
    }

    /// A slice with room for `bytes` more: `slice` itself, or a larger one that its data has moved
    /// to and that takes its place. Null, with `slice` untouched, when it would exceed the pool's
    /// bound or [#SLICE_BYTES_MAX].
    public @Nullable Slice extend(@Nullable Slice slice, int bytes) {
        if (slice == null) return bytes > SLICE_BYTES_MAX ? null : take(bytes);
        if (slice.remaining() >= bytes) return slice;
        if (bytes > SLICE_BYTES_MAX - slice.length()) return null;
        Slice larger = take(slice.length() + bytes);
        if (larger == null) return null;
        larger.append(slice.address(), slice.length());
        slice.release();
        return larger;
    }

    /// Slices that are out: 0 when the shard has nothing to send and nothing kept.
    public long takenCount() {
        return taken;
    }

    /// Bytes of native memory held, whether in use or free.
    public long bytes() {
        return bytes;
    }

    void release(Slice slice) {
        int sizeClass = slice.sizeClass();
        assert !isFree(slice) : "slice released twice";
        free[sizeClass][freeCount[sizeClass]++] = slice;
        taken--;
    }

    /// Frees all memory. Nothing may use a slice afterwards, the kernel least of all.
    @Override
    public void close() {
        arena.close();
    }

    private boolean grow(int sizeClass) {
        int sliceBytes = 1 << (CLASS_SHIFT_MIN + sizeClass * CLASS_SHIFT_STEP);
        int slabBytes = Math.max(SLAB_BYTES_MIN, sliceBytes);
        if (bytes + slabBytes > bytesMax) return false;
        long address = arena.allocate(slabBytes, 64).address();
        bytes += slabBytes;
        int count = slabBytes / sliceBytes;
        total[sizeClass] += count;
        free[sizeClass] = new Slice[total[sizeClass]];
        for (int i = 0; i < count; i++) {
            long start = address + (long) (count - 1 - i) * sliceBytes;
            free[sizeClass][freeCount[sizeClass]++] = new Slice(this, sizeClass, start, sliceBytes);
        }
        return true;
    }

    /// The smallest class from this one on that has a free slice, or `CLASS_COUNT`.
    private int firstFreeFrom(int sizeClass) {
        int at = sizeClass;
        while (at < CLASS_COUNT && freeCount[at] == 0) at++;
        return at;
    }

    private boolean isFree(Slice slice) {
        for (int i = 0; i < freeCount[slice.sizeClass()]; i++) {
            if (free[slice.sizeClass()][i] == slice) return true;
        }
        return false;
    }

    private static int sizeClassOf(int bytes) {
        if (bytes < 0 || bytes > SLICE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a slice has 0 to " + SLICE_BYTES_MAX + " bytes: bytes=" + bytes);
        }
        int shift = 32 - Integer.numberOfLeadingZeros(Math.max(bytes - 1, 1));
        return Math.max(0, shift - CLASS_SHIFT_MIN + CLASS_SHIFT_STEP - 1) / CLASS_SHIFT_STEP;
    }
}
