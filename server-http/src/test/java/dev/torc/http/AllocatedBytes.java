package dev.torc.http;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;

/// Measures what the calling thread allocates.
public final class AllocatedBytes {
    private static final int ROUNDS = 10;

    private AllocatedBytes() {}

    /// The fewest bytes that any of several runs of `body` allocated: 0 says that it needs none
    /// once it is compiled. A single run may be charged for linking on the way there.
    public static long steady(Runnable body) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long fewest = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            body.run();
            fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return fewest;
    }
}
