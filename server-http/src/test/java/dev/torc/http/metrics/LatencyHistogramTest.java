package dev.torc.http.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.http.AllocatedBytes;

import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    @Test
    void everyTimeLiesWithinTheBoundsOfItsBucket() {
        for (int shift = 0; shift < 63; shift++) {
            for (long offset = -2; offset <= 2; offset++) {
                long nanos = Math.max(0, (1L << shift) + offset);
                int bucket = LatencyHistogram.bucketOf(nanos);
                assertTrue(nanos < LatencyHistogram.endNanos(bucket), () -> nanos + " ns");
                long start = bucket == 0 ? 0 : LatencyHistogram.endNanos(bucket - 1);
                assertTrue(nanos >= start, () -> nanos + " ns");
            }
        }
        assertEquals(0, LatencyHistogram.bucketOf(0));
        assertEquals(LatencyHistogram.BUCKETS - 1, LatencyHistogram.bucketOf(Long.MAX_VALUE));
    }

    @Test
    void boundsAreAtMostAQuarterApart() {
        for (int bucket = 1; bucket < LatencyHistogram.BUCKETS - 1; bucket++) {
            long start = LatencyHistogram.endNanos(bucket - 1);
            long end = LatencyHistogram.endNanos(bucket);
            assertTrue(end > start && end * 4 <= start * 5, bucket + ": " + start + " to " + end);
        }
    }

    @Test
    void addsUpWhatIsRecorded() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(1, 5_000, 10);
        histogram.record(1, 2_000_000, 20);
        histogram.record(1, 3_000, 0);
        assertEquals(2_008_000, histogram.nanos());
        assertEquals(2_000_000, histogram.nanosMax());
        assertEquals(30, histogram.bytes());
        assertEquals(1, histogram.count(LatencyHistogram.bucketOf(5_000)));
        long all = 0;
        for (int i = 0; i < LatencyHistogram.BUCKETS; i++) all += histogram.count(i);
        assertEquals(3, all);
    }

    @Test
    void allocatesNothing() {
        LatencyHistogram histogram = new LatencyHistogram();
        long bytes =
                AllocatedBytes.steady(
                        () -> {
                            for (int i = 0; i < 100_000; i++) histogram.record(1, i, i);
                        });
        assertEquals(0, bytes);
    }
}
