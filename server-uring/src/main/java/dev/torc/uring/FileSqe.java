package dev.torc.uring;

import static dev.torc.uring.Arguments.requireBufferIndex;
import static dev.torc.uring.Arguments.requireNotNegative;
import static dev.torc.uring.Arguments.requireRange;
import static dev.torc.uring.constants.IoUring.IORING_FILE_INDEX_ALLOC;
import static dev.torc.uring.constants.IoUring.IORING_OP_CLOSE;
import static dev.torc.uring.constants.IoUring.IORING_OP_FADVISE;
import static dev.torc.uring.constants.IoUring.IORING_OP_FALLOCATE;
import static dev.torc.uring.constants.IoUring.IORING_OP_FSYNC;
import static dev.torc.uring.constants.IoUring.IORING_OP_FTRUNCATE;
import static dev.torc.uring.constants.IoUring.IORING_OP_MADVISE;
import static dev.torc.uring.constants.IoUring.IORING_OP_PIPE;
import static dev.torc.uring.constants.IoUring.IORING_OP_READ;
import static dev.torc.uring.constants.IoUring.IORING_OP_READV;
import static dev.torc.uring.constants.IoUring.IORING_OP_READV_FIXED;
import static dev.torc.uring.constants.IoUring.IORING_OP_READ_FIXED;
import static dev.torc.uring.constants.IoUring.IORING_OP_READ_MULTISHOT;
import static dev.torc.uring.constants.IoUring.IORING_OP_SPLICE;
import static dev.torc.uring.constants.IoUring.IORING_OP_SYNC_FILE_RANGE;
import static dev.torc.uring.constants.IoUring.IORING_OP_TEE;
import static dev.torc.uring.constants.IoUring.IORING_OP_WRITE;
import static dev.torc.uring.constants.IoUring.IORING_OP_WRITEV;
import static dev.torc.uring.constants.IoUring.IORING_OP_WRITEV_FIXED;
import static dev.torc.uring.constants.IoUring.IORING_OP_WRITE_FIXED;
import static dev.torc.uring.constants.Linux.IOPRIO_CLASS_IDLE;
import static dev.torc.uring.constants.Linux.IOPRIO_CLASS_RT;
import static dev.torc.uring.constants.Linux.IOPRIO_CLASS_SHIFT;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Pages;
import dev.torc.uring.abi.SqeLayout;

/// Operations on open files.
///
/// A `position` in a file is in bytes; -1 says where the file is, and moves it, as `read(2)` and
/// `write(2)` do. Pipes and sockets have none: give -1. A read completes with the bytes it got,
/// which may be fewer than asked for, and with 0 at the end of the file; a write with the bytes it
/// wrote. Where there are `flags` in a read or write they are `RWF_` bits, see `preadv2(2)`.
abstract sealed class FileSqe extends Entry permits PathSqe {
    private static final int PRIORITY_LEVEL_MAX = 7;
    private static final int PIPE_BYTES = 2 * Integer.BYTES;

    FileSqe(Ring ring, Support support, Leases leases) {
        super(ring, support, leases);
    }

    // ---- reading and writing

    /// Reads up to `bytes` into `memory` from `position` in the file: `pread(2)`. Since 5.6.
    public final Sqe prepareRead(
            int fd, IoMemory memory, long offset, int bytes, long position, long userData) {
        return move(IORING_OP_READ, fd, memory, offset, bytes, position, userData);
    }

    /// Reads as `flags` say. Since 5.6.
    public final Sqe prepareRead(
            int fd,
            IoMemory memory,
            long offset,
            int bytes,
            long position,
            int flags,
            long userData) {
        return move(IORING_OP_READ, fd, memory, offset, bytes, position, userData).opFlags(flags);
    }

    /// Reads up to `bytes` (0: as many as fit) into a buffer that the kernel takes from `buffers`
    /// when it is about to read. Since 5.7.
    public final Sqe prepareRead(
            int fd, BufferSelection buffers, int bytes, long position, long userData) {
        requireNotNegative("bytes", bytes);
        return prepare(IORING_OP_READ, fd, 0, bytes, position, userData, buffers).select(buffers);
    }

    /// Reads whenever there is something, until it fails, meets the end or is cancelled, each time
    /// into a buffer that the kernel takes from `buffers`. For pipes, terminals and their like:
    /// `-EBADFD` for files that cannot be polled. Since 6.7.
    public final Sqe prepareReadMultishot(
            int fd, BufferSelection buffers, long position, long userData) {
        Sqe sqe = prepare(IORING_OP_READ_MULTISHOT, fd, 0, 0, position, userData, buffers);
        return sqe.select(buffers);
    }

