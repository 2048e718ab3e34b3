package dev.torc.uring;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.IoUring;

import org.jspecify.annotations.Nullable;

/// One entry of a submission queue, as all operations see it: what every `prepare` has in common.
///
/// ```
///          Ring.next()        prepare              submit
///   EMPTY ────────────▶ OPEN ─────────▶ PREPARED ─────────▶ EMPTY
///                        ▲ │ prepare throws: the entry is still open
///                        └─┘
/// ```
///
/// Runs on the ring's thread; allocates nothing.
abstract sealed class Entry permits FileSqe {
    private static final int FLAGS_TO_ADD =
            IoUring.IOSQE_FIXED_FILE
                    | IoUring.IOSQE_IO_DRAIN
                    | IoUring.IOSQE_IO_LINK
                    | IoUring.IOSQE_IO_HARDLINK
                    | IoUring.IOSQE_ASYNC
                    | IoUring.IOSQE_CQE_SKIP_SUCCESS;
    private static final int EMPTY = 0;
    private static final int OPEN = 1;
    private static final int PREPARED = 2;

    private final Ring ring;
    private final Support support;
    private final Leases leases;
    private int state = EMPTY;
    private long address;

    Entry(Ring ring, Support support, Leases leases) {
        this.ring = ring;
        this.support = support;
        this.leases = leases;
    }

    /// The entry at `address`, whatever is in it, is to be prepared next.
    final Sqe open(long entry) {
        address = entry;
        state = OPEN;
        return self();
    }

    /// What was prepared is the kernel's now, or the ring is closed.
    final void expire() {
        state = EMPTY;
    }

    abstract Sqe self();

    final Ring ring() {
        return ring;
    }

    final Leases leases() {
        return leases;
    }

    /// Makes sure of what came later than the operation: `what` from Linux `major.minor` on.
    ///
    /// @throws UnsupportedException when this kernel does not have it
    final void require(boolean wanted, String what, int major, int minor) {
        if (wanted) support.require(what, major, minor);
    }

    /// Prepares an operation without memory of the program's.
    final Sqe prepare(int opcode, int fd, long addr, int len, long off, long userData) {
        check(opcode, userData);
        return fill(opcode, fd, addr, len, off, userData);
    }

    /// Prepares an operation that holds `one`.
    final Sqe prepare(
            int opcode, int fd, long addr, int len, long off, long userData, Lendable one) {
        return prepare(opcode, fd, addr, len, off, userData, one, null, null);
    }

    /// Prepares an operation that holds up to three: those of them that are managed.
    final Sqe prepare(
            int opcode,
            int fd,
            long addr,
            int len,
            long off,
            long userData,
            Lendable one,
            @Nullable Lendable two,
            @Nullable Lendable three) {
        check(opcode, userData);
        if (one instanceof BufferSelection buffers) buffers.requireRing(ring);
        if (two instanceof BufferSelection buffers) buffers.requireRing(ring);
        boolean managed = one.isManaged() || isManaged(two) || isManaged(three);
        if (!managed) return fill(opcode, fd, addr, len, off, userData);
        requireHeard();
        return fill(opcode, fd, addr, len, off, leases.lend(userData, one, two, three));
    }

    private static boolean isManaged(@Nullable Lendable other) {
        return other != null && other.isManaged();
    }

    /// The token of the outstanding operation with memory that has `userData`, or that itself.
    final long target(long userData) {
        requireOwn(userData);
        if (leases.count() == 0) return userData;
        long token = leases.find(userData);
        return token == Leases.NONE ? userData : token;
    }

    /// Lets the kernel pick a buffer of the group for the operation just prepared.
    final Sqe select(BufferSelection buffers) {
        Memory.putShort(address + SqeLayout.BUF_GROUP, (short) buffers.group());
        return mark(IoUring.IOSQE_BUFFER_SELECT);
    }

    /// Sets `IOSQE_` flags that the operation itself needs.
    final Sqe mark(int flags) {
        long at = address + SqeLayout.FLAGS;
        Memory.putByte(at, (byte) (Memory.getByte(at) | flags));
        return self();
    }

