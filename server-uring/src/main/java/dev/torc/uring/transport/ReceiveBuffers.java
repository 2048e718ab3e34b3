package dev.torc.uring.transport;

import dev.torc.core.Limits;
import dev.torc.uring.BufferRing;
import dev.torc.uring.Ring;
import dev.torc.uring.abi.BufRing;

/// What a shard's connections receive into: many small buffers, of which each that has something to
/// say gets its own, and a few large ones for those that send a lot. A large one takes what would
/// cost sixteen completions, and the few stay in the processor's cache. On the shard's thread;
/// allocates nothing.
final class ReceiveBuffers {
    private static final int GROUP = 0;
    private static final int BULK_GROUP = 1;

    private final int count;
    private final BufferRing small;
    private final BufferRing bulk;

    ReceiveBuffers(Ring ring, Limits limits) {
        count = limits.receiveBuffers() + limits.bulkBuffers();
        small =
                BufferRing.unmanaged(
                        ring, GROUP, limits.receiveBuffers(), limits.receiveBufferBytes());
        bulk =
                BufferRing.unmanaged(
                        ring, BULK_GROUP, limits.bulkBuffers(), limits.bulkBufferBytes());
    }

    /// The entries of the rings, which count against `RLIMIT_MEMLOCK`: each ring has pages of its
    /// own.
    static long[] entriesBytes(Limits limits) {
        long small = (long) limits.receiveBuffers() * BufRing.ENTRY_BYTES;
        long bulk = (long) limits.bulkBuffers() * BufRing.ENTRY_BYTES;
        return new long[] {small, bulk};
    }

    /// Those that a receive with this operation uses.
    BufferRing of(int operation) {
        return operation == UserData.RECV_BULK ? bulk : small;
    }

    int smallBytes() {
        return small.bufferBytes();
    }

    boolean areOfTwoSizes() {
        return bulk.bufferBytes() > small.bufferBytes();
    }

    /// All buffers.
    int count() {
        return count;
    }

    /// Buffers that are neither with the kernel nor ready for it.
    int outCount() {
        return small.outCount() + bulk.outCount();
    }

    void publish() {
        small.publish();
        bulk.publish();
    }

    void close() {
        small.close();
        bulk.close();
    }
}