    /// Writes `bytes` of `memory` to `position` in the file: `pwrite(2)`. Since 5.6.
    public final Sqe prepareWrite(
            int fd, IoMemory memory, long offset, int bytes, long position, long userData) {
        return move(IORING_OP_WRITE, fd, memory, offset, bytes, position, userData);
    }

    /// Writes as `flags` say. Since 5.6.
    public final Sqe prepareWrite(
            int fd,
            IoMemory memory,
            long offset,
            int bytes,
            long position,
            int flags,
            long userData) {
        return move(IORING_OP_WRITE, fd, memory, offset, bytes, position, userData).opFlags(flags);
    }

    /// Reads into each of `vectors` in turn: `preadv(2)`. Since 5.1.
    public final Sqe prepareReadv(int fd, IoVectors vectors, long position, long userData) {
        return move(IORING_OP_READV, fd, vectors, position, userData);
    }

    /// Reads into each of `vectors` in turn, as `flags` say: `preadv2(2)`. Since 5.1.
    public final Sqe prepareReadv2(
            int fd, IoVectors vectors, long position, int flags, long userData) {
        return move(IORING_OP_READV, fd, vectors, position, userData).opFlags(flags);
    }

    /// Writes each of `vectors` in turn: `pwritev(2)`. Since 5.1.
    public final Sqe prepareWritev(int fd, IoVectors vectors, long position, long userData) {
        return move(IORING_OP_WRITEV, fd, vectors, position, userData);
    }

    /// Writes each of `vectors` in turn, as `flags` say: `pwritev2(2)`. Since 5.1.
    public final Sqe prepareWritev2(
            int fd, IoVectors vectors, long position, int flags, long userData) {
        return move(IORING_OP_WRITEV, fd, vectors, position, userData).opFlags(flags);
    }

    /// Gives the read or write just prepared a priority of its own, where the device's scheduler
    /// knows some; otherwise it has its thread's. `priorityClass` is `IOPRIO_CLASS_RT` (`-EPERM`
    /// without `CAP_SYS_NICE`), `IOPRIO_CLASS_BE` or `IOPRIO_CLASS_IDLE`, `level` 0, which is
    /// first, to 7: `ioprio_set(2)`. Since 5.1.
    ///
    /// When this throws, the operation remains prepared as it was.
    ///
    /// @throws IllegalArgumentException when the operation has no priority, or there is no such one
    public final Sqe setIoPriority(int priorityClass, int level) {
        requirePrepared();
        requireRange("priorityClass", priorityClass, IOPRIO_CLASS_RT, IOPRIO_CLASS_IDLE);
        requireRange("level", level, 0, PRIORITY_LEVEL_MAX);
        int opcode = Memory.getByte(address() + SqeLayout.OPCODE);
        if (!hasPriority(opcode)) {
            throw new IllegalArgumentException(
                    "only reads and writes have a priority: opcode=" + opcode);
        }
        return ioprio(priorityClass << IOPRIO_CLASS_SHIFT | level);
    }

    private static boolean hasPriority(int opcode) {
        return switch (opcode) {
            case IORING_OP_READ, IORING_OP_READV, IORING_OP_READ_FIXED, IORING_OP_READV_FIXED ->
                    true;
            case IORING_OP_WRITE, IORING_OP_WRITEV, IORING_OP_WRITE_FIXED, IORING_OP_WRITEV_FIXED ->
                    true;
            default -> false;
        };
    }

    // ---- with registered buffers

    /// Reads into memory that lies within the registered buffer `bufferIndex`; `-EFAULT` when it
    /// does not. Since 5.1.
    public final Sqe prepareReadFixed(
            int fd,
            IoMemory memory,
            long offset,
            int bytes,
            long position,
            int bufferIndex,
            long userData) {
        requireBufferIndex(bufferIndex);
        return move(IORING_OP_READ_FIXED, fd, memory, offset, bytes, position, userData)
                .bufferIndex(bufferIndex);
    }

    /// Reads into memory within a registered buffer, as `flags` say. Since 5.1.
    public final Sqe prepareReadFixed(
            int fd,
            IoMemory memory,
            long offset,
            int bytes,
            long position,
            int bufferIndex,
            int flags,
            long userData) {
        return prepareReadFixed(fd, memory, offset, bytes, position, bufferIndex, userData)
                .opFlags(flags);
    }

    /// Writes memory that lies within the registered buffer `bufferIndex`; `-EFAULT` when it does
    /// not. Since 5.1.
    public final Sqe prepareWriteFixed(
            int fd,
            IoMemory memory,
            long offset,
            int bytes,
            long position,
            int bufferIndex,
            long userData) {
        requireBufferIndex(bufferIndex);
        return move(IORING_OP_WRITE_FIXED, fd, memory, offset, bytes, position, userData)
                .bufferIndex(bufferIndex);
    }

