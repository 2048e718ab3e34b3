package dev.torc.loadtest.ring;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;

/// Runs a benchmark for a time, and says what that took. `bench.h` has the same in C.
///
/// @param operations done
/// @param nanos that passed
/// @param cpuNanos that the thread used, in the kernel as well
/// @param allocatedBytes on the heap, by the thread
record Meter(long operations, long nanos, long cpuNanos, long allocatedBytes) {
    private static final int TURNS = 64; // between two looks at the clock

    /// Runs `bench` for `warmUpNanos`, and then measures it for `nanos`.
    static Meter measure(Bench bench, long warmUpNanos, long nanos) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Thread thread = Thread.currentThread();
        // Twice, so that what measures is warm, too.
        measure(bench, warmUpNanos / 2, threads, thread.threadId());
        measure(bench, warmUpNanos / 2, threads, thread.threadId());
        return measure(bench, nanos, threads, thread.threadId());
    }

    private static Meter measure(Bench bench, long nanos, ThreadMXBean threads, long thread) {
        long allocated = threads.getThreadAllocatedBytes(thread);
        long cpu = threads.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        long operations = 0;
        long passed = 0;
        while (passed < nanos) {
            operations += bench.run(TURNS);
            passed = System.nanoTime() - start;
        }
        cpu = threads.getCurrentThreadCpuTime() - cpu;
        allocated = threads.getThreadAllocatedBytes(thread) - allocated;
        return new Meter(operations, passed, cpu, allocated);
    }
}
