package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_OP_CLOSE;
import static dev.torc.uring.constants.IoUring.IORING_OP_READ;
import static dev.torc.uring.constants.IoUring.IORING_OP_READV;
import static dev.torc.uring.constants.IoUring.IORING_OP_WRITEV;

/// Operations on open files.
abstract sealed class FileSqe extends Entry permits PathSqe {
    FileSqe(Ring ring, Support support, Leases leases) {
        super(ring, support, leases);
    }

    /// Reads up to `bytes` into `memory` from `position` in the file, or from where it is when that
    /// is -1: `pread(2)`, `read(2)`. Since 5.6.
    public final Sqe prepareRead(
            int fd, IoMemory memory, long offset, int bytes, long position, long userData) {
        long addr = memory.address(offset, bytes);
        return prepare(IORING_OP_READ, fd, addr, bytes, position, userData, memory);
    }

    /// Reads into each of `vectors` in turn, from `position` in the file, or from where it is when
    /// that is -1: `preadv(2)`, `readv(2)`. Since 5.1.
    public final Sqe prepareReadv(int fd, IoVectors vectors, long position, long userData) {
        return prepareVectors(IORING_OP_READV, fd, vectors, position, userData);
    }

    /// Writes each of `vectors` in turn, to `position` in the file, or to where it is when that is
    /// -1: `pwritev(2)`, `writev(2)`. Since 5.1.
    public final Sqe prepareWritev(int fd, IoVectors vectors, long position, long userData) {
        return prepareVectors(IORING_OP_WRITEV, fd, vectors, position, userData);
    }

    /// Closes the direct descriptor `slot`. Since 5.15.
    public final Sqe prepareCloseDirect(int slot, long userData) {
        // 0 would mean a regular descriptor.
        return prepare(IORING_OP_CLOSE, 0, 0, 0, 0, userData).fileIndex(slot + 1);
    }

    private Sqe prepareVectors(
            int opcode, int fd, IoVectors vectors, long position, long userData) {
        long addr = vectors.address();
        return prepare(opcode, fd, addr, vectors.count(), position, userData, vectors);
    }
}
