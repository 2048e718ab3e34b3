package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;
import dev.torc.uring.constants.Linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/// System calls through the C library's `syscall(2)`: one downcall shape for all of them.
///
/// An instance owns the memory that errno is captured in and so belongs to one thread.
public final class Syscalls implements Kernel {
    private static final boolean AARCH64 =
            System.getProperty("os.arch").toLowerCase(Locale.ROOT).equals("aarch64");

    // asm/unistd_64.h (x86-64) and asm-generic/unistd.h (AArch64).
    public static final int NR_READ = AARCH64 ? 63 : 0;
    public static final int NR_WRITE = AARCH64 ? 64 : 1;
    public static final int NR_CLOSE = AARCH64 ? 57 : 3;
    public static final int NR_MMAP = AARCH64 ? 222 : 9;
    public static final int NR_MUNMAP = AARCH64 ? 215 : 11;
    public static final int NR_MADVISE = AARCH64 ? 233 : 28;
    public static final int NR_SOCKET = AARCH64 ? 198 : 41;
    public static final int NR_BIND = AARCH64 ? 200 : 49;
    public static final int NR_LISTEN = AARCH64 ? 201 : 50;
    public static final int NR_GETSOCKNAME = AARCH64 ? 204 : 51;
    public static final int NR_GETPEERNAME = AARCH64 ? 205 : 52;
    public static final int NR_SOCKETPAIR = AARCH64 ? 199 : 53;
    public static final int NR_SETSOCKOPT = AARCH64 ? 208 : 54;
    public static final int NR_SENDTO = AARCH64 ? 206 : 44;
    public static final int NR_SENDFILE = AARCH64 ? 71 : 40;
    public static final int NR_SPLICE = AARCH64 ? 76 : 275;
    public static final int NR_PREADV2 = AARCH64 ? 286 : 327;
    public static final int NR_PIPE2 = AARCH64 ? 59 : 293;
    public static final int NR_OPENAT = AARCH64 ? 56 : 257;
    public static final int NR_STATX = AARCH64 ? 291 : 332;
    public static final int NR_FCNTL = AARCH64 ? 25 : 72;
    public static final int NR_RT_SIGPROCMASK = AARCH64 ? 135 : 14;
    public static final int NR_SCHED_SETAFFINITY = AARCH64 ? 122 : 203;
    public static final int NR_SCHED_GETAFFINITY = AARCH64 ? 123 : 204;
    public static final int NR_EVENTFD2 = AARCH64 ? 19 : 290;
    public static final int NR_PRLIMIT64 = AARCH64 ? 261 : 302;
    public static final int NR_IO_URING_SETUP = 425;
    public static final int NR_IO_URING_ENTER = 426;
    public static final int NR_IO_URING_REGISTER = 427;

    private static final MethodHandle SYSCALL = link();

    /// Where errno is in what is captured. Not a handle to read it by: to make one takes a start
    /// longer than anything else here but the call itself.
    private static final long ERRNO =
            Linker.Option.captureStateLayout().byteOffset(PathElement.groupElement("errno"));

    private static final MemorySegment EMPTY_PATH = Arena.global().allocate(1);

    private final MemorySegment captured;

    /// Captures errno in memory of `arena`.
    public Syscalls(Arena arena) {
        captured = arena.allocate(Linker.Option.captureStateLayout());
    }

    @Override
    public int setup(int entries, long params) {
        return (int) call(NR_IO_URING_SETUP, entries, params, 0, 0, 0, 0);
    }

    @Override
    public int enter(int fd, int submit, int complete, int flags, long argument, int bytes) {
        return (int) call(NR_IO_URING_ENTER, fd, submit, complete, flags, argument, bytes);
    }

    @Override
    public int register(int fd, int opcode, long argument, int count) {
        return (int) call(NR_IO_URING_REGISTER, fd, opcode, argument, count, 0, 0);
    }

    @Override
    public long mmap(long bytes, int flags, int fd, long offset) {
        int protection = Linux.PROT_READ | Linux.PROT_WRITE;
        return call(NR_MMAP, 0, bytes, protection, flags, fd, offset);
    }

    @Override
    public int munmap(long address, long bytes) {
        return (int) call(NR_MUNMAP, address, bytes, 0, 0, 0, 0);
    }

    @Override
    public int madvise(long address, long bytes, int advice) {
        return (int) call(NR_MADVISE, address, bytes, advice, 0, 0, 0);
    }

