package dev.torc.uring;

import dev.torc.uring.abi.CloneBuffers;
import dev.torc.uring.abi.IoVec;
import dev.torc.uring.abi.Rsrc;
import dev.torc.uring.constants.IoUring;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Objects;

/// A ring's own table of buffers: memory that the kernel has looked up and keeps in place, so that
/// operations which name it by its index here are spared that. A ring has one at most. Runs on the
/// ring's thread.
///
/// The table holds each memory until that is replaced, or the table or its ring is closed. An
/// operation holds what it uses by itself, so the memory is freed after the last of both. With a
/// tag other than 0 the ring gets a completion, with the tag as its user data, when a buffer has
/// been replaced or removed and the last operation that uses it has ended: from then on the kernel
/// does not keep the memory in place any more.
public final class RegisteredBuffers implements AutoCloseable {
    /// Places that a table has at most.
    public static final int COUNT_MAX = 1 << 14;

    private static final long BYTES_MAX = 1 << 30;

    private final Ring ring;
    private final Runnable end = this::release;
    private final @Nullable IoMemory[] held;
    private boolean registered;

    private RegisteredBuffers(Ring ring, int count) {
        Arguments.requireRange("count", count, 1, COUNT_MAX);
        ring.requireOpen();
        this.ring = ring;
        held = new IoMemory[count];
    }

    /// Registers these, each of 1 byte to 1 GiB. Since 5.13.
    ///
    /// @throws RingException `ENOMEM` when `RLIMIT_MEMLOCK` is used up, `EBUSY` when the ring has a
    ///   table
    public static RegisteredBuffers of(Ring ring, IoMemory... memories) {
        return ofTagged(ring, memories, new long[memories.length]);
    }

    /// [#of(Ring, IoMemory...)], with a tag for each.
    public static RegisteredBuffers ofTagged(Ring ring, IoMemory[] memories, long[] tags) {
        RegisteredBuffers buffers = new RegisteredBuffers(ring, memories.length);
        Tags.require(tags, memories.length);
        for (IoMemory memory : memories) requireSize(memory);
        ring.support().require("IORING_REGISTER_BUFFERS2", 5, 13);
        try (Arena scratch = Arena.ofConfined()) {
            long register = scratch.allocate(Rsrc.REGISTER_BYTES, Long.BYTES).address();
            long vectors = vectors(scratch, memories);
            Rsrc.putTable(register, memories.length, vectors, Tags.copy(scratch, tags));
            int opcode = IoUring.IORING_REGISTER_BUFFERS2;
            buffers.fill(0, memories, "BUFFERS2", opcode, register, Rsrc.REGISTER_BYTES);
        }
        return buffers.start();
    }

    /// Registers `count` (16,384 at most) empty places. Since 5.19.
    ///
    /// @throws RingException `EBUSY` when the ring has a table
    public static RegisteredBuffers sparse(Ring ring, int count) {
        RegisteredBuffers buffers = new RegisteredBuffers(ring, count);
        ring.support().require("IORING_RSRC_REGISTER_SPARSE", 5, 19);
        try (Arena scratch = Arena.ofConfined()) {
            long register = scratch.allocate(Rsrc.REGISTER_BYTES, Long.BYTES).address();
            Rsrc.putSparse(register, count);
            int opcode = IoUring.IORING_REGISTER_BUFFERS2;
            ring.registrations().call("BUFFERS2", opcode, register, Rsrc.REGISTER_BYTES);
        }
        return buffers.start();
    }

    /// Registers with `ring` what `source` has, which does not count against `RLIMIT_MEMLOCK`
    /// again. Both rings must be this thread's. Since 6.12.
    ///
    /// @throws RingException `EBUSY` when the ring has a table
    public static RegisteredBuffers cloneOf(Ring ring, RegisteredBuffers source) {
        source.requireRegistered();
        RegisteredBuffers buffers = new RegisteredBuffers(ring, source.count());
        ring.support().require("IORING_REGISTER_CLONE_BUFFERS", 6, 12);
        try (Arena scratch = Arena.ofConfined()) {
            long clone = source.nameAsSource(scratch, 0);
            int opcode = IoUring.IORING_REGISTER_CLONE_BUFFERS;
            buffers.fill(0, source.held, "CLONE_BUFFERS", opcode, clone, 1);
        }
        return buffers.start();
    }

    private RegisteredBuffers start() {
        registered = true;
        ring.registrations().atEnd(end);
        return this;
    }

    /// Places in the table.
    public int count() {
        return held.length;
    }

    /// What is in the place `index`, or null.
    public @Nullable IoMemory memory(int index) {
        return held[Objects.checkIndex(index, held.length)];
    }

    /// Replaces what is in the place `index` by `memory`, or by nothing. Since 5.13.
    ///
    /// @throws RingException `ENOMEM` when `RLIMIT_MEMLOCK` is used up
    public void update(int index, @Nullable IoMemory memory) {
        update(index, memory, 0);
    }

