package dev.torc.uring;

import static dev.torc.uring.Arguments.requireBufferIndex;
import static dev.torc.uring.Arguments.requireNotNegative;
import static dev.torc.uring.Arguments.requirePositive;
import static dev.torc.uring.constants.IoUring.IORING_ASYNC_CANCEL_ALL;
import static dev.torc.uring.constants.IoUring.IORING_ASYNC_CANCEL_ANY;
import static dev.torc.uring.constants.IoUring.IORING_ASYNC_CANCEL_FD;
import static dev.torc.uring.constants.IoUring.IORING_ASYNC_CANCEL_FD_FIXED;
import static dev.torc.uring.constants.IoUring.IORING_ASYNC_CANCEL_OP;
import static dev.torc.uring.constants.IoUring.IORING_ASYNC_CANCEL_USERDATA;
import static dev.torc.uring.constants.IoUring.IORING_FILE_INDEX_ALLOC;
import static dev.torc.uring.constants.IoUring.IORING_MSG_DATA;
import static dev.torc.uring.constants.IoUring.IORING_MSG_RING_FLAGS_PASS;
import static dev.torc.uring.constants.IoUring.IORING_MSG_SEND_FD;
import static dev.torc.uring.constants.IoUring.IORING_NOP_CQE32;
import static dev.torc.uring.constants.IoUring.IORING_NOP_FILE;
import static dev.torc.uring.constants.IoUring.IORING_NOP_FIXED_BUFFER;
import static dev.torc.uring.constants.IoUring.IORING_NOP_INJECT_RESULT;
import static dev.torc.uring.constants.IoUring.IORING_NOP_TW;
import static dev.torc.uring.constants.IoUring.IORING_OP_ASYNC_CANCEL;
import static dev.torc.uring.constants.IoUring.IORING_OP_FILES_UPDATE;
import static dev.torc.uring.constants.IoUring.IORING_OP_FIXED_FD_INSTALL;
import static dev.torc.uring.constants.IoUring.IORING_OP_MSG_RING;
import static dev.torc.uring.constants.IoUring.IORING_OP_NOP;
import static dev.torc.uring.constants.IoUring.IORING_OP_PROVIDE_BUFFERS;
import static dev.torc.uring.constants.IoUring.IORING_OP_REMOVE_BUFFERS;

import dev.torc.uring.constants.IoUring;

/// Operations on rings and what they have: themselves, others, descriptors, buffers.
abstract sealed class RingSqe extends WaitSqe permits Sqe {
    RingSqe(Ring ring, Support support, Leases leases) {
        super(ring, support, leases);
    }

    // ---- nothing

    /// Does nothing, and completes with 0. Since 5.1.
    public final Sqe prepareNop(long userData) {
        return prepare(IORING_OP_NOP, 0, 0, 0, 0, userData);
    }

    /// Does nothing, and completes with `result`, which counts as a failure when it is negative.
    /// `flags` may have `IORING_NOP_TW`: completes as an operation does that had to wait (6.17).
    /// Since 6.10.
    public final Sqe prepareNopResult(int result, int flags, long userData) {
        require(true, "IORING_NOP_INJECT_RESULT", 6, 10);
        return nop(0, result, flags | IORING_NOP_INJECT_RESULT, userData);
    }

    /// Looks `fd` up, which is a direct descriptor when `flags` has `IORING_NOP_FIXED_FILE`, and
    /// does nothing with it; `flags` may have `IORING_NOP_TW` as well. Since 6.13.
    public final Sqe prepareNopFile(int fd, int flags, long userData) {
        require(true, "IORING_NOP_FILE", 6, 13);
        return nop(fd, 0, flags | IORING_NOP_FILE, userData);
    }

