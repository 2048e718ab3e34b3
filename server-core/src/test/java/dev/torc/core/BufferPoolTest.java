package dev.torc.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

class BufferPoolTest {
    private static final int MAX = BufferPool.SLICE_BYTES_MAX;

    private final BufferPool pool = new BufferPool(2L * MAX);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void givesTheSmallestClassThatHoldsTheBytes() {
        Map<Integer, Integer> capacities = new TreeMap<>();
        int[] wanted = {0, 1, 4096, 4097, 16_384, 16_385, 65_536, 65_537, 1 << 18, (1 << 18) + 1};
        for (int bytes : wanted) {
            Slice slice = take(pool, bytes);
            capacities.put(bytes, slice.capacity());
            slice.release();
        }
        assertEquals(
                Map.of(
                        0,
                        4096,
                        1,
                        4096,
                        4096,
                        4096,
                        4097,
                        16_384,
                        16_384,
                        16_384,
                        16_385,
                        65_536,
                        65_536,
                        65_536,
                        65_537,
                        1 << 18,
                        1 << 18,
                        1 << 18,
                        (1 << 18) + 1,
                        1 << 20),
                capacities);
        assertEquals(MAX, take(pool, MAX).capacity());
    }

    @Test
    void refusesWhatNoSliceCanHold() {
        assertThrows(IllegalArgumentException.class, () -> pool.take(MAX + 1));
        assertThrows(IllegalArgumentException.class, () -> pool.take(-1));
        assertThrows(IllegalArgumentException.class, () -> new BufferPool(MAX - 1));
    }

    @Test
    void aTakenSliceIsEmpty() {
        Slice slice = take(pool, 100);
        slice.length(100);
        slice.release();
        Slice again = take(pool, 100);
        assertSame(slice, again);
        assertEquals(0, again.length());
    }

    @Test
    void anExhaustedPoolGivesNullAndRecovers() {
        List<Slice> taken = new ArrayList<>();
        @Nullable Slice slice;
        while ((slice = pool.take(1 << 18)) != null) taken.add(slice);
        assertEquals((2 * MAX) >> 18, taken.size());
        assertEquals(taken.size(), pool.takenCount());
        assertTrue(pool.bytes() <= 2L * MAX);
        assertNull(pool.take(1), "the bound is on all classes together");
        taken.removeLast().release();
        assertNotNull(pool.take(1 << 18));
        assertNull(pool.take(1 << 18));
    }

    @Test
    void aPeakOfLargeSlicesLeavesSomethingForSmallOnes() {
        Slice first = take(pool, MAX);
        Slice second = take(pool, MAX);
        assertNull(pool.take(4096), "the bound is reached, and nothing is free");
        first.release();
        second.release();
        Slice small = take(pool, 4096);
        assertSame(second, small);
        assertEquals(0, small.length());
        assertSame(first, pool.take(65_536));
        assertNull(pool.take(4096));
        assertEquals(2, pool.takenCount());
        assertEquals(2L * MAX, pool.bytes());
    }

    @Test
    void aLargeSliceThatServedSmallDataReturnsToItsOwnClass() {
        Slice first = take(pool, MAX);
        Slice second = take(pool, MAX);
        first.release();
        Slice small = take(pool, 1);
        assertSame(first, small);
        assertNull(pool.take(MAX));
        small.release();
        assertSame(first, pool.take(MAX));
        second.release();
        assertSame(second, pool.take(1));
    }

    @Test
    void theSmallestSliceThatIsLeftServes() {
        Slice million = take(pool, 1 << 20);
        Slice tens = take(pool, 65_536);
        while (pool.take(1 << 18) != null) {
            // until the bound is reached
        }
        million.release();
        tens.release();
        // Its class has never grown; that of 64 KiB still has the rest of its slab.
        assertEquals(65_536, take(pool, 4096).capacity());
        while (pool.take(65_536) != million) {
            // until the class of 64 KiB is used up, then 256 KiB, then 1 MiB
        }
        assertNull(pool.take(4096));
    }

    @Test
    void aPeakOfSmallSlicesLeavesSomethingForLargeOnes() {
        List<Slice> taken = new ArrayList<>();
        for (int bytes : new int[] {4096, 65_536, 1 << 20}) {
            for (Slice s = pool.take(bytes); s != null; s = pool.take(bytes)) taken.add(s);
            assertEquals(2L * MAX, pool.bytes());
            assertNull(pool.take(MAX), "everything is in use");
            taken.forEach(Slice::release);
            taken.clear();
            Slice large = take(pool, MAX);
            assertEquals(MAX, large.capacity());
            Memory.fill(large.address(), MAX, (byte) 1);
            assertEquals(2L * MAX, pool.bytes());
            large.release();
        }
    }

