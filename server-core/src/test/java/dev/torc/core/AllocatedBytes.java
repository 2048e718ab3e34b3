package dev.torc.core;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;

/// Bytes that the calling thread allocates.
final class AllocatedBytes {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocatedBytes() {}

    /// The least that a few rounds of `work` allocate: the first ones also pay for what the JVM
    /// sets up once; what the work itself allocates, every round does.
    static long of(Runnable work) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 6 && least > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            work.run();
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
