package dev.torc.uring.abi;

import dev.torc.uring.constants.Errno;

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

    /// Opens what the NUL-terminated path at `path` names, below `dirFd` if it is relative.
    int openat(int dirFd, long path, int flags);

    /// What `fd` is, into the [StatxBuf] at `result`; from memory, without asking a server on the
    /// network. Since 4.11.
    int statx(int fd, int mask, long result);

    int fcntl(int fd, int command, int argument);

    // ---- moving a file's bytes; a kernel that does not says -ENOSYS

    /// Reads into the `count` [IoVec]s at `vectors` from `position` on, as the `RWF_` flags say.
    default long preadv2(int fd, long vectors, int count, long position, int flags) {
        return -Errno.ENOSYS;
    }

    default long send(int fd, long address, long bytes, int flags) {
        return -Errno.ENOSYS;
    }

    /// From the position in the long at `position`, which moves on.
    default long sendfile(int out, int in, long position, long bytes) {
        return -Errno.ENOSYS;
    }

    /// From the position in the long at `position`, which moves on; 0 for a pipe.
    default long splice(int in, long position, int out, long bytes, int flags) {
        return -Errno.ENOSYS;
    }

    /// Two ends of a pipe, to two ints at `pair`: first the one to read from.
    default int pipe(long pair, int flags) {
        return -Errno.ENOSYS;
    }

    /// Blocks the signals of the mask of 64 bits at `mask` for the calling thread.
    default int blockSignals(long mask) {
        return -Errno.ENOSYS;
    }

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
