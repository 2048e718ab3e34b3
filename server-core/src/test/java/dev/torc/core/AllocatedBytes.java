package dev.torc.core;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// Bytes that the calling thread allocates. By reflection, because the module under test does not
/// require `java.management`.
final class AllocatedBytes {
    private static final MethodHandle READ = find();

    private AllocatedBytes() {}

    /// The least that a few rounds of `work` allocate: the first ones also pay for what the JVM
    /// sets up once; what the work itself allocates, every round does.
    static long of(Runnable work) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 6 && least > 0; round++) {
            long before = now();
            work.run();
            least = Math.min(least, now() - before);
        }
        return least;
    }

    private static long now() {
        try {
            return (long) READ.invokeExact();
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static MethodHandle find() {
        try {
            Object bean =
                    Class.forName("java.lang.management.ManagementFactory")
                            .getMethod("getThreadMXBean")
                            .invoke(null);
            Class<?> type = Class.forName("com.sun.management.ThreadMXBean");
            return MethodHandles.publicLookup()
                    .findVirtual(
                            type,
                            "getCurrentThreadAllocatedBytes",
                            MethodType.methodType(long.class))
                    .bindTo(bean);
        } catch (ReflectiveOperationException absent) {
            throw new LinkageError("no com.sun.management.ThreadMXBean", absent);
        }
    }
}
