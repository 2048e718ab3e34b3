package dev.torc.http.h1;

import dev.torc.core.Slice;
import dev.torc.core.spi.Connection;
import dev.torc.http.message.FileBody;

import org.jspecify.annotations.Nullable;

/// What one connection is about to send: gathered in a slice, so that the answers of one read leave
/// together. On the shard's thread; allocates nothing.
///
/// Writing fails, with false or null, only when the shard's memory is used up.
final class Output {
    private static final int SLICE_BYTES = 16 * 1024;
    private static final int SLICE_BYTES_MAX = 64 * 1024;

    /// Smaller bodies cost less when they are copied behind their heads.
    private static final int SHARED_BYTES_MIN = 4096;

    private final Connection connection;
    private @Nullable Slice gathered;
    private boolean blocked;
    private long bytesGiven;

    /// Whether a shared body has left since the last [#flush()].
    private boolean shared;

    Output(Connection connection) {
        this.connection = connection;
    }

    /// Memory with room for `bytes` bytes, to be appended to.
    @Nullable Slice room(int bytes) {
        if (gathered != null && gathered.remaining() < bytes) sendGathered();
        if (gathered == null) gathered = connection.takeSlice(Math.max(bytes, SLICE_BYTES));
        return gathered;
    }

    /// Writes all or, without memory for it, nothing.
    boolean writeWhole(byte[] bytes) {
        return room(bytes.length) != null && write(bytes);
    }

    boolean write(byte[] bytes) {
        return write(bytes, 0, bytes.length);
    }

    boolean write(byte[] source, int offset, int length) {
        bytesGiven += length;
        return write(source, (long) offset, length);
    }

    boolean write(Slice source) {
        if (source.length() == 0) return true;
        bytesGiven += source.length();
        if (!leavesAlone(source)) return write(null, source.address(), source.length());
        source.retain();
        shared = true;
        Slice head = gathered;
        gathered = null;
        if (!(head == null ? connection.send(source) : connection.send(head, source))) {
            blocked = true;
        }
        return true;
    }

    /// Whether [#write(Slice)] sends this body from where it is, behind what was gathered. Of the
    /// smaller ones only the first of a read: answers to pipelined requests leave together, for
    /// which they are copied.
    boolean leavesAlone(Slice body) {
        int bytesMin = shared ? SLICE_BYTES_MAX : SHARED_BYTES_MIN;
        return body.isShared() && body.length() >= bytesMin;
    }

    /// Sends what was gathered, then `slice`, whose ownership it takes.
    void send(Slice slice) {
        bytesGiven += slice.length();
        sendGathered();
        sendNow(slice);
    }

    /// Sends what was gathered, then a part of a file.
    void send(FileBody body, int part) {
        Slice head = gathered;
        gathered = null;
        long start = body.parts().start(part);
        long count = body.parts().end(part) - start;
        bytesGiven += count;
        if (!connection.sendFile(head, body.file(), start, count, body.strategy())) blocked = true;
    }

    /// Sends what was gathered.
    void flush() {
        shared = false;
        sendGathered();
    }

    private void sendGathered() {
        Slice slice = gathered;
        if (slice == null) return;
        gathered = null;
        sendNow(slice);
    }

    /// All bytes but those that were appended to a [#room(int)], which the heads of answers are.
    long bytesGiven() {
        return bytesGiven;
    }

    /// Whether more is queued than the peer takes, until [#unblock()].
    boolean isBlocked() {
        return blocked;
    }

    void unblock() {
        blocked = false;
    }

    /// Sends what was gathered, then closes the connection.
    void close(boolean peerMaySend) {
        flush();
        if (peerMaySend) {
            connection.closeLingering();
        } else {
            connection.close();
        }
    }

    /// Forgets what was gathered.
    void drop() {
        if (gathered != null) gathered.release();
        gathered = null;
    }

    /// From an index of the array or, without one, from a native address on.
    private boolean write(byte @Nullable [] array, long from, int length) {
        for (int done = 0; done < length; ) {
            Slice slice = room(Math.min(length - done, SLICE_BYTES_MAX));
            if (slice == null) return false;
            int count = Math.min(slice.remaining(), length - done);
            if (array == null) {
                slice.append(from + done, count);
            } else {
                slice.append(array, (int) from + done, count);
            }
            done += count;
        }
        return true;
    }

    private void sendNow(Slice slice) {
        if (!connection.send(slice)) blocked = true;
    }
}