    /// Looks the registered buffer `index` up, and does nothing with it; completes with `-EFAULT`
    /// when there is none. `flags` may have `IORING_NOP_TW`. Since 6.13.
    public final Sqe prepareNopFixedBuffer(int index, int flags, long userData) {
        require(true, "IORING_NOP_FIXED_BUFFER", 6, 13);
        requireBufferIndex(index);
        return nop(0, 0, flags | IORING_NOP_FIXED_BUFFER, userData).bufferIndex(index);
    }

    /// Does nothing, and has a completion of 32 bytes with these two values; for rings with `CQE32`
    /// or `CQE_MIXED`. Since 6.18.
    public final Sqe prepareNop32(long extra1, long extra2, long userData) {
        require(true, "IORING_NOP_CQE32", 6, 18);
        return prepare(IORING_OP_NOP, 0, extra2, 0, extra1, userData).opFlags(IORING_NOP_CQE32);
    }

    private Sqe nop(int fd, int result, int flags, long userData) {
        require((flags & IORING_NOP_TW) != 0, "IORING_NOP_TW", 6, 17);
        return prepare(IORING_OP_NOP, fd, 0, result, 0, userData).opFlags(flags);
    }

    // ---- cancelling

    /// Cancels the operation that was submitted with `cancelled` as its user data; completes with 0
    /// (1 for waits for a futex or a child), `-ENOENT` when there is none, `-EALREADY` when it
    /// cannot be stopped any more: then it ends soon by itself. Since 5.5.
    ///
    /// `flags` may have `IORING_ASYNC_CANCEL_ALL`: all that there are, and completes with their
    /// number; with `IORING_ASYNC_CANCEL_ANY` whatever their user data (5.19).
    ///
    /// @throws IllegalStateException when several operations with memory have that user data, or
    ///   one has and `flags` has `ALL` without `ANY`: the kernel knows each of those by another
    ///   name, so one call cannot mean them all. Cancel them by descriptor or opcode.
    public final Sqe prepareCancel(long cancelled, int flags, long userData) {
        if ((flags & (IORING_ASYNC_CANCEL_FD | IORING_ASYNC_CANCEL_OP)) != 0) {
            throw new IllegalArgumentException(
                    "flags must not have FD or OP, which are for prepareCancelMatching: flags="
                            + flags);
        }
        return prepareCancelMatching(-1, 0, cancelled, flags, userData);
    }

    /// Cancels an operation on `fd`, which is a direct descriptor when `flags` has
    /// `IORING_ASYNC_CANCEL_FD_FIXED` (6.0), or all of them with `IORING_ASYNC_CANCEL_ALL`;
    /// completes as [#prepareCancel(long, int, long)] does. Since 5.19.
    public final Sqe prepareCancelFd(int fd, int flags, long userData) {
        return prepareCancelMatching(fd, 0, 0, flags | IORING_ASYNC_CANCEL_FD, userData);
    }

    /// Cancels an operation of the kind `opcode` (`IORING_OP_READ`, ...), or all of them with
    /// `IORING_ASYNC_CANCEL_ALL`; completes as [#prepareCancel(long, int, long)] does. Since 6.6.
    public final Sqe prepareCancelOpcode(int opcode, int flags, long userData) {
        return prepareCancelMatching(-1, opcode, 0, flags | IORING_ASYNC_CANCEL_OP, userData);
    }

