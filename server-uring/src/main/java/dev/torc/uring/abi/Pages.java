package dev.torc.uring.abi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/// The pages that this machine's memory is made of.
public final class Pages {
    private static final int SIZE = ask();

    private Pages() {}

    /// The size of a page in bytes, a power of two: `getpagesize(2)`.
    public static int bytes() {
        return SIZE;
    }

    private static int ask() {
        Linker linker = Linker.nativeLinker();
        try {
            return (int)
                    linker.downcallHandle(
                                    linker.defaultLookup().findOrThrow("getpagesize"),
                                    FunctionDescriptor.of(ValueLayout.JAVA_INT))
                            .invokeExact();
        } catch (Throwable impossible) {
            throw new AssertionError("getpagesize(2) throws nothing", impossible);
        }
    }
}