    /// Writes memory within a registered buffer, as `flags` say. Since 5.1.
    public final Sqe prepareWriteFixed(
            int fd,
            IoMemory memory,
            long offset,
            int bytes,
            long position,
            int bufferIndex,
            int flags,
            long userData) {
        return prepareWriteFixed(fd, memory, offset, bytes, position, bufferIndex, userData)
                .opFlags(flags);
    }

    /// Reads into each of `vectors` in turn, all of which lie within the registered buffer
    /// `bufferIndex`. Since 6.15.
    public final Sqe prepareReadvFixed(
            int fd, IoVectors vectors, long position, int bufferIndex, int flags, long userData) {
        requireBufferIndex(bufferIndex);
        return move(IORING_OP_READV_FIXED, fd, vectors, position, userData)
                .opFlags(flags)
                .bufferIndex(bufferIndex);
    }

    /// Writes each of `vectors` in turn, all of which lie within the registered buffer
    /// `bufferIndex`. Since 6.15.
    public final Sqe prepareWritevFixed(
            int fd, IoVectors vectors, long position, int bufferIndex, int flags, long userData) {
        requireBufferIndex(bufferIndex);
        return move(IORING_OP_WRITEV_FIXED, fd, vectors, position, userData)
                .opFlags(flags)
                .bufferIndex(bufferIndex);
    }

    // ---- from descriptor to descriptor

    /// Moves up to `bytes` from one descriptor to another, one of which is a pipe, without copying
    /// them: `splice(2)`. A pipe's position is -1. `flags` are `SPLICE_F_` bits, of which
    /// `SPLICE_F_FD_IN_FIXED` says that `fdIn` is a direct descriptor; whether `fdOut` is one,
    /// `IOSQE_FIXED_FILE` says. A kernel thread does it; moving fewer bytes than asked for breaks a
    /// chain of linked operations. Since 5.7.
    public final Sqe prepareSplice(
            int fdIn,
            long positionIn,
            int fdOut,
            long positionOut,
            int bytes,
            int flags,
            long userData) {
        requireNotNegative("bytes", bytes);
        return prepare(IORING_OP_SPLICE, fdOut, positionIn, bytes, positionOut, userData)
                .fileIndex(fdIn) // splice_fd_in is at the same place
                .opFlags(flags);
    }

    /// Copies up to `bytes` from one pipe to another, and leaves them in the first: `tee(2)`.
    /// Otherwise as [#prepareSplice]. Since 5.8.
    public final Sqe prepareTee(int fdIn, int fdOut, int bytes, int flags, long userData) {
        requireNotNegative("bytes", bytes);
        return prepare(IORING_OP_TEE, fdOut, 0, bytes, 0, userData).fileIndex(fdIn).opFlags(flags);
    }

    // ---- the file itself

    /// Has the file written to the disk: `fsync(2)`, or `fdatasync(2)` with
    /// `IORING_FSYNC_DATASYNC`. It waits for no write but those that have completed. Since 5.1.
    public final Sqe prepareFsync(int fd, int flags, long userData) {
        return prepare(IORING_OP_FSYNC, fd, 0, 0, 0, userData).opFlags(flags);
    }

    /// [#prepareFsync(int, int, long)], of `bytes` (0: all) from `position` on.
    public final Sqe prepareFsync(int fd, long position, int bytes, int flags, long userData) {
        requireNotNegative("bytes", bytes);
        return prepare(IORING_OP_FSYNC, fd, 0, bytes, position, userData).opFlags(flags);
    }

    /// Starts to write, or waits for, `bytes` (0: all) of the file from `position` on, without its
    /// metadata: `sync_file_range(2)`. `flags` are `SYNC_FILE_RANGE_` bits. Since 5.2.
    public final Sqe prepareSyncFileRange(
            int fd, long position, int bytes, int flags, long userData) {
        requireNotNegative("bytes", bytes);
        return prepare(IORING_OP_SYNC_FILE_RANGE, fd, 0, bytes, position, userData).opFlags(flags);
    }

    /// Allocates `bytes` of the file from `position` on, or does to them what the `FALLOC_FL_` bits
    /// of `mode` say: `fallocate(2)`. Since 5.6.
    public final Sqe prepareFallocate(int fd, long position, long bytes, int mode, long userData) {
        return prepare(IORING_OP_FALLOCATE, fd, bytes, mode, position, userData);
    }

    /// Makes the file `bytes` long: `ftruncate(2)`. Since 6.9.
    public final Sqe prepareFtruncate(int fd, long bytes, long userData) {
        return prepare(IORING_OP_FTRUNCATE, fd, 0, 0, bytes, userData);
    }

    /// Says how `bytes` (0: all) of the file from `position` on will be used: `posix_fadvise(2)`,
    /// with `advice` one of `POSIX_FADV_`. Since 5.6.
    public final Sqe prepareFadvise(int fd, long position, int bytes, int advice, long userData) {
        requireNotNegative("bytes", bytes);
        return prepare(IORING_OP_FADVISE, fd, 0, bytes, position, userData).opFlags(advice);
    }

