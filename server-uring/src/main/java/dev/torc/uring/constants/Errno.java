package dev.torc.uring.constants;

import java.util.Map;

/// The kernel's error numbers, as far as operations on a ring have them; values of
/// `asm-generic/errno.h`.
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int E2BIG = 7;
    public static final int EBADF = 9;
    public static final int ECHILD = 10;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENOTTY = 25;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int ESPIPE = 29;
    public static final int EROFS = 30;
    public static final int EMLINK = 31;
    public static final int EPIPE = 32;
    public static final int ERANGE = 34;
    public static final int EDEADLK = 35;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOSYS = 38;
    public static final int ENOTEMPTY = 39;
    public static final int ELOOP = 40;
    public static final int ENODATA = 61;
    public static final int ETIME = 62;
    public static final int EPROTO = 71;
    public static final int EOVERFLOW = 75;
    public static final int EBADFD = 77;
    public static final int ENOTSOCK = 88;
    public static final int EDESTADDRREQ = 89;
    public static final int EMSGSIZE = 90;
    public static final int EPROTOTYPE = 91;
    public static final int ENOPROTOOPT = 92;
    public static final int EPROTONOSUPPORT = 93;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENETUNREACH = 101;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int EISCONN = 106;
    public static final int ENOTCONN = 107;
    public static final int ESHUTDOWN = 108;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTUNREACH = 113;
    public static final int EALREADY = 114;
    public static final int EINPROGRESS = 115;
    public static final int ESTALE = 116;
    public static final int EDQUOT = 122;
    public static final int ECANCELED = 125;

    private static final Map<Integer, String> MEANINGS =
            Map.ofEntries(
                    Map.entry(EPERM, "EPERM (not permitted)"),
                    Map.entry(ENOENT, "ENOENT (no such file or entry)"),
                    Map.entry(ESRCH, "ESRCH (no such process)"),
                    Map.entry(EINTR, "EINTR (interrupted)"),
                    Map.entry(EIO, "EIO (input/output error)"),
                    Map.entry(ENXIO, "ENXIO (no such device or address)"),
                    Map.entry(E2BIG, "E2BIG (argument too big)"),
                    Map.entry(EBADF, "EBADF (bad descriptor)"),
                    Map.entry(ECHILD, "ECHILD (no child)"),
                    Map.entry(EAGAIN, "EAGAIN (try again)"),
                    Map.entry(ENOMEM, "ENOMEM (out of memory)"),
                    Map.entry(EACCES, "EACCES (permission denied)"),
                    Map.entry(EFAULT, "EFAULT (bad address)"),
                    Map.entry(EBUSY, "EBUSY (busy)"),
                    Map.entry(EEXIST, "EEXIST (exists already)"),
                    Map.entry(EXDEV, "EXDEV (across file systems)"),
                    Map.entry(ENODEV, "ENODEV (no such device)"),
                    Map.entry(ENOTDIR, "ENOTDIR (not a directory)"),
                    Map.entry(EISDIR, "EISDIR (is a directory)"),
                    Map.entry(EINVAL, "EINVAL (invalid argument)"),
                    Map.entry(ENFILE, "ENFILE (file table full)"),
                    Map.entry(EMFILE, "EMFILE (too many open files)"),
                    Map.entry(ENOTTY, "ENOTTY (not for this kind of file)"),
                    Map.entry(EFBIG, "EFBIG (file too big)"),
                    Map.entry(ENOSPC, "ENOSPC (no space left)"),
                    Map.entry(ESPIPE, "ESPIPE (not seekable)"),
                    Map.entry(EROFS, "EROFS (read-only file system)"),
                    Map.entry(EMLINK, "EMLINK (too many links)"),
                    Map.entry(EPIPE, "EPIPE (broken pipe)"),
                    Map.entry(ERANGE, "ERANGE (out of range)"),
                    Map.entry(EDEADLK, "EDEADLK (would deadlock)"),
                    Map.entry(ENAMETOOLONG, "ENAMETOOLONG (name too long)"),
                    Map.entry(ENOSYS, "ENOSYS (no such system call)"),
                    Map.entry(ENOTEMPTY, "ENOTEMPTY (directory not empty)"),
                    Map.entry(ELOOP, "ELOOP (too many symbolic links)"),
                    Map.entry(ENODATA, "ENODATA (no data)"),
                    Map.entry(ETIME, "ETIME (timer expired)"),
                    Map.entry(EPROTO, "EPROTO (protocol error)"),
                    Map.entry(EOVERFLOW, "EOVERFLOW (value too big)"),
                    Map.entry(EBADFD, "EBADFD (descriptor in bad state)"),
                    Map.entry(ENOTSOCK, "ENOTSOCK (not a socket)"),
                    Map.entry(EDESTADDRREQ, "EDESTADDRREQ (address needed)"),
                    Map.entry(EMSGSIZE, "EMSGSIZE (message too long)"),
                    Map.entry(EPROTOTYPE, "EPROTOTYPE (wrong type of socket)"),
                    Map.entry(ENOPROTOOPT, "ENOPROTOOPT (no such option)"),
                    Map.entry(EPROTONOSUPPORT, "EPROTONOSUPPORT (protocol not supported)"),
                    Map.entry(EOPNOTSUPP, "EOPNOTSUPP (not supported)"),
                    Map.entry(EAFNOSUPPORT, "EAFNOSUPPORT (address family not supported)"),
                    Map.entry(EADDRINUSE, "EADDRINUSE (address in use)"),
                    Map.entry(EADDRNOTAVAIL, "EADDRNOTAVAIL (no such local address)"),
                    Map.entry(ENETDOWN, "ENETDOWN (network down)"),
                    Map.entry(ENETUNREACH, "ENETUNREACH (network unreachable)"),
                    Map.entry(ECONNABORTED, "ECONNABORTED (connection aborted)"),
                    Map.entry(ECONNRESET, "ECONNRESET (connection reset)"),
                    Map.entry(ENOBUFS, "ENOBUFS (no buffer)"),
                    Map.entry(EISCONN, "EISCONN (connected already)"),
                    Map.entry(ENOTCONN, "ENOTCONN (not connected)"),
                    Map.entry(ESHUTDOWN, "ESHUTDOWN (shut down)"),
                    Map.entry(ETIMEDOUT, "ETIMEDOUT (timed out)"),
                    Map.entry(ECONNREFUSED, "ECONNREFUSED (connection refused)"),
                    Map.entry(EHOSTUNREACH, "EHOSTUNREACH (host unreachable)"),
                    Map.entry(EALREADY, "EALREADY (in progress already)"),
                    Map.entry(EINPROGRESS, "EINPROGRESS (in progress)"),
                    Map.entry(ESTALE, "ESTALE (stale handle)"),
                    Map.entry(EDQUOT, "EDQUOT (quota used up)"),
                    Map.entry(ECANCELED, "ECANCELED (cancelled)"));

    private Errno() {}

    /// The name and meaning of a kernel result, which is negative or not: `EPERM (not permitted)`.
    public static String describe(int result) {
        int errno = Math.abs(result);
        return MEANINGS.getOrDefault(errno, "errno " + errno);
    }

    /// The name alone: `EPERM`; `errno 4711` where it has none here.
    public static String name(int result) {
        String described = describe(result);
        int meaning = described.indexOf(" (");
        return meaning < 0 ? described : described.substring(0, meaning);
    }
}
