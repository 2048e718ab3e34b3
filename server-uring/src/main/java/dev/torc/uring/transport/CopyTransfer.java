package dev.torc.uring.transport;

import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.uring.constants.Errno;

import org.jspecify.annotations.Nullable;

/// Reads a file part by part and sends each from memory: while one is being sent the next is read.
///
/// ```
/// READ into a slice ──▶ ready ──▶ SEND, by the queue ──▶ released
///   └── at most one         └── at most one of them, and one being sent
/// ```
///
/// `READ` of what is in the page cache completes when it is submitted. Otherwise the kernel reads
/// asynchronously, or on a worker thread; the shard waits for neither.
final class CopyTransfer extends FileTransfer {
    /// Bytes of a part; a slow reader costs two of them.
    static final int PART_BYTES = 1 << 16;

    private final SendQueue queue;

    /// What goes first and has room for all of the file: then both are one send.
    private @Nullable Slice head;

    private @Nullable Slice reading;
    private @Nullable Slice ready;
    private int asked;

    CopyTransfer(
            UringConnection connection,
            SendQueue queue,
            @Nullable Slice head,
            UringFile file,
            long position,
            long left) {
        super(connection, file, position, left);
        this.queue = queue;
        this.head = head;
    }

    @Override
    boolean advance() {
        Slice next = ready;
        if (next != null && queue.isFree()) {
            ready = null;
            queue.sendPart(connection, next);
        }
        if (reading == null && ready == null && left > 0) startRead();
        return left == 0 && reading == null && ready == null && queue.isFree();
    }

    private void startRead() {
        Slice slice = head;
        head = null;
        int bytes = (int) Math.min(left, PART_BYTES);
        if (slice == null) slice = connection.shard().buffers().takeSpare(bytes);
        if (slice == null) {
            // The part being sent will make room; there is none if nothing is.
            if (queue.isFree()) connection.abort(CloseReason.OUT_OF_BUFFERS);
            return;
        }
        asked = bytes;
        read(slice);
    }

    private void read(Slice slice) {
        reading = slice;
        long address = slice.address() + slice.length();
        connection.submissions().readFile(connection, file, address, asked, position);
    }

    @Override
    void completed(int operation, int result) {
        Slice slice = reading;
        if (slice == null) throw new IllegalStateException("nothing is being read");
        reading = null;
        if (isDropped()) {
            release(slice);
        } else if (result == -Errno.EAGAIN || result == -Errno.EINTR) {
            read(slice);
        } else if (result <= 0) {
            release(slice);
            fail(result);
        } else if (result > asked) {
            throw new IllegalStateException("read too much: " + result);
        } else {
            slice.length(slice.length() + result);
            queue.counted(result);
            sent(result);
            ready = slice;
        }
    }

    @Override
    boolean isWithKernel() {
        return reading != null;
    }

    @Override
    void releaseAndCancel() {
        if (head != null) release(head);
        if (ready != null) release(ready);
        head = null;
        ready = null;
        if (reading != null) connection.submissions().cancel(connection, UserData.FILE_READ);
    }

    @Override
    long queuedBytes() {
        return head == null ? 0 : head.length();
    }

    private void release(Slice slice) {
        queue.counted(-slice.length());
        slice.release();
    }
}
