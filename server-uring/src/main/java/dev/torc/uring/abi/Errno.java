package dev.torc.uring.abi;

import java.util.Map;

/// The kernel's error numbers that Torc tells apart or names; values of `asm-generic/errno.h`.
public final class Errno {
    public static final int EPERM = 1;
    public static final int EINTR = 4;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int EPIPE = 32;
    public static final int ENOSYS = 38;
    public static final int ETIME = 62;
    public static final int EBADFD = 77;
    public static final int EOPNOTSUPP = 95;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ENOTCONN = 107;
    public static final int ETIMEDOUT = 110;
    public static final int ECANCELED = 125;

    private static final Map<Integer, String> NAMES =
            Map.ofEntries(
                    Map.entry(EPERM, "EPERM (not permitted)"),
                    Map.entry(EINTR, "EINTR (interrupted)"),
                    Map.entry(EBADF, "EBADF (bad descriptor)"),
                    Map.entry(EAGAIN, "EAGAIN (try again)"),
                    Map.entry(ENOMEM, "ENOMEM (out of memory)"),
                    Map.entry(EACCES, "EACCES (permission denied)"),
                    Map.entry(EBUSY, "EBUSY (busy)"),
                    Map.entry(EINVAL, "EINVAL (invalid argument)"),
                    Map.entry(ENFILE, "ENFILE (file table full)"),
                    Map.entry(EMFILE, "EMFILE (too many open files)"),
                    Map.entry(EPIPE, "EPIPE (broken pipe)"),
                    Map.entry(ENOSYS, "ENOSYS (no such system call)"),
                    Map.entry(ETIME, "ETIME (timer expired)"),
                    Map.entry(EBADFD, "EBADFD (descriptor in bad state)"),
                    Map.entry(EOPNOTSUPP, "EOPNOTSUPP (not supported)"),
                    Map.entry(EADDRINUSE, "EADDRINUSE (address in use)"),
                    Map.entry(EADDRNOTAVAIL, "EADDRNOTAVAIL (no such local address)"),
                    Map.entry(ECONNABORTED, "ECONNABORTED (connection aborted)"),
                    Map.entry(ECONNRESET, "ECONNRESET (connection reset)"),
                    Map.entry(ENOBUFS, "ENOBUFS (no buffer)"),
                    Map.entry(ENOTCONN, "ENOTCONN (not connected)"),
                    Map.entry(ETIMEDOUT, "ETIMEDOUT (timed out)"),
                    Map.entry(ECANCELED, "ECANCELED (cancelled)"));

    private Errno() {}

    /// The name and meaning of a kernel result, which is negative or not: `EPERM (not permitted)`.
    public static String describe(int result) {
        int errno = Math.abs(result);
        return NAMES.getOrDefault(errno, "errno " + errno);
    }
}