    /// [#prepareFadvise] for any number of bytes. Since 6.11.
    public final Sqe prepareFadvise64(
            int fd, long position, long bytes, int advice, long userData) {
        require(true, "IORING_OP_FADVISE of 64 bits", 6, 11);
        return prepare(IORING_OP_FADVISE, fd, bytes, 0, position, userData).opFlags(advice);
    }

    /// Says how `bytes` at `offset` of `memory`, where a page must begin, will be used:
    /// `madvise(2)`, with `advice` one of `MADV_`. The kernel rounds up to whole pages, all of
    /// which must be within `memory`. Advice stays with the pages when the memory is freed. Since
    /// 5.6.
    ///
    /// @throws IllegalArgumentException for `MADV_GUARD_INSTALL` and `MADV_HWPOISON`, after which
    ///   an access would end the process
    public final Sqe prepareMadvise(
            IoMemory memory, long offset, int bytes, int advice, long userData) {
        Arguments.requireHarmless(advice);
        long addr = wholePages(memory, offset, bytes);
        return prepare(IORING_OP_MADVISE, -1, addr, bytes, 0, userData, memory).opFlags(advice);
    }

    /// [#prepareMadvise] for any number of bytes. Since 6.11.
    public final Sqe prepareMadvise64(
            IoMemory memory, long offset, long bytes, int advice, long userData) {
        Arguments.requireHarmless(advice);
        require(true, "IORING_OP_MADVISE of 64 bits", 6, 11);
        long addr = wholePages(memory, offset, bytes);
        return prepare(IORING_OP_MADVISE, -1, addr, 0, bytes, userData, memory).opFlags(advice);
    }

    // ---- descriptors

    /// Closes the descriptor `fd`: `close(2)`. What is under way on it goes on. Since 5.6.
    public final Sqe prepareClose(int fd, long userData) {
        return prepare(IORING_OP_CLOSE, fd, 0, 0, 0, userData);
    }

    /// Closes the direct descriptor `slot`. Since 5.15.
    public final Sqe prepareCloseDirect(int slot, long userData) {
        int index = Arguments.fileIndex(slot);
        return prepare(IORING_OP_CLOSE, 0, 0, 0, 0, userData).fileIndex(index);
    }

    /// Makes a pipe: `pipe2(2)`. The kernel puts its two descriptors, an `int` each, at `offset` of
    /// `memory`: first the one to read from. `flags` are `O_CLOEXEC`, `O_NONBLOCK`, `O_DIRECT`.
    /// Since 6.16.
    public final Sqe preparePipe(IoMemory memory, long offset, int flags, long userData) {
        long addr = memory.address(offset, PIPE_BYTES);
        return prepare(IORING_OP_PIPE, 0, addr, 0, 0, userData, memory).opFlags(flags);
    }

    /// Makes a pipe whose descriptors are direct: `slot` to read from, and the one behind it to
    /// write to. Both should be free: 6.18 replaces what is there. `flags` are as in
    /// [#preparePipe], but `O_CLOEXEC` is refused. Since 6.16.
    ///
    /// Trust `slot`, not `memory`: kernels with a bug put two zeroes there, and empty slot 0 when
    /// they fail.
    public final Sqe preparePipeDirect(
            IoMemory memory, long offset, int slot, int flags, long userData) {
        int index = Arguments.fileIndex(slot);
        return preparePipe(memory, offset, flags, userData).fileIndex(index);
    }

    /// Makes a pipe whose descriptors are direct ones that the kernel picks, and puts into
    /// `memory`; `-ENFILE` when there are not two. `flags` are as in [#preparePipeDirect]. Since
    /// 6.16.
    public final Sqe preparePipeDirectAlloc(
            IoMemory memory, long offset, int flags, long userData) {
        return preparePipe(memory, offset, flags, userData).fileIndex(IORING_FILE_INDEX_ALLOC);
    }

    // ---- what they have in common

    private Sqe move(
            int opcode,
            int fd,
            IoMemory memory,
            long offset,
            int bytes,
            long position,
            long userData) {
        long addr = memory.address(offset, bytes);
        return prepare(opcode, fd, addr, bytes, position, userData, memory);
    }

    private Sqe move(int opcode, int fd, IoVectors vectors, long position, long userData) {
        int count = vectors.count();
        return prepare(opcode, fd, vectors.address(), count, position, userData, vectors);
    }

    private static long wholePages(IoMemory memory, long offset, long bytes) {
        memory.address(offset, bytes);
        long page = Pages.bytes();
        return memory.address(offset, (bytes + page - 1) & -page);
    }
}
