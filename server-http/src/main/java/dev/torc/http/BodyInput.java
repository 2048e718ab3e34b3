package dev.torc.http;

import dev.torc.core.Slice;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A request body handed over by the shard and read by a blocking thread: a ring of bytes between
/// the two. The reader waits while it is empty; the shard pauses the connection while it is full.
///
/// The ring grows with what arrives: to a multiple of [#FULL_BYTES], if a single piece is larger.
final class BodyInput extends InputStream implements BodyConsumer {
    static final int FULL_BYTES = 1 << 17;

    private static final int REFILL_BYTES = FULL_BYTES / 4;
    private static final int RING_BYTES_MIN = 1 << 13;

    private final Request request;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private byte[] ring = new byte[0];
    private int start;
    private int bytes;
    private boolean asked;
    private boolean ended;
    private boolean closed;
    private boolean paused;
    private @Nullable IOException failure;

    BodyInput(Request request) {
        this.request = request;
    }

    // ---- the reader

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) return 0;
        ask();
        lock.lock();
        try {
            while (bytes == 0 && !ended && !closed && failure == null) {
                changed.awaitUninterruptibly();
            }
            if (closed) throw new IOException("the request body has been closed");
            if (failure != null) throw new IOException(failure.getMessage(), failure);
            if (bytes == 0) return -1;
            int count = Math.min(length, bytes);
            copyOut(target, offset, count);
            drop(count);
            return count;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return closed ? 0 : bytes;
        } finally {
            lock.unlock();
        }
    }

    /// What has not been read is dropped, also what is still to come.
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) return;
            closed = true;
            ring = new byte[0];
            bytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        request.discardBody();
    }

    /// The body is asked for by the first read: whoever never reads it does not make a peer that
    /// waits for a 100 (Continue) send it.
    private void ask() {
        lock.lock();
        try {
            if (asked || closed) return;
            asked = true;
        } finally {
            lock.unlock();
        }
        request.receiveNow(this);
    }

    // ---- the shard

    @Override
    public void onPiece(Slice piece) {
        lock.lock();
        try {
            if (closed) return;
            int length = piece.length();
            makeRoom(length);
            int end = (start + bytes) % ring.length;
            int first = Math.min(length, ring.length - end);
            piece.copyTo(0, ring, end, first);
            piece.copyTo(first, ring, 0, length - first);
            bytes += length;
            if (bytes >= FULL_BYTES && !paused) {
                paused = true;
                request.pauseReceive();
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onEnd() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onFailure(IOException ending) {
        lock.lock();
        try {
            failure = ending;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- the ring

    private void copyOut(byte[] target, int offset, int count) {
        int first = Math.min(count, ring.length - start);
        System.arraycopy(ring, start, target, offset, first);
        System.arraycopy(ring, 0, target, offset + first, count - first);
    }

    private void drop(int count) {
        start = (start + count) % ring.length;
        bytes -= count;
        if (paused && bytes <= REFILL_BYTES) {
            paused = false;
            request.resumeReceive();
        }
    }

    private void makeRoom(int more) {
        int needed = bytes + more;
        if (needed <= ring.length) return;
        byte[] larger = new byte[Math.max(RING_BYTES_MIN, Integer.highestOneBit(needed - 1) * 2)];
        copyOut(larger, 0, bytes);
        ring = larger;
        start = 0;
    }
}
