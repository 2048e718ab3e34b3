package dev.torc.core;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A shard's native memory for what it sends and for what it must keep: slices in a few size
/// classes.
///
/// Owned by one [Shard] and confined to its thread. Memory is taken from the system in slabs and
/// bounded by `bytesMax`, so a shard's native memory can be stated in advance. `take` and `release`
/// of a warm class allocate nothing. The last slice released is the first one taken, because its
/// memory is the likeliest to be in the cache.
///
/// A slab stays with its class until the bound is reached. From then on a class that has nothing
/// left is served from the larger ones, and then from slabs of which nothing is in use: a peak of
/// slices of one size must not keep those of another from ever being had.
///
/// The last quarter is for connections that hold little. What grows with what a peer sends, or does
/// not read, is [spare][#takeSpare(int)] memory, so that a few peers cannot use up that from which
/// all others are answered.
///
/// Up to half of it may hold what is [shared][#share(Slice)], each in memory of just its size,
/// which goes back to the system with the last reference.
public final class BufferPool implements AutoCloseable {
    /// The largest slice: 16 MiB.
    public static final int SLICE_BYTES_MAX = 1 << 24;

    private static final int CLASS_SHIFT_MIN = 12; // 4 KiB
    private static final int CLASS_SHIFT_STEP = 2; // each class is four times the one before
    private static final int CLASS_COUNT = 7;
    private static final int SLAB_BYTES_MIN = 1 << 18;
    private static final int SHARED = -1;
    private static final int ALIGNMENT = 64;

