package dev.torc.http.log;

import java.util.concurrent.atomic.AtomicLong;

/// Whole lines on their way from one shard's thread, which puts, to the log's, which takes. Neither
/// waits for the other: what does not fit is dropped and counted. Allocates nothing.
final class LineRing {
    private final byte[] bytes;
    private final int mask;

    /// Bytes put, and taken, since the start: each written by one thread.
    private final AtomicLong put = new AtomicLong();

    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    /// The taker's position as the putter has last seen it.
    private long takenSeen;

    /// @param capacity in bytes, a power of two
    LineRing(int capacity) {
        bytes = new byte[capacity];
        mask = capacity - 1;
    }

    int capacity() {
        return bytes.length;
    }

    /// Puts a line as a whole, or not at all. On the shard's thread.
    boolean put(byte[] line, int length) {
        long end = put.getPlain();
        if (end + length - takenSeen > bytes.length) {
            takenSeen = taken.getAcquire();
            if (end + length - takenSeen > bytes.length) {
                dropped.setOpaque(dropped.getPlain() + 1);
                return false;
            }
        }
        int start = (int) end & mask;
        int first = Math.min(length, bytes.length - start);
        System.arraycopy(line, 0, bytes, start, first);
        System.arraycopy(line, first, bytes, 0, length - first);
        put.setRelease(end + length);
        return true;
    }

    /// Whether more than half of it waits, as far as the putter knows. On the shard's thread.
    boolean isHalfFull() {
        if (put.getPlain() - takenSeen <= bytes.length / 2) return false;
        takenSeen = taken.getAcquire();
        return put.getPlain() - takenSeen > bytes.length / 2;
    }

    /// Moves all lines that are there to `target`, which has room for a ring's capacity from
    /// `index` on; returns their bytes. On the log's thread.
    int take(byte[] target, int index) {
        long from = taken.getPlain();
        int length = (int) (put.getAcquire() - from);
        int start = (int) from & mask;
        int first = Math.min(length, bytes.length - start);
        System.arraycopy(bytes, start, target, index, first);
        System.arraycopy(bytes, 0, target, index + first, length - first);
        taken.setRelease(from + length);
        return length;
    }

    boolean isEmpty() {
        return put.getAcquire() == taken.getPlain();
    }

    /// Lines for which there was no room. Any thread.
    long droppedCount() {
        return dropped.getOpaque();
    }
}
