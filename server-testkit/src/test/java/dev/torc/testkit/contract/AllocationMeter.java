package dev.torc.testkit.contract;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;

/// Reads how much the calling thread has allocated.
final class AllocationMeter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    volatile long last;

    /// Notes the calling thread's bytes; allocates nothing itself.
    void read() {
        last = THREADS.getCurrentThreadAllocatedBytes();
    }
}
