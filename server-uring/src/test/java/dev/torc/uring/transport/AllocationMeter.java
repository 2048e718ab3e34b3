package dev.torc.uring.transport;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// Reads how much the calling thread has allocated. By reflection, because the module under test
/// does not require `java.management`.
final class AllocationMeter {
    private static final MethodHandle READ = find();

    volatile long last;

    /// Notes the calling thread's bytes; allocates nothing itself.
    void read() {
        try {
            last = (long) READ.invokeExact();
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
