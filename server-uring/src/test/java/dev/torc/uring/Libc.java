package dev.torc.uring;

import dev.torc.uring.constants.Linux;

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
    private static final int NR_PPOLL = AARCH64 ? 73 : 271;
    private static final int NR_SOCKETPAIR = AARCH64 ? 199 : 53;
    private static final int NR_SETXATTR = AARCH64 ? 5 : 188;
    private static final int AT_FDCWD = -100;
    private static final int F_GETFL = 3;
    private static final short POLLIN = 1;
    private static final long READ_SECONDS = 10;

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

    /// Waits until `fd` can be read, unless that does not wait anyway: nothing else would end a
    /// system call, not even the limit of the test.
    static void awaitReadable(int fd) {
        int status = fcntl(fd, F_GETFL, 0);
        if (status < 0 || (status & Linux.O_NONBLOCK) != 0) return;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment poll = arena.allocate(8, 4);
            poll.set(ValueLayout.JAVA_INT, 0, fd);
            poll.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            MemorySegment time = arena.allocate(16, 8);
            time.set(ValueLayout.JAVA_LONG, 0, READ_SECONDS);
            long ready = call(NR_PPOLL, poll.address(), 1, time.address(), 0);
            if (ready == 0) throw new AssertionError("there is nothing to read: fd=" + fd);
        }
    }

    /// What one `read(2)` of up to `max` bytes gives.
    static byte[] read(int fd, int max) {
        awaitReadable(fd);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(max);
            int count = RingException.check("read", call(NR_READ, fd, copy.address(), max));
            return copy.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