    /// [#update(int, IoMemory)], with a tag.
    public void update(int index, @Nullable IoMemory memory, long tag) {
        requireRegistered();
        Objects.checkIndex(index, held.length);
        Entry.requireOwn(tag);
        if (memory == null && tag != 0) {
            throw new IllegalArgumentException("an empty place has no tag: tag=" + tag);
        }
        if (memory != null) requireSize(memory);
        @Nullable IoMemory[] one = {memory};
        try (Arena scratch = Arena.ofConfined()) {
            long update = scratch.allocate(Rsrc.UPDATE2_BYTES, Long.BYTES).address();
            Rsrc.putTaggedUpdate(update, index, 1, vectors(scratch, one), Tags.copy(scratch, tag));
            int opcode = IoUring.IORING_REGISTER_BUFFERS_UPDATE;
            fill(index, one, "BUFFERS_UPDATE", opcode, update, Rsrc.UPDATE2_BYTES);
        }
    }

    /// Replaces what is in the `count` places from `index` on by what `source` has in those from
    /// `sourceIndex` on: as [#cloneOf(Ring, RegisteredBuffers)]. Since 6.13.
    public void cloneFrom(RegisteredBuffers source, int sourceIndex, int index, int count) {
        requireRegistered();
        source.requireRegistered();
        Objects.checkFromIndexSize(sourceIndex, count, source.held.length);
        Objects.checkFromIndexSize(index, count, held.length);
        Arguments.requirePositive("count", count);
        ring.support().require("IORING_REGISTER_DST_REPLACE", 6, 13);
        @Nullable IoMemory[] shared =
                Arrays.copyOfRange(source.held, sourceIndex, sourceIndex + count);
        try (Arena scratch = Arena.ofConfined()) {
            long clone = source.nameAsSource(scratch, IoUring.IORING_REGISTER_DST_REPLACE);
            CloneBuffers.putRange(clone, sourceIndex, index, count);
            int opcode = IoUring.IORING_REGISTER_CLONE_BUFFERS;
            fill(index, shared, "CLONE_BUFFERS", opcode, clone, 1);
        }
    }

    /// Gives the table up. Closing the ring does that as well.
    ///
    /// @throws RingException when the kernel refuses
    @Override
    public void close() {
        if (!registered) return;
        int opcode = IoUring.IORING_UNREGISTER_BUFFERS;
        ring.register("IORING_UNREGISTER_BUFFERS", opcode, 0, 0);
        ring.registrations().notAtEnd(end);
        release();
    }

    /// The kernel has no table any more: this has been closed, or the ring has been.
    private void release() {
        registered = false;
        for (int i = 0; i < held.length; i++) put(i, null);
    }

    /// Makes a call that puts `memories` into the places from `index` on.
    private void fill(
            int index,
            @Nullable IoMemory[] memories,
            String what,
            int opcode,
            long argument,
            int count) {
        int lent = 0;
        try {
            for (; lent < memories.length; lent++) lend(memories[lent]);
            ring.registrations().call(what, opcode, argument, count);
        } catch (RuntimeException refusal) {
            for (int i = 0; i < lent; i++) giveBack(memories[i]);
            throw refusal;
        }
        for (int i = 0; i < memories.length; i++) put(index + i, memories[i]);
    }

    private void put(int index, @Nullable IoMemory memory) {
        IoMemory before = held[index];
        held[index] = memory;
        giveBack(before);
    }

    private static void lend(@Nullable IoMemory memory) {
        if (memory != null && memory.isManaged()) memory.lend();
    }

    private static void giveBack(@Nullable IoMemory memory) {
        if (memory != null && memory.isManaged()) memory.giveBack();
    }

    private void requireRegistered() {
        ring.requireOpen();
        if (!registered) throw new IllegalStateException("the table has been closed");
    }

    private static void requireSize(IoMemory memory) {
        if (memory.bytes() < 1 || memory.bytes() > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a buffer must have 1 byte to 1 GiB: bytes=" + memory.bytes());
        }
    }

    private long nameAsSource(Arena scratch, int flags) {
        long clone = scratch.allocate(CloneBuffers.BYTES, Long.BYTES).address();
        RingDescriptor descriptor = ring.descriptor();
        boolean byIndex = descriptor.isIndexOnly();
        int all = flags | (byIndex ? IoUring.IORING_REGISTER_SRC_REGISTERED : 0);
        CloneBuffers.put(clone, byIndex ? descriptor.enterFd() : descriptor.fd(), all);
        return clone;
    }

    /// A `struct iovec` for each.
    private static long vectors(Arena scratch, @Nullable IoMemory[] memories) {
        long vectors = scratch.allocate((long) memories.length * IoVec.BYTES, Long.BYTES).address();
        for (int i = 0; i < memories.length; i++) {
            IoMemory memory = memories[i];
            if (memory == null) continue;
            long vector = vectors + (long) i * IoVec.BYTES;
            IoVec.put(vector, memory.address(0, memory.bytes()), memory.bytes());
        }
        return vectors;
    }
}
