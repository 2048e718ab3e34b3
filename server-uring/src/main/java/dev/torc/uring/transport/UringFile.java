package dev.torc.uring.transport;

import dev.torc.core.memory.Memory;
import dev.torc.core.spi.OpenFile;
import dev.torc.uring.abi.StatxBuf;

/// A file that a shard has open: a regular descriptor, since `sendfile(2)`, `splice(2)` and
/// `preadv2(2)` take no other, and since direct ones would take slots from connections.
final class UringFile extends OpenFile {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final UringFilesystem owner;
    private final int fd;
    private long warmFrom = -1;
    private long warmTo;
    private long warmNanos;

    /// What the `struct statx` at `statx` says of `fd`.
    UringFile(UringFilesystem owner, int fd, long statx) {
        long major = Integer.toUnsignedLong(Memory.getInt(statx + StatxBuf.DEV_MAJOR));
        long minor = Integer.toUnsignedLong(Memory.getInt(statx + StatxBuf.DEV_MINOR));
        super(
                Memory.getLong(statx + StatxBuf.SIZE),
                nanos(statx + StatxBuf.MTIME),
                nanos(statx + StatxBuf.CTIME),
                Memory.getLong(statx + StatxBuf.INO),
                major << Integer.SIZE | minor);
        this.owner = owner;
        this.fd = fd;
    }

    /// Whether the `struct statx` at `statx` says the same of it.
    boolean isAs(long statx) {
        return size() == Memory.getLong(statx + StatxBuf.SIZE)
                && modifiedNanos() == nanos(statx + StatxBuf.MTIME)
                && changedNanos() == nanos(statx + StatxBuf.CTIME);
    }

    private static long nanos(long timestamp) {
        long seconds = Memory.getLong(timestamp + StatxBuf.TV_SEC);
        return seconds * NANOS_PER_SECOND + Memory.getInt(timestamp + StatxBuf.TV_NSEC);
    }

    int fd() {
        return fd;
    }

    /// The bytes from `from` to `to` have been found in the page cache at `nowNanos`.
    void warm(long from, long to, long nowNanos) {
        warmFrom = from;
        warmTo = to;
        warmNanos = nowNanos;
    }

    /// Whether just these bytes have, within so many nanoseconds before.
    boolean wasWarm(long from, long to, long nowNanos, long withinNanos) {
        return from == warmFrom && to == warmTo && nowNanos - warmNanos <= withinNanos;
    }

    boolean belongsTo(UringFilesystem filesystem) {
        return owner == filesystem;
    }

    @Override
    protected void close() {
        owner.close(this);
    }
}