    /// Cancels an operation, or all with `IORING_ASYNC_CANCEL_ALL`, that matches in everything that
    /// `flags` name: `IORING_ASYNC_CANCEL_FD`, `IORING_ASYNC_CANCEL_OP`,
    /// `IORING_ASYNC_CANCEL_USERDATA` (6.6), which is meant when none is named. What they do not
    /// name is not looked at. Completes as [#prepareCancel(long, int, long)] does. Since 5.5.
    ///
    /// @throws IllegalStateException as there, when the user data matters
    public final Sqe prepareCancelMatching(
            int fd, int opcode, long cancelled, int flags, long userData) {
        int extended = IORING_ASYNC_CANCEL_ALL | IORING_ASYNC_CANCEL_FD | IORING_ASYNC_CANCEL_ANY;
        require((flags & extended) != 0, "IORING_ASYNC_CANCEL_ALL, _FD and _ANY", 5, 19);
        boolean direct = (flags & IORING_ASYNC_CANCEL_FD_FIXED) != 0;
        require(direct, "IORING_ASYNC_CANCEL_FD_FIXED", 6, 0);
        int keys = IORING_ASYNC_CANCEL_OP | IORING_ASYNC_CANCEL_USERDATA;
        require((flags & keys) != 0, "IORING_ASYNC_CANCEL_OP and _USERDATA", 6, 6);
        long target = target(cancelled, flags);
        return prepare(IORING_OP_ASYNC_CANCEL, fd, target, opcode, 0, userData).opFlags(flags);
    }

    /// Whether a cancellation with `flags` looks at the user data.
    static boolean isByUserData(int flags) {
        if ((flags & IORING_ASYNC_CANCEL_ANY) != 0) return false;
        return (flags & IORING_ASYNC_CANCEL_USERDATA) != 0
                || (flags & (IORING_ASYNC_CANCEL_FD | IORING_ASYNC_CANCEL_OP)) == 0;
    }

    /// What the kernel knows the operation to be cancelled as that has `cancelled` as its user
    /// data.
    final long target(long cancelled, int flags) {
        if (!isByUserData(flags)) return cancelled;
        long target = target(cancelled);
        if (target != cancelled && (flags & IORING_ASYNC_CANCEL_ALL) != 0) {
            throw new IllegalStateException(
                    "operations that hold memory cannot be cancelled all together by user data,"
                            + " but by descriptor or opcode: 0x"
                            + Long.toHexString(cancelled));
        }
        return target;
    }

    // ---- other rings

    /// Has the ring `fd` complete something that it never did: its program sees `data` as user
    /// data, and `result`. Any ring of any thread, and this one. Completes with 0, `-EBADFD` when
    /// `fd` is no ring or a disabled one, `-EOVERFLOW` when there is no room. Since 5.18.
    public final Sqe prepareMsgRing(int fd, int result, long data, long userData) {
        return message(fd, IORING_MSG_DATA, result, data, userData);
    }

    /// [#prepareMsgRing(int, int, long, long)], with the flags that the completion is to have.
    /// Since 6.3.
    ///
    /// @throws IllegalArgumentException for `IORING_CQE_F_32` and `IORING_CQE_F_SKIP`, with which
    ///   the other ring would read its queue wrongly
    public final Sqe prepareMsgRingCqeFlags(
            int fd, int result, long data, int cqeFlags, long userData) {
        Arguments.requireMessageFlags(cqeFlags);
        require(true, "IORING_MSG_RING_FLAGS_PASS", 6, 3);
        return message(fd, IORING_MSG_DATA, result, data, userData)
                .opFlags(IORING_MSG_RING_FLAGS_PASS)
                .fileIndex(cqeFlags);
    }

    /// Puts the direct descriptor `slot` of this ring into the table of the ring `fd` as well, as
    /// its `targetSlot`. That ring's program sees `data` as user data, and 0, unless `flags` has
    /// `IORING_MSG_RING_CQE_SKIP`. Since 6.0.
    public final Sqe prepareMsgRingFd(
            int fd, int slot, int targetSlot, long data, int flags, long userData) {
        return sendFd(fd, slot, Arguments.fileIndex(targetSlot), data, flags, userData);
    }

    /// [#prepareMsgRingFd(int, int, int, long, int, long)], to any free place: both completions
    /// carry it. Since 6.0.
    public final Sqe prepareMsgRingFdAlloc(int fd, int slot, long data, int flags, long userData) {
        return sendFd(fd, slot, IORING_FILE_INDEX_ALLOC, data, flags, userData);
    }

