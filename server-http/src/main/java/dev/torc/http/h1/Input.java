package dev.torc.http.h1;

import dev.torc.core.BufferPool;
import dev.torc.core.Slice;
import dev.torc.core.memory.Memory;
import dev.torc.core.spi.Connection;

import org.jspecify.annotations.Nullable;

/// Bytes that one connection has received and cannot parse yet: an unfinished request, or requests
/// behind one that is being answered. Holds memory only while there are any. Also knows whether
/// more is received. On the shard's thread.
final class Input {
    private final Connection connection;
    private final BufferPool pool;
    private final int bytesMax;
    private @Nullable Slice kept;
    private boolean paused;

    Input(Connection connection, int bytesMax) {
        this.connection = connection;
        this.bytesMax = bytesMax;
        pool = connection.shard().buffers();
    }

    /// Receives no more, or again.
    void pause(boolean pausing) {
        if (pausing == paused) return;
        paused = pausing;
        if (pausing) {
            connection.pauseReceive();
        } else {
            connection.resumeReceive();
        }
    }

    /// Whether it is as much as should be kept while it is of no use.
    boolean isFull() {
        return length() > bytesMax;
    }

    boolean isEmpty() {
        return kept == null;
    }

    int length() {
        return kept == null ? 0 : kept.length();
    }

    /// The address of the first byte; there must be one.
    long address() {
        if (kept == null) throw new IllegalStateException("no input is kept");
        return kept.address();
    }

    /// Copies bytes behind those that are here; false when there is no memory for them.
    boolean keep(long source, int bytes) {
        if (bytes == 0) return true;
        Slice extended = pool.extend(kept, bytes);
        if (extended == null) return false;
        kept = extended;
        extended.append(source, bytes);
        return true;
    }

    /// The first `bytes` bytes have been used; the others move to the front.
    void used(int bytes) {
        Slice slice = kept;
        if (slice == null) return;
        int rest = slice.length() - bytes;
        if (rest == 0) {
            drop();
        } else if (bytes > 0) {
            Memory.copy(slice.address() + bytes, slice.address(), rest);
            slice.length(rest);
        }
    }

    void drop() {
        if (kept != null) kept.release();
        kept = null;
    }
}
