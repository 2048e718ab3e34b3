package dev.torc.uring;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/// System calls that tests make beside the ring, to set the scene and to look at what came of it.
/// Each returns the kernel's result, or `-errno`. Any thread.
final class Libc {
    private static final boolean AARCH64 = System.getProperty("os.arch", "").equals("aarch64");
    private static final int NR_READ = AARCH64 ? 63 : 0;
    private static final int NR_WRITE = AARCH64 ? 64 : 1;
    private static final int NR_CLOSE = AARCH64 ? 57 : 3;
    private static final int NR_FCNTL = AARCH64 ? 25 : 72;
    private static final int NR_OPENAT = AARCH64 ? 56 : 257;
    private static final int NR_PIPE2 = AARCH64 ? 59 : 293;
    private static final int NR_SOCKETPAIR = AARCH64 ? 199 : 53;
    private static final int NR_SETXATTR = AARCH64 ? 5 : 188;
    private static final int AT_FDCWD = -100;

    private static final MethodHandle SYSCALL;
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout()
                    .varHandle(MemoryLayout.PathElement.groupElement("errno"));

    static {
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        SYSCALL =
                Linker.nativeLinker()
                        .downcallHandle(
                                Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                                FunctionDescriptor.of(
                                        word, word, word, word, word, word, word, word),
                                Linker.Option.firstVariadicArg(1),
                                Linker.Option.captureCallState("errno"));
    }

    private Libc() {}

    /// Any system call; missing arguments are 0.
    static long call(long number, long... arguments) {
        long[] all = new long[6];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(Linker.Option.captureStateLayout());
            long result =
                    (long)
                            SYSCALL.invokeExact(
                                    captured, number, all[0], all[1], all[2], all[3], all[4],
                                    all[5]);
            return result == -1 ? -(int) ERRNO.get(captured, 0L) : result;
        } catch (Throwable impossible) {
            throw new AssertionError("syscall(2) throws nothing", impossible);
        }
    }

    static int open(Path path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(path.toString()).address();
            return (int) call(NR_OPENAT, AT_FDCWD, name, flags, mode);
        }
    }

    static int close(int fd) {
        return (int) call(NR_CLOSE, fd);
    }

    /// The read end and the write end.
    static int[] pipe(int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(8, 4);
            RingException.check("pipe2", call(NR_PIPE2, pair.address(), flags));
            return pair.toArray(ValueLayout.JAVA_INT);
        }
    }

    static int[] socketPair(int family, int type) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(8, 4);
            RingException.check("socketpair", call(NR_SOCKETPAIR, family, type, 0, pair.address()));
            return pair.toArray(ValueLayout.JAVA_INT);
        }
    }

    static int fcntl(int fd, int command, long argument) {
        return (int) call(NR_FCNTL, fd, command, argument);
    }

    static int write(int fd, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            return (int) call(NR_WRITE, fd, copy.address(), bytes.length);
        }
    }

    /// Sets the attribute to all of `value`.
    static int setxattr(IoMemory path, IoMemory name, IoMemory value) {
        long data = value.address(0, value.bytes());
        return (int) call(NR_SETXATTR, path.textAddress(), name.textAddress(), data, value.bytes());
    }

    /// What one `read(2)` of up to `max` bytes gives.
    static byte[] read(int fd, int max) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(max);
            int count = RingException.check("read", call(NR_READ, fd, copy.address(), max));
            return copy.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
