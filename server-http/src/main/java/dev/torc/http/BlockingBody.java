package dev.torc.http;

import dev.torc.core.Slice;
import dev.torc.http.message.ConnectionEnded;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A response body written by a blocking thread and taken over by the shard: a ring of bytes
/// between the two. The writer waits while it is full, the shard while it is empty.
final class BlockingBody extends OutputStream implements BodyProducer {
    private static final int RING_BYTES = 1 << 17;

    private final Response response;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] ring = new byte[RING_BYTES];
    private long written;
    private long taken;
    private boolean closed;
    private boolean abandoned;
    private boolean shardWaits;

    BlockingBody(Response response) {
        this.response = response;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        java.util.Objects.checkFromIndexSize(offset, length, source.length);
        int done = 0;
        while (done < length) {
            lock.lock();
            try {
                awaitRoom();
                int at = (int) (written % RING_BYTES);
                int room = RING_BYTES - (int) (written - taken);
                int count = Math.min(Math.min(room, RING_BYTES - at), length - done);
                System.arraycopy(source, offset + done, ring, at, count);
                written += count;
                done += count;
                // The shard is told once there is a good piece for it, or at a flush.
                if (written - taken > RING_BYTES / 2) wakeShard();
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        lock.lock();
        try {
            if (abandoned) throw new ConnectionEnded("the connection has ended");
            if (written > taken) wakeShard();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) return;
            closed = true;
            wakeShard();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Progress produce(Slice buffer) {
        lock.lock();
        try {
            while (taken < written && buffer.remaining() > 0) {
                int at = (int) (taken % RING_BYTES);
                int there = (int) Math.min(written - taken, RING_BYTES - at);
                int count = Math.min(there, buffer.remaining());
                buffer.append(ring, at, count);
                taken += count;
            }
            changed.signal();
            if (taken < written) return Progress.MORE;
            shardWaits = !closed;
            return closed ? Progress.DONE : Progress.LATER;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void abandon() {
        lock.lock();
        try {
            abandoned = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom() throws IOException {
        while (written - taken == RING_BYTES && !abandoned) {
            wakeShard();
            changed.awaitUninterruptibly();
        }
        if (abandoned) throw new ConnectionEnded("the connection has ended");
        if (closed) throw new IOException("the response body has been closed");
    }

    private void wakeShard() {
        if (!shardWaits) return;
        shardWaits = false;
        response.resume();
    }
}