    @Test
    void memoryOfWhichSomethingIsInUseStaysWhereItIs() {
        List<Slice> taken = new ArrayList<>();
        for (Slice s = pool.take(4096); s != null; s = pool.take(4096)) taken.add(s);
        // One of each 64, which are a slab of 256 KiB.
        for (int i = taken.size() - 1; i >= 0; i--) {
            Memory.putByte(taken.get(i).address(), (byte) i);
            if (i % 64 != 0) taken.remove(i).release();
        }
        assertNull(pool.take(16_384));
        for (int i = 0; i < taken.size(); i++) {
            assertEquals((byte) (64 * i), Memory.getByte(taken.get(i).address()));
        }
        taken.getFirst().release();
        assertEquals(16_384, take(pool, 16_384).capacity());
    }

    @Test
    void whatIsSpareLeavesTheLastQuarter() {
        List<Slice> spare = new ArrayList<>();
        for (Slice s = pool.takeSpare(65_536); s != null; s = pool.takeSpare(65_536)) spare.add(s);
        assertEquals(2 * MAX / 4 * 3 / 65_536, spare.size());
        assertNull(pool.extend(spare.getFirst(), 65_537));
        Slice first = notNull(pool.extend(null, 65_536));
        first.release();
        List<Slice> others = new ArrayList<>();
        for (Slice s = pool.take(65_536); s != null; s = pool.take(65_536)) others.add(s);
        assertEquals(2 * MAX / 4 / 65_536, others.size());
        others.forEach(Slice::release);
        assertNull(pool.takeSpare(1));
        spare.removeLast().release();
        assertNotNull(pool.takeSpare(1));
    }

    @Test
    void aSliceReleasedTwiceIsNoticed() {
        Slice slice = take(pool, 1);
        slice.release();
        assertThrows(AssertionError.class, slice::release);
        assertEquals(0, pool.takenCount());
    }

    @Test
    void whatIsSharedIsFreedWithItsLastReference() {
        Slice source = take(pool, 3);
        source.append(new byte[] {1, 2, 3}, 0, 3);
        long before = pool.bytes();
        Slice shared = notNull(pool.share(source));
        source.release();
        assertTrue(shared.isShared());
        assertFalse(shared.isBorrowed());
        assertEquals(0, shared.remaining());
        assertEquals(before + 3, pool.bytes());
        assertEquals(3, pool.sharedBytes());
        assertEquals(0, pool.takenCount());
        shared.retain();
        shared.release();
        assertArrayEquals(new byte[] {1, 2, 3}, shared.toBytes());
        shared.release();
        assertEquals(before, pool.bytes());
        assertEquals(0, pool.sharedBytes());
        assertThrows(IllegalStateException.class, shared::release);
        assertThrows(IllegalStateException.class, shared::retain);
    }

    @Test
    void aPartOfWhatIsSharedKeepsAllOfIt() {
        Slice shared = notNull(pool.share(new byte[] {1, 2, 3, 4}));
        Slice part = shared.part(1, 2);
        shared.release();
        assertTrue(part.isShared());
        assertArrayEquals(new byte[] {2, 3}, part.toBytes());
        assertThrows(IndexOutOfBoundsException.class, () -> part.part(1, 2));
        assertEquals(4, pool.sharedBytes());
        part.release();
        assertEquals(0, pool.sharedBytes());
        assertThrows(IllegalStateException.class, () -> part.part(0, 1));
    }

    @Test
    void onlyWhatIsSharedIsRetained() {
        assertThrows(IllegalStateException.class, take(pool, 1)::retain);
        assertThrows(IllegalStateException.class, () -> take(pool, 1).part(0, 0));
        assertThrows(IllegalStateException.class, Slice.window()::retain);
        assertThrows(IllegalArgumentException.class, Slice.window()::requireOwned);
        take(pool, 1).requireOwned();
    }