    final Sqe opFlags(int flags) {
        Memory.putInt(address + SqeLayout.OP_FLAGS, flags);
        return self();
    }

    final Sqe ioprio(int flags) {
        Memory.putShort(address + SqeLayout.IOPRIO, (short) flags);
        return self();
    }

    final Sqe bufferIndex(int index) {
        Memory.putShort(address + SqeLayout.BUF_INDEX, (short) index);
        return self();
    }

    final Sqe fileIndex(int value) {
        Memory.putInt(address + SqeLayout.FILE_INDEX, value);
        return self();
    }

    final Sqe addr3(long value) {
        Memory.putLong(address + SqeLayout.ADDR3, value);
        return self();
    }

    /// 128 bytes beside this entry, for what the kernel copies when it takes the entry.
    final long scratch() {
        requireOpen();
        return ring.scratch(address);
    }

    /// Adds `IOSQE_` flags to the operation just prepared: `IO_LINK`, `IO_DRAIN`, `FIXED_FILE`, ...
    ///
    /// @throws IllegalArgumentException for `CQE_SKIP_SUCCESS` when the operation holds memory: its
    ///   end must be heard of; for `BUFFER_SELECT`: an operation holds the buffers that it is
    ///   prepared with, and others could be freed under it
    public final Sqe addFlags(int flags) {
        requirePrepared();
        if ((flags & ~FLAGS_TO_ADD) != 0) {
            throw new IllegalArgumentException(
                    "flags must be IOSQE_ bits, and buffers be passed instead of"
                            + " IOSQE_BUFFER_SELECT: flags=0x"
                            + Integer.toHexString(flags));
        }
        boolean silent = (flags & IoUring.IOSQE_CQE_SKIP_SUCCESS) != 0;
        if (silent && Leases.isToken(Memory.getLong(address + SqeLayout.USER_DATA))) {
            throw new IllegalArgumentException(
                    "an operation that holds memory must complete: IOSQE_CQE_SKIP_SUCCESS");
        }
        return mark(flags);
    }

    /// Lets the operation just prepared run with the credentials registered as `personality` (5.6).
    public final Sqe setPersonality(int personality) {
        requirePrepared();
        Arguments.requireRange("personality", personality, 0, Arguments.SHORT_MAX);
        Memory.putShort(address + SqeLayout.PERSONALITY, (short) personality);
        return self();
    }

    /// The entry's place in memory, for tests.
    final long address() {
        return address;
    }

    /// Makes sure that an operation with memory can be prepared, before anything is changed.
    final void requireHolding(int opcode, long userData) {
        check(opcode, userData);
        requireHeard();
    }

    private void check(int opcode, long userData) {
        requireOpen();
        requireOwn(userData);
        if (!support.hasOperation(opcode)) throw Support.refusal(opcode);
    }

    private Sqe fill(int opcode, int fd, long addr, int len, long off, long userData) {
        SqeLayout.put(address, opcode, fd, off, addr, len, userData);
        state = PREPARED;
        ring.commit();
        return self();
    }

    private void requireOpen() {
        if (state != OPEN) {
            throw new IllegalStateException(
                    state == PREPARED
                            ? "the entry has been prepared; take another with Ring.next()"
                            : "the entry has been submitted, or its ring closed");
        }
    }

    final void requirePrepared() {
        if (state != PREPARED) {
            throw new IllegalStateException(
                    "the entry must be prepared, and not submitted yet, to be changed");
        }
    }

    static void requireOwn(long userData) {
        if (Leases.isToken(userData)) {
            throw new IllegalArgumentException(
                    "user data from 0xff7c... is the ring's own: 0x" + Long.toHexString(userData));
        }
    }

    /// When an operation fails whose success would be silent, the rest of its chain ends without a
    /// completion (`REQ_F_SKIP_LINK_CQES`), and so nothing would tell when memory is free again.
    private void requireHeard() {
        if (ring.isChainSilent()) {
            throw new IllegalArgumentException(
                    "an operation that holds memory must not be linked behind one with"
                            + " IOSQE_CQE_SKIP_SUCCESS");
        }
    }
}
