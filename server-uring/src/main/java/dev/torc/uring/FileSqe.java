package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_OP_CLOSE;
import static dev.torc.uring.constants.IoUring.IORING_OP_READ;

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

    /// Closes the direct descriptor `slot`. Since 5.15.
    public final Sqe prepareCloseDirect(int slot, long userData) {
        // 0 would mean a regular descriptor.
        return prepare(IORING_OP_CLOSE, 0, 0, 0, 0, userData).fileIndex(slot + 1);
    }
}