    private Sqe sendFd(int fd, int slot, int fileIndex, long data, int flags, long userData) {
        requireNotNegative("slot", slot);
        require(true, "IORING_MSG_SEND_FD", 6, 0);
        return message(fd, IORING_MSG_SEND_FD, 0, data, userData)
                .addr3(slot)
                .opFlags(flags)
                .fileIndex(fileIndex);
    }

    private Sqe message(int fd, int command, int result, long data, long userData) {
        requireOwn(data); // it would end an operation there that still runs
        return prepare(IORING_OP_MSG_RING, fd, command, result, data, userData);
    }

    // ---- direct descriptors

    /// Puts the `count` descriptors that are at `offset` of `descriptors`, 4 bytes each, into this
    /// ring's table from `slot` on; -1 empties a place, `IORING_REGISTER_FILES_SKIP` leaves it.
    /// Completes with how many it has done. Since 5.6.
    public final Sqe prepareFilesUpdate(
            IoMemory descriptors, long offset, int count, int slot, long userData) {
        return files(descriptors, offset, count, requireNotNegative("slot", slot), userData);
    }

    /// Puts the `count` descriptors that are at `offset` of `descriptors`, 4 bytes each, into any
    /// free places of this ring's table, and writes those in their stead. Completes with how many
    /// it has done. Since 5.19.
    public final Sqe prepareFilesUpdateAlloc(
            IoMemory descriptors, long offset, int count, long userData) {
        require(true, "IORING_FILE_INDEX_ALLOC", 5, 19);
        return files(descriptors, offset, count, IORING_FILE_INDEX_ALLOC, userData);
    }

    private Sqe files(IoMemory descriptors, long offset, int count, int slot, long userData) {
        requirePositive("count", count);
        long addr = descriptors.address(offset, (long) count * Integer.BYTES);
        return prepare(IORING_OP_FILES_UPDATE, -1, addr, count, slot, userData, descriptors);
    }

    /// Gives the direct descriptor `slot` a regular one, which the completion carries; it is closed
    /// on exec unless `flags` has `IORING_FIXED_FD_NO_CLOEXEC`. Since 6.8.
    public final Sqe prepareFixedFdInstall(int slot, int flags, long userData) {
        return prepare(IORING_OP_FIXED_FD_INSTALL, slot, 0, 0, 0, userData)
                .opFlags(flags)
                .mark(IoUring.IOSQE_FIXED_FILE);
    }

    // ---- provided buffers

    /// Gives the kernel `count` of `buffers`, from `bufferId` on, to pick from. Since 5.7.
    ///
    /// @throws IllegalArgumentException when `buffers` are another ring's
    /// @throws IndexOutOfBoundsException when there are not so many
    /// @throws IllegalStateException when the kernel has others of this group, or they are closed
    public final Sqe prepareProvideBuffers(
            ProvidedBuffers buffers, int bufferId, int count, long userData) {
        requirePositive("count", count);
        buffers.requireRing(ring());
        requireHolding(IORING_OP_PROVIDE_BUFFERS, userData);
        long addr = buffers.provide(leases(), bufferId, count);
        int bytes = buffers.bufferBytes();
        return prepare(IORING_OP_PROVIDE_BUFFERS, count, addr, bytes, bufferId, userData, buffers)
                .bufferIndex(buffers.group());
    }

    /// Takes up to `count` of `buffers` back from the kernel, those first that it would pick first,
    /// and completes with their number. Since 5.7.
    ///
    /// @throws IllegalArgumentException when `buffers` are another ring's
    /// @throws IllegalStateException when none has been provided, or they are closed
    public final Sqe prepareRemoveBuffers(ProvidedBuffers buffers, int count, long userData) {
        requirePositive("count", count);
        buffers.requireRing(ring());
        return prepare(IORING_OP_REMOVE_BUFFERS, count, 0, 0, 0, userData, buffers)
                .bufferIndex(buffers.group());
    }
}
