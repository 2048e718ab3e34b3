package dev.torc.loadtest.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Open files and sockets for a test, as `ring.py` passes them to the benchmarks; all are closed at
/// its end.
@SuppressWarnings("restricted") // it calls the C library
final class Descriptors implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private static final MethodHandle OPEN =
            link("open", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT));
    private static final MethodHandle SOCKET_PAIR =
            link("socketpair", FunctionDescriptor.of(INT, INT, INT, INT, ValueLayout.ADDRESS));
    private static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(INT, INT));

    private final List<Integer> open = new ArrayList<>();

    private static MethodHandle link(String name, FunctionDescriptor shape) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape);
    }

    /// The file at `path`, to be read.
    int open(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            return keep((int) OPEN.invokeExact(arena.allocateFrom(path.toString()), 0));
        } catch (Throwable impossible) {
            throw new AssertionError("open(2) throws nothing", impossible);
        }
    }

    /// The ends of `count` socket pairs: 0 and 1, 2 and 3, ...
    int[] socketPairs(int count) {
        int[] sockets = new int[2 * count];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(INT, 2);
            for (int i = 0; i < sockets.length; i += 2) {
                int result = (int) SOCKET_PAIR.invokeExact(AF_UNIX, SOCK_STREAM, 0, pair);
                if (result != 0) throw new IllegalStateException("socketpair: " + result);
                sockets[i] = keep(pair.getAtIndex(INT, 0));
                sockets[i + 1] = keep(pair.getAtIndex(INT, 1));
            }
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError("socketpair(2) throws nothing", impossible);
        }
        return sockets;
    }

    private int keep(int fd) {
        if (fd < 0) throw new IllegalStateException("fd=" + fd);
        open.add(fd);
        return fd;
    }

    @Override
    public void close() {
        for (int fd : open) {
            try {
                int ignored = (int) CLOSE.invokeExact(fd);
            } catch (Throwable impossible) {
                throw new AssertionError("close(2) throws nothing", impossible);
            }
        }
    }
}
