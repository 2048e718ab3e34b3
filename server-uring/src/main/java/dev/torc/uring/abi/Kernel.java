package dev.torc.uring.abi;

import java.lang.foreign.Arena;

/// The system calls that Torc makes, as a seam: [Syscalls] makes them for real, the test kit's
/// simulated kernel answers them from memory.
///
/// Each returns the kernel's result, or `-errno`. An instance belongs to one thread.
public interface Kernel {
    /// Opens a way into the kernel for one thread, with memory of `arena`.
    interface Source {
        Kernel open(Arena arena);
    }

    int setup(int entries, long params);

    int enter(int fd, int submit, int complete, int flags, long argument, int bytes);

    int register(int fd, int opcode, long argument, int count);

    /// Returns the address, or `-errno`.
    long mmap(long bytes, int flags, int fd, long offset);

    int munmap(long address, long bytes);

    int madvise(long address, long bytes, int advice);

    int socket(int family, int type);

    /// Two connected sockets, their descriptors written to two ints at `pair`.
    int socketpair(int family, int type, long pair);

    int setsockopt(int fd, int level, int option, long value, int bytes);

    int bind(int fd, long address, int bytes);

    int listen(int fd, int backlog);

    /// Writes the socket's own address to `address`; the int at `bytes` says how much fits.
    int getsockname(int fd, long address, long bytes);

    /// Like [#getsockname], with the address of the peer.
    int getpeername(int fd, long address, long bytes);

    int eventfd(int initial, int flags);

    long read(int fd, long address, long bytes);

    long write(int fd, long address, long bytes);

    int close(int fd);

    /// Reads this process's limit into two longs at `limit`: soft, hard.
    int getrlimit(int resource, long limit);

    /// Bytes written to the calling thread's mask at `mask`.
    int schedGetaffinity(long mask, int bytes);

    int schedSetaffinity(long mask, int bytes);

    /// The kernel's release: `6.18.44-generic`.
    default String release() {
        return System.getProperty("os.version", "");
    }
}
