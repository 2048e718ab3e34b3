package dev.torc.uring;

import dev.torc.uring.abi.StatxBuf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;

/// What is known of a file: `struct statx`, as [Sqe#prepareStatx] has it filled in.
///
/// An operation that succeeds overwrites all of it, so one object serves any number of files, one
/// after the other. [#mask()] says which values the file system gave; the others are 0 or made up.
/// Before the first operation all are 0.
///
/// An operation holds it from `prepare` until its last completion has been drained: until then
/// every accessor throws `IllegalStateException`, and [#close()] frees nothing. The accessors throw
/// that after a close, too. Reading allocates nothing but the [Instant]s. One thread at a time.
public final class Statx extends Lendable implements AutoCloseable {
    private final IoMemory memory = IoMemory.allocate(StatxBuf.BYTES);

    /// Allocates its 256 bytes.
    public Statx() {}

    /// The `STATX_` bits of what is filled in; may have more or fewer than were asked for.
    public int mask() {
        return int32(StatxBuf.MASK);
    }

    /// The file's size in bytes; of a symbolic link, that of its text (`STATX_SIZE`).
    public long size() {
        return int64(StatxBuf.SIZE);
    }

    /// Its type and permissions: 16 bits, as in `stat(2)` (`STATX_TYPE`, `STATX_MODE`).
    public int mode() {
        return Short.toUnsignedInt(view().get(ValueLayout.JAVA_SHORT, StatxBuf.MODE));
    }

    /// The inode's number, which is unique within its device (`STATX_INO`).
    public long inode() {
        return int64(StatxBuf.INO);
    }

    /// Hard links (`STATX_NLINK`).
    public long links() {
        return Integer.toUnsignedLong(int32(StatxBuf.NLINK));
    }

    /// Its owner; an unsigned number (`STATX_UID`).
    public int uid() {
        return int32(StatxBuf.UID);
    }

    /// Its group; an unsigned number (`STATX_GID`).
    public int gid() {
        return int32(StatxBuf.GID);
    }

    /// Blocks of 512 bytes that it takes (`STATX_BLOCKS`).
    public long blocks() {
        return int64(StatxBuf.BLOCKS);
    }

    /// The bytes that are best read or written at a time. Always filled in.
    public int blockBytes() {
        return int32(StatxBuf.BLKSIZE);
    }

    /// `STATX_ATTR_` bits that are set on it, of those in [#attributesMask()].
    public long attributes() {
        return int64(StatxBuf.ATTRIBUTES);
    }

    /// `STATX_ATTR_` bits that the file system can set.
    public long attributesMask() {
        return int64(StatxBuf.ATTRIBUTES_MASK);
    }

    /// The device that the file is on. Always filled in.
    public int deviceMajor() {
        return int32(StatxBuf.DEV_MAJOR);
    }

    /// The rest of [#deviceMajor()].
    public int deviceMinor() {
        return int32(StatxBuf.DEV_MINOR);
    }

    /// The device that the file is, if it is one. Always filled in.
    public int specialDeviceMajor() {
        return int32(StatxBuf.RDEV_MAJOR);
    }

    /// The rest of [#specialDeviceMajor()].
    public int specialDeviceMinor() {
        return int32(StatxBuf.RDEV_MINOR);
    }

    /// The mount that it was found under (`STATX_MNT_ID`). Since 5.8.
    public long mountId() {
        return int64(StatxBuf.MNT_ID);
    }

    /// What addresses of memory must be multiples of for `O_DIRECT`; 0 when the file cannot be
    /// opened so (`STATX_DIOALIGN`). Since 6.1.
    public int directMemoryAlignment() {
        return int32(StatxBuf.DIO_MEM_ALIGN);
    }

    /// What positions and lengths must be multiples of for `O_DIRECT`; 0 when the file cannot be
    /// opened so (`STATX_DIOALIGN`). Since 6.1.
    public int directOffsetAlignment() {
        return int32(StatxBuf.DIO_OFFSET_ALIGN);
    }

    /// When it was last read (`STATX_ATIME`).
    public Instant atime() {
        return instant(StatxBuf.ATIME);
    }

    /// [#atime()], in seconds since 1970, without [#atimeNanos()].
    public long atimeSeconds() {
        return seconds(StatxBuf.ATIME);
    }

    /// The nanoseconds of [#atime()], less than a second.
    public int atimeNanos() {
        return nanos(StatxBuf.ATIME);
    }

    /// When it was made (`STATX_BTIME`).
    public Instant btime() {
        return instant(StatxBuf.BTIME);
    }

    /// [#btime()], in seconds since 1970, without [#btimeNanos()].
    public long btimeSeconds() {
        return seconds(StatxBuf.BTIME);
    }

    /// The nanoseconds of [#btime()], less than a second.
    public int btimeNanos() {
        return nanos(StatxBuf.BTIME);
    }

    /// When its inode was last changed (`STATX_CTIME`).
    public Instant ctime() {
        return instant(StatxBuf.CTIME);
    }

    /// [#ctime()], in seconds since 1970, without [#ctimeNanos()].
    public long ctimeSeconds() {
        return seconds(StatxBuf.CTIME);
    }

    /// The nanoseconds of [#ctime()], less than a second.
    public int ctimeNanos() {
        return nanos(StatxBuf.CTIME);
    }

    /// When its content was last changed (`STATX_MTIME`).
    public Instant mtime() {
        return instant(StatxBuf.MTIME);
    }

    /// [#mtime()], in seconds since 1970, without [#mtimeNanos()].
    public long mtimeSeconds() {
        return seconds(StatxBuf.MTIME);
    }

    /// The nanoseconds of [#mtime()], less than a second.
    public int mtimeNanos() {
        return nanos(StatxBuf.MTIME);
    }

    /// Whether an operation holds it.
    public boolean isLent() {
        return memory.isLent();
    }

    /// Gives its memory up: it is freed now, or when the last operation that holds it has ended.
    @Override
    public void close() {
        memory.close();
    }

    long address() {
        return memory.address(0, StatxBuf.BYTES);
    }

    @Override
    void lend() {
        memory.lend();
    }

    @Override
    void giveBack() {
        memory.giveBack();
    }

    private Instant instant(int time) {
        return Instant.ofEpochSecond(seconds(time), nanos(time));
    }

    private long seconds(int time) {
        return int64(time + StatxBuf.TV_SEC);
    }

    private int nanos(int time) {
        return int32(time + StatxBuf.TV_NSEC);
    }

    private int int32(int offset) {
        return view().get(ValueLayout.JAVA_INT, offset);
    }

    private long int64(int offset) {
        return view().get(ValueLayout.JAVA_LONG, offset);
    }

    private MemorySegment view() {
        if (memory.isLent()) {
            throw new IllegalStateException(
                    "an operation holds this Statx: it may be half written");
        }
        return memory.segment();
    }
}
