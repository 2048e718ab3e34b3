package dev.torc.core.spi;

/// How a file gets to a socket. All of them send the same bytes; they differ in what that costs.
/// Where one is not to be had, another takes its place: see `docs/files.md`.
public enum FileStrategy {
    /// Read into memory, sent from there, two parts of 64 KiB at a time. On `uring` reading never
    /// takes the shard's time to wait for the disk; on `nio` it is done by another thread.
    COPY,
    /// `sendfile(2)`, by the shard's thread, in parts.
    SENDFILE,
    /// `IORING_OP_SPLICE` through a pipe, by the kernel's worker threads.
    SPLICE,
    /// `splice(2)` through a pipe, by the shard's thread, in parts.
    SPLICE_LOOP;

    /// From so many bytes on zero-copy costs less than copying (measured, see `docs/files.md`).
    public static final long ZERO_COPY_BYTES_MIN = 16 * 1024;

    /// What costs least for `bytes` bytes that are in the page cache.
    public static FileStrategy recommended(long bytes) {
        return bytes < ZERO_COPY_BYTES_MIN ? COPY : SENDFILE;
    }
}
