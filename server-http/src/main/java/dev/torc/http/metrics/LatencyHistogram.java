package dev.torc.http.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// How often requests took how long. One thread records, which costs a few nanoseconds and
/// allocates nothing; any thread reads, and sees each count as it is or was a moment ago.
///
/// Each power of two of nanoseconds is four buckets, from 2^10 (about 1 us) to 2^36 (about 69 s): a
/// bucket's bounds are at most 25 % apart.
final class LatencyHistogram {
    /// Of times below 2^10 ns, and all of 2^36 ns or more.
    static final int BUCKETS = 1 + 26 * 4 + 1;

    private static final int SHIFT_MIN = 10;
    private static final int SHIFT_MAX = 36;
    private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);

    // Behind the buckets, so that one record touches few lines of the cache.
    private static final int SUM = BUCKETS;
    private static final int MAX = BUCKETS + 1;
    private static final int BYTES = BUCKETS + 2;

    private final long[] counts = new long[BUCKETS + 3];

    /// So many `requests` more, which took `nanos` each and were answered with `bytes` in all.
    void record(int requests, long nanos, long bytes) {
        add(bucketOf(nanos), requests);
        add(SUM, requests * nanos);
        add(BYTES, bytes);
        if (nanos > counts[MAX]) COUNTS.setOpaque(counts, MAX, nanos);
    }

    private void add(int index, long amount) {
        COUNTS.setOpaque(counts, index, counts[index] + amount);
    }

    /// Requests in all buckets.
    long count() {
        long sum = 0;
        for (int i = 0; i < BUCKETS; i++) sum += count(i);
        return sum;
    }

    long count(int bucket) {
        return (long) COUNTS.getOpaque(counts, bucket);
    }

    long nanos() {
        return (long) COUNTS.getOpaque(counts, SUM);
    }

    long nanosMax() {
        return (long) COUNTS.getOpaque(counts, MAX);
    }

    long bytes() {
        return (long) COUNTS.getOpaque(counts, BYTES);
    }

    static int bucketOf(long nanos) {
        int shift = 63 - Long.numberOfLeadingZeros(nanos | 1);
        if (shift < SHIFT_MIN) return 0;
        if (shift >= SHIFT_MAX) return BUCKETS - 1;
        int quarter = (int) (nanos >>> (shift - 2)) & 3;
        return 1 + (shift - SHIFT_MIN) * 4 + quarter;
    }

    /// The first time that is not in `bucket` any more; the last one has none.
    static long endNanos(int bucket) {
        if (bucket == BUCKETS - 1) return Long.MAX_VALUE;
        int shift = SHIFT_MIN + bucket / 4;
        return (4L + bucket % 4) << (shift - 2);
    }
}