    private final List<Slab> slabs = new ArrayList<>();
    private final Set<Slab> shared = new HashSet<>();
    private final long bytesMax;
    private final Slice[][] free = new Slice[CLASS_COUNT][0];
    private final int[] freeCount = new int[CLASS_COUNT];
    private final int[] total = new int[CLASS_COUNT];
    private long bytes;
    private long taken;
    private long takenBytes;
    private long sharedBytes;

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
            if (sizeClass == CLASS_COUNT) {
                sizeClass = sizeClassOf(bytes);
                if (!reclaim(slabBytes(sizeClass)) || !grow(sizeClass)) return null;
            }
        }
        Slice slice = free[sizeClass][--freeCount[sizeClass]];
        slice.length(0);
        slice.slab().taken++;
        taken++;
        takenBytes += slice.capacity();
        return slice;
    }

    /// Like [#take(int)], but null once three quarters of the pool are taken.
    public @Nullable Slice takeSpare(int bytes) {
        boolean spare = takenBytes + sharedBytes < bytesMax - bytesMax / 4;
        return spare ? take(bytes) : null;
    }

    /// A copy of `source` that any number of connections can send at once: a slice that is full,
    /// and that nobody may change. The caller has the first reference. Null when half of the pool
    /// is shared already, or all of it in use.
    public @Nullable Slice share(Slice source) {
        Slice slice = shareable(source.length());
        if (slice != null) slice.append(source.address(), source.length());
        return slice;
    }

    /// [#share(Slice)] of a copy of `source`.
    public @Nullable Slice share(byte[] source) {
        Slice slice = shareable(source.length);
        if (slice != null) slice.append(source, 0, source.length);
        return slice;
    }

    /// Empty yet.
    private @Nullable Slice shareable(int length) {
        int size = Math.max(length, 1);
        if (sharedBytes + size > bytesMax / 2) return null;
        if (bytes + size > bytesMax && !reclaim(size)) return null;
        Slab slab = new Slab(SHARED, size);
        // First what may fail for want of memory: nothing is counted then.
        Slice slice = new Slice(this, slab, slab.allocate(), length);
        slab.taken = 1;
        shared.add(slab);
        bytes += size;
        sharedBytes += size;
        return slice;
    }

    /// A slice with room for `bytes` more: `slice` itself, or a larger one that its data has moved
    /// to and that takes its place. Null, with `slice` untouched, when it would exceed what is
    /// [spare][#takeSpare(int)] or [#SLICE_BYTES_MAX].
    public @Nullable Slice extend(@Nullable Slice slice, int bytes) {
        if (slice == null) return bytes > SLICE_BYTES_MAX ? null : take(bytes);
        if (slice.remaining() >= bytes) return slice;
        if (bytes > SLICE_BYTES_MAX - slice.length()) return null;
        Slice larger = takeSpare(slice.length() + bytes);
        if (larger == null) return null;
        larger.append(slice.address(), slice.length());
        slice.release();
        return larger;
    }

    /// Slices that are out: 0 when the shard has nothing to send and nothing kept. Those that are
    /// shared do not count.
    public long takenCount() {
        return taken;
    }

    /// Bytes of what is shared, for as long as there is a reference to it.
    public long sharedBytes() {
        return sharedBytes;
    }

    /// Bytes of native memory held, whether in use or free.
    public long bytes() {
        return bytes;
    }

    void release(Slice slice) {
        int sizeClass = slice.slab().sizeClass;
        if (sizeClass == SHARED) {
            releaseShared(slice.slab());
            return;
        }
        assert !isFree(slice) : "slice released twice";
        free[sizeClass][freeCount[sizeClass]++] = slice;
        slice.slab().taken--;
        taken--;
        takenBytes -= slice.capacity();
    }

    private void releaseShared(Slab slab) {
        slab.requireTaken();
        slab.taken--;
        if (slab.taken > 0) return;
        shared.remove(slab);
        bytes -= slab.bytes;
        sharedBytes -= slab.bytes;
        slab.arena.close();
    }

    /// Frees all memory. Nothing may use a slice afterwards, the kernel least of all.
    @Override
    public void close() {
        for (Slab slab : slabs) slab.arena.close();
        for (Slab slab : shared) slab.arena.close();
        slabs.clear();
        shared.clear();
    }

    private boolean grow(int sizeClass) {
        int slabBytes = slabBytes(sizeClass);
        if (bytes + slabBytes > bytesMax) return false;
        Slab slab = new Slab(sizeClass, slabBytes);
        slabs.add(slab);
        long address = slab.allocate();
        bytes += slabBytes;
        int sliceBytes = sliceBytes(sizeClass);
        int count = slabBytes / sliceBytes;
        total[sizeClass] += count;
        if (free[sizeClass].length < total[sizeClass])
            free[sizeClass] = new Slice[total[sizeClass]];
        for (int i = 0; i < count; i++) {
            long start = address + (long) (count - 1 - i) * sliceBytes;
            free[sizeClass][freeCount[sizeClass]++] = new Slice(this, slab, start, sliceBytes);
        }
        return true;
    }

    /// Gives slabs of which nothing is in use back to the system until `wanted` bytes are within
    /// the bound; none if that takes more than there are.
    private boolean reclaim(int wanted) {
        long idle = 0;
        for (Slab slab : slabs) idle += slab.taken == 0 ? slab.bytes : 0;
        if (bytes - idle + wanted > bytesMax) return false;
        for (int i = slabs.size() - 1; bytes + wanted > bytesMax; i--) {
            if (slabs.get(i).taken == 0) giveBack(slabs.remove(i));
        }
        return true;
    }

    private void giveBack(Slab slab) {
        int sizeClass = slab.sizeClass;
        Slice[] slices = free[sizeClass];
        int kept = 0;
        for (int i = 0; i < freeCount[sizeClass]; i++) {
            if (slices[i].slab() != slab) slices[kept++] = slices[i];
        }
        freeCount[sizeClass] = kept;
        total[sizeClass] -= slab.bytes / sliceBytes(sizeClass);
        bytes -= slab.bytes;
        slab.arena.close();
    }

    /// The smallest class from this one on that has a free slice, or `CLASS_COUNT`.
    private int firstFreeFrom(int sizeClass) {
        int at = sizeClass;
        while (at < CLASS_COUNT && freeCount[at] == 0) at++;
        return at;
    }

    private boolean isFree(Slice slice) {
        int sizeClass = slice.slab().sizeClass;
        for (int i = 0; i < freeCount[sizeClass]; i++) {
            if (free[sizeClass][i] == slice) return true;
        }
        return false;
    }

    private static int sliceBytes(int sizeClass) {
        return 1 << (CLASS_SHIFT_MIN + sizeClass * CLASS_SHIFT_STEP);
    }

    private static int slabBytes(int sizeClass) {
        return Math.max(SLAB_BYTES_MIN, sliceBytes(sizeClass));
    }

    private static int sizeClassOf(int bytes) {
        if (bytes < 0 || bytes > SLICE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a slice has 0 to " + SLICE_BYTES_MAX + " bytes: bytes=" + bytes);
        }
        int shift = 32 - Integer.numberOfLeadingZeros(Math.max(bytes - 1, 1));
        return Math.max(0, shift - CLASS_SHIFT_MIN + CLASS_SHIFT_STEP - 1) / CLASS_SHIFT_STEP;
    }

    /// Memory of the system, cut into slices of one class, or shared as one.
    static final class Slab {
        private final Arena arena = Arena.ofConfined();
        private final int sizeClass;
        private final int bytes;

        /// Slices of it that are out, or references to it.
        private int taken;

        private Slab(int sizeClass, int bytes) {
            this.sizeClass = sizeClass;
            this.bytes = bytes;
        }

        boolean isShared() {
            return sizeClass == SHARED;
        }

        void retain() {
            requireTaken();
            taken++;
        }

        private void requireTaken() {
            if (taken <= 0) throw new IllegalStateException("the shared slice has been freed");
        }

        private long allocate() {
            return arena.allocate(bytes, ALIGNMENT).address();
        }
    }
}
