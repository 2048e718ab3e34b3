package dev.torc.uring;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.FileIndexRange;
import dev.torc.uring.abi.Rsrc;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import java.lang.foreign.Arena;
import java.util.Objects;

/// A ring's own table of open files: its operations name a file by its index here, which costs the
/// kernel no reference count on a table that all threads share. A ring has one at most. Runs on the
/// ring's thread.
///
/// A place may have a tag: when its file has been replaced or removed, and the last operation that
/// uses it has ended, the ring gets a completion with the tag as its user data, unless that is 0.
public final class DirectDescriptors implements AutoCloseable {
    /// In place of a descriptor: none.
    public static final int NONE = -1;

    /// In place of a descriptor: leave the place as it is.
    public static final int SKIP = IoUring.IORING_REGISTER_FILES_SKIP;

    private final Ring ring;
    private final int count;
    private boolean registered = true;

    /// Registers an empty table of `count` places, or of as many as `RLIMIT_NOFILE` allows
    /// (`IORING_REGISTER_FILES2`, sparse since 5.19).
    ///
    /// @throws RingException `EBUSY` when the ring has a table
    public DirectDescriptors(Ring ring, int count) {
        Arguments.requirePositive("count", count);
        ring.requireOpen();
        ring.support().require("IORING_RSRC_REGISTER_SPARSE", 5, 19);
        this.ring = ring;
        try (Arena scratch = Arena.ofConfined()) {
            long limit = scratch.allocate(16, Long.BYTES).address();
            RingException.check("getrlimit", ring.kernel().getrlimit(Linux.RLIMIT_NOFILE, limit));
            long soft = Memory.getLong(limit);
            this.count = (int) Math.min(count, soft < 0 ? Integer.MAX_VALUE : soft);
            long register = scratch.allocate(Rsrc.REGISTER_BYTES, Long.BYTES).address();
            Rsrc.putSparse(register, this.count);
            register(register);
        }
    }

    private DirectDescriptors(Ring ring, int[] fds, long[] tags) {
        if (fds.length == 0) throw new IllegalArgumentException("there must be a descriptor");
        Tags.require(tags, fds.length);
        ring.requireOpen();
        ring.support().require("IORING_REGISTER_FILES2", 5, 13);
        this.ring = ring;
        count = fds.length;
        try (Arena scratch = Arena.ofConfined()) {
            long register = scratch.allocate(Rsrc.REGISTER_BYTES, Long.BYTES).address();
            Rsrc.putTable(register, count, copy(scratch, fds), Tags.copy(scratch, tags));
            register(register);
        }
    }

    /// Registers a table of these descriptors, which the program may close afterwards; [#NONE] is
    /// an empty place. Since 5.13.
    ///
    /// @throws RingException `EBADF` when one is not open, `EMFILE` when there are more than
    ///   `RLIMIT_NOFILE`, `EBUSY` when the ring has a table
    public static DirectDescriptors of(Ring ring, int... fds) {
        return new DirectDescriptors(ring, fds, new long[fds.length]);
    }

    /// [#of(Ring, int...)], with a tag for each; an empty place has none.
    public static DirectDescriptors ofTagged(Ring ring, int[] fds, long[] tags) {
        return new DirectDescriptors(ring, fds, tags);
    }

    private void register(long register) {
        int opcode = IoUring.IORING_REGISTER_FILES2;
        ring.register("IORING_REGISTER_FILES2", opcode, register, Rsrc.REGISTER_BYTES);
    }

    /// Places in the table.
    public int count() {
        return count;
    }

    /// Replaces what is in the places from `offset` on by `fds`, [#NONE] and [#SKIP] among them.
    /// Returns how many places that were; fewer when one of the later ones is not open. Since 5.5.
    ///
    /// @throws RingException `EBADF` when the first is not open
    public int update(int offset, int... fds) {
        requirePlaces(offset, fds.length);
        try (Arena scratch = Arena.ofConfined()) {
            long update = scratch.allocate(Rsrc.UPDATE_BYTES, Long.BYTES).address();
            Rsrc.putUpdateOf(update, offset, copy(scratch, fds));
            int opcode = IoUring.IORING_REGISTER_FILES_UPDATE;
            return ring.register("IORING_REGISTER_FILES_UPDATE", opcode, update, fds.length);
        }
    }

    /// [#update(int, int...)], with a tag for each; those of [#NONE] and [#SKIP] are 0. Since 5.13.
    public int updateTagged(int offset, int[] fds, long[] tags) {
        Tags.require(tags, fds.length);
        requirePlaces(offset, fds.length);
        try (Arena scratch = Arena.ofConfined()) {
            long update = scratch.allocate(Rsrc.UPDATE2_BYTES, Long.BYTES).address();
            Rsrc.putTaggedUpdate(
                    update, offset, fds.length, copy(scratch, fds), Tags.copy(scratch, tags));
            int opcode = IoUring.IORING_REGISTER_FILES_UPDATE2;
            int bytes = Rsrc.UPDATE2_BYTES;
            return ring.register("IORING_REGISTER_FILES_UPDATE2", opcode, update, bytes);
        }
    }

    /// Lets the kernel pick places, where an operation leaves that to it, only among the `length`
    /// from `offset` on. Since 6.0.
    public void allocateFrom(int offset, int length) {
        requirePlaces(offset, length);
        ring.support().require("IORING_REGISTER_FILE_ALLOC_RANGE", 6, 0);
        try (Arena scratch = Arena.ofConfined()) {
            long range = scratch.allocate(FileIndexRange.BYTES, Long.BYTES).address();
            FileIndexRange.put(range, offset, length);
            int opcode = IoUring.IORING_REGISTER_FILE_ALLOC_RANGE;
            ring.register("IORING_REGISTER_FILE_ALLOC_RANGE", opcode, range, 0);
        }
    }

    /// Gives the table up; a file is closed when the last operation that uses it has ended. Closing
    /// the ring does that as well.
    ///
    /// @throws RingException when the kernel refuses
    @Override
    public void close() {
        if (registered && ring.isOpen()) {
            ring.register("IORING_UNREGISTER_FILES", IoUring.IORING_UNREGISTER_FILES, 0, 0);
        }
        registered = false;
    }

    private void requirePlaces(int offset, int length) {
        ring.requireOpen();
        if (!registered) throw new IllegalStateException("the table has been closed");
        Objects.checkFromIndexSize(offset, length, count);
        if (length == 0) throw new IllegalArgumentException("there must be a place: length=0");
    }

    private static long copy(Arena scratch, int[] fds) {
        long address = scratch.allocate((long) fds.length * Integer.BYTES, Long.BYTES).address();
        for (int i = 0; i < fds.length; i++) {
            Memory.putInt(address + (long) i * Integer.BYTES, fds[i]);
        }
        return address;
    }
}