    @Override
    public int socket(int family, int type) {
        return (int) call(NR_SOCKET, family, type, 0, 0, 0, 0);
    }

    @Override
    public int socketpair(int family, int type, long pair) {
        return (int) call(NR_SOCKETPAIR, family, type, 0, pair, 0, 0);
    }

    @Override
    public int setsockopt(int fd, int level, int option, long value, int bytes) {
        return (int) call(NR_SETSOCKOPT, fd, level, option, value, bytes, 0);
    }

    @Override
    public int bind(int fd, long address, int bytes) {
        return (int) call(NR_BIND, fd, address, bytes, 0, 0, 0);
    }

    @Override
    public int listen(int fd, int backlog) {
        return (int) call(NR_LISTEN, fd, backlog, 0, 0, 0, 0);
    }

    @Override
    public int getsockname(int fd, long address, long bytes) {
        return (int) call(NR_GETSOCKNAME, fd, address, bytes, 0, 0, 0);
    }

    @Override
    public int getpeername(int fd, long address, long bytes) {
        return (int) call(NR_GETPEERNAME, fd, address, bytes, 0, 0, 0);
    }

    @Override
    public int eventfd(int initial, int flags) {
        return (int) call(NR_EVENTFD2, initial, flags, 0, 0, 0, 0);
    }

    @Override
    public long read(int fd, long address, long bytes) {
        return call(NR_READ, fd, address, bytes, 0, 0, 0);
    }

    @Override
    public long write(int fd, long address, long bytes) {
        return call(NR_WRITE, fd, address, bytes, 0, 0, 0);
    }

    @Override
    public int close(int fd) {
        return (int) call(NR_CLOSE, fd, 0, 0, 0, 0, 0);
    }

    @Override
    public int openat(int dirFd, long path, int flags) {
        return (int) call(NR_OPENAT, dirFd, path, flags, 0, 0, 0);
    }

    @Override
    public int statx(int fd, int mask, long result) {
        int flags = Linux.AT_EMPTY_PATH | Linux.AT_STATX_DONT_SYNC;
        return (int) call(NR_STATX, fd, EMPTY_PATH.address(), flags, mask, result, 0);
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        return (int) call(NR_FCNTL, fd, command, argument, 0, 0, 0);
    }

    /// The kernel takes the position in two words, of which 64-bit ones need only the first.
    @Override
    public long preadv2(int fd, long vectors, int count, long position, int flags) {
        return call(NR_PREADV2, fd, vectors, count, position, 0, flags);
    }

    @Override
    public long send(int fd, long address, long bytes, int flags) {
        return call(NR_SENDTO, fd, address, bytes, flags, 0, 0);
    }

    @Override
    public long sendfile(int out, int in, long position, long bytes) {
        return call(NR_SENDFILE, out, in, position, bytes, 0, 0);
    }

    @Override
    public long splice(int in, long position, int out, long bytes, int flags) {
        return call(NR_SPLICE, in, position, out, 0, bytes, flags);
    }

    @Override
    public int pipe(long pair, int flags) {
        return (int) call(NR_PIPE2, pair, flags, 0, 0, 0, 0);
    }

    @Override
    public int blockSignals(long mask) {
        return (int) call(NR_RT_SIGPROCMASK, Linux.SIG_BLOCK, mask, 0, Long.BYTES, 0, 0);
    }

    @Override
    public int getrlimit(int resource, long limit) {
        return (int) call(NR_PRLIMIT64, 0, resource, 0, limit, 0, 0);
    }

    @Override
    public int schedGetaffinity(long mask, int bytes) {
        return (int) call(NR_SCHED_GETAFFINITY, 0, bytes, mask, 0, 0, 0);
    }

    @Override
    public int schedSetaffinity(long mask, int bytes) {
        return (int) call(NR_SCHED_SETAFFINITY, 0, bytes, mask, 0, 0, 0);
    }

    private long call(long number, long a, long b, long c, long d, long e, long f) {
        try {
            long result = (long) SYSCALL.invokeExact(captured, number, a, b, c, d, e, f);
            return result == -1 ? -Memory.getInt(captured.address() + ERRNO) : result;
        } catch (Throwable impossible) {
            throw new AssertionError("syscall(2) throws nothing", impossible);
        }
    }

    private static MethodHandle link() {
        Linker linker = Linker.nativeLinker();
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                Linker.Option.firstVariadicArg(1),
                Linker.Option.captureCallState("errno"));
    }
}