    @Test
    void halfOfItAtMostIsSharedAndItCountsAsNotSpare() {
        Slice source = take(pool, 65_536);
        source.length(65_536);
        List<Slice> all = new ArrayList<>();
        for (Slice s = pool.share(source); s != null; s = pool.share(source)) all.add(s);
        assertEquals(2 * MAX / 2 / 65_536, all.size());
        List<Slice> spare = new ArrayList<>();
        for (Slice s = pool.takeSpare(65_536); s != null; s = pool.takeSpare(65_536)) spare.add(s);
        assertEquals(2 * MAX / 4 / 65_536, spare.size() + 1);
        all.removeLast().release();
        assertNotNull(pool.share(source));
    }

    /// Free slices of a class that is not asked for any more are no reason to share nothing.
    @Test
    void sharingTakesTheMemoryOfWhatIsFree() {
        List<Slice> taken = new ArrayList<>();
        for (Slice s = pool.take(65_536); s != null; s = pool.take(65_536)) taken.add(s);
        Slice source = taken.getFirst();
        assertNull(pool.share(source));
        source.length(65_536);
        taken.subList(1, taken.size()).forEach(Slice::release);
        assertEquals(65_536, notNull(pool.share(source)).length());
        assertTrue(pool.bytes() <= 2 * MAX, "bytes=" + pool.bytes());
    }

    @Test
    void whatIsSharedMayBeEmpty() {
        Slice shared = notNull(pool.share(take(pool, 0)));
        assertEquals(0, shared.length());
        shared.release();
        assertEquals(0, pool.sharedBytes());
    }

    @Test
    void extendingKeepsTheDataAndReleasesTheSmallerSlice() {
        Slice slice = take(pool, 4096);
        byte[] data = new byte[4096];
        new Random(1).nextBytes(data);
        slice.append(data, 0, 4096);
        assertSame(slice, pool.extend(slice, 0));
        Slice larger = notNull(pool.extend(slice, 1));
        assertEquals(16_384, larger.capacity());
        assertArrayEquals(data, larger.toBytes());
        assertEquals(1, pool.takenCount());
        assertSame(slice, pool.take(4096), "the smaller one is free again");
    }

    @Test
    void extendingNothingTakes() {
        assertEquals(4096, notNull(pool.extend(null, 10)).capacity());
        assertNull(pool.extend(null, MAX + 1));
    }

    @Test
    void extendingBeyondABoundLeavesTheSliceAlone() {
        Slice slice = take(pool, 4096);
        slice.append(new byte[] {1, 2, 3}, 0, 3);
        assertNull(pool.extend(slice, MAX));
        assertNull(pool.extend(slice, Integer.MAX_VALUE));
        take(pool, MAX);
        assertNull(pool.extend(slice, MAX - 3));
        assertArrayEquals(new byte[] {1, 2, 3}, slice.toBytes());
        assertEquals(2, pool.takenCount());
    }

    @Test
    void noTwoSlicesOverlap() {
        long seed = 77;
        Random random = new Random(seed);
        Map<Slice, Byte> taken = new HashMap<>();
        List<Slice> order = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            if (order.size() < 100 && random.nextBoolean()) {
                Slice slice = pool.take(random.nextInt(1 << (6 + random.nextInt(12))));
                if (slice == null) continue;
                byte mark = (byte) random.nextInt();
                Memory.putByte(slice.address(), mark);
                Memory.putByte(slice.address() + slice.capacity() - 1, mark);
                taken.put(slice, mark);
                order.add(slice);
            } else if (!order.isEmpty()) {
                Slice slice = order.remove(random.nextInt(order.size()));
                Byte mark = taken.remove(slice);
                String where = "seed=" + seed + ", step=" + step;
                assertEquals(mark, (Byte) Memory.getByte(slice.address()), where);
                assertEquals(
                        mark, (Byte) Memory.getByte(slice.address() + slice.capacity() - 1), where);
                slice.release();
            }
            assertEquals(order.size(), pool.takenCount());
        }
    }

    @Test
    void takingAndReleasingAWarmClassAllocatesNothing() {
        assertEquals(0, AllocatedBytes.of(this::churn));
    }

    private void churn() {
        for (int i = 0; i < 10_000; i++) {
            Slice small = take(pool, 100);
            Slice large = take(pool, 10_000);
            small.release();
            large.release();
        }
    }

    private static Slice take(BufferPool pool, int bytes) {
        return notNull(pool.take(bytes));
    }

    private static Slice notNull(@Nullable Slice slice) {
        if (slice == null) throw new AssertionError("the pool gave nothing");
        return slice;
    }
}
