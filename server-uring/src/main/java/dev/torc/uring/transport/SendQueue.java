package dev.torc.uring.transport;

import dev.torc.core.Slice;
import dev.torc.uring.constants.Errno;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/// What one connection has to send, slices and files: at most one slice with the kernel, the others
/// waiting in order.
///
/// ```
///          add                 took all of it
/// IDLE ──────────▶ INLINE ─────────────────────▶ next slice, or IDLE
///                    │ took a part, or nothing
///                    ▼           sent
///                  ARMED ──────────────────────▶ next slice (ARMED again), or IDLE
/// ```
///
/// INLINE tries without waiting (see [InlineSends]); ARMED lets the kernel wait for room and tell
/// when everything has gone. After a stall the rest of the queue goes ARMED: trying again would
/// only fail again.
///
/// A file at the head of the queue makes its own way to the socket, or has the parts sent that it
/// has read ([FileTransfer]). Runs on the shard's thread; allocates only for a queue of several
/// slices.
final class SendQueue {
    private static final int IDLE = 0;
    private static final int INLINE = 1;
    private static final int ARMED = 2;

    /// Bytes that the kernel is asked to wait for room for at once. It tells of a send when all of
    /// it has gone, and a connection that gets on must be seen to.
    private static final int ARMED_BYTES_MAX = 1 << 16;

    /// Slices of up to so many bytes are appended to the last that waits.
    private static final int JOINED_BYTES_MAX = 4096;

    private int state = IDLE;
    private int offset;
    private int inlineNumber;
    private @Nullable Slice current;

    /// What goes behind `current` with the same inline send, or right after it.
    private @Nullable Slice behind;

    private @Nullable FileTransfer transfer;

    /// Slices and transfers.
    private @Nullable ArrayDeque<Object> waiting;

    private boolean stalled;
    private boolean replaced;
    private long queuedBytes;

    void add(UringConnection connection, Slice slice) {
        add(connection, slice, null);
    }

    /// Takes ownership of `slice` and, only where nothing is queued yet, of what goes with it.
    void add(UringConnection connection, Slice slice, @Nullable Slice with) {
        queuedBytes += slice.length() + (with == null ? 0 : with.length());
        if (isEmpty()) {
            stalled = false;
            current = slice;
            behind = with;
            sendInline(connection);
        } else if (!joinLast(slice)) {
            append(slice);
        }
    }

    void add(UringConnection connection, FileTransfer added) {
        queuedBytes += added.queuedBytes();
        if (isEmpty()) {
            stalled = false;
            transfer = added;
            sendNext(connection);
        } else {
            append(added);
        }
    }

    private void append(Object last) {
        if (waiting == null) waiting = new ArrayDeque<>(4);
        waiting.add(last);
    }

    /// Bytes in memory of all that is here, with the kernel or waiting.
    long queuedBytes() {
        return queuedBytes;
    }

    boolean isEmpty() {
        return current == null && transfer == null;
    }

    /// Whether the kernel may still read a slice, or has an operation of a file's.
    boolean isWithKernel() {
        return state != IDLE || (transfer != null && transfer.isWithKernel());
    }

    /// Whether the slice at hand was submitted to be finished at once, which [InlineSends] will
    /// tell.
    boolean isInline() {
        return state == INLINE;
    }

    /// Whether the kernel waits for room, so that the send can be cancelled.
    boolean isArmed() {
        return state == ARMED;
    }

    /// Releases what the kernel does not have.
    void drop() {
        if (waiting != null) {
            for (Object one : waiting) {
                if (one instanceof Slice slice) {
                    queuedBytes -= slice.length();
                    slice.release();
                } else if (one instanceof FileTransfer file) {
                    file.drop();
                    file.end();
                }
            }
            waiting = null;
        }
        if (state == IDLE) releaseAll();
        if (transfer != null) {
            transfer.drop();
            endDropped();
        }
    }

    // ---- files

    /// Whether no slice is with the kernel.
    boolean isFree() {
        return current == null;
    }

    /// Sends a part of the file at the head of the queue, which has been counted.
    void sendPart(UringConnection connection, Slice part) {
        current = part;
        if (stalled) {
            sendArmed(connection);
        } else {
            sendInline(connection);
            connection.settleSoon();
        }
    }

    /// So many bytes more, or fewer, are in memory.
    void counted(long bytes) {
        queuedBytes += bytes;
    }

    /// The transfer at the head of the queue goes on as another.
    void replace(FileTransfer other) {
        if (transfer != null) transfer.end();
        transfer = other;
        replaced = true;
    }

    /// An operation of the transfer at the head of the queue has completed.
    void fileCompleted(UringConnection connection, int operation, int result) {
        FileTransfer file = transfer;
        if (file == null) throw new IllegalStateException("no file is being sent");
        file.completed(operation, result);
        if (file.isDropped()) {
            endDropped();
        } else {
            sendNext(connection);
        }
    }

    /// The transfer at the head of the queue, if there is one still, goes on.
    void resume(UringConnection connection) {
        if (transfer != null && !transfer.isDropped() && isFree()) sendNext(connection);
    }

    private void endDropped() {
        FileTransfer file = transfer;
        if (file == null || file.isWithKernel()) return;
        transfer = null;
        file.end();
    }

    // ---- slices

    /// The inline send `number` was consumed, and every completion posted by then has been handled.
    /// Returns the bytes of its slice, all of which it took; 0 if it is not the one at hand.
    int settled(UringConnection connection, int number) {
        Slice slice = current;
        if (slice == null || state != INLINE || inlineNumber != number) return 0;
        int bytes = slice.length() + (behind == null ? 0 : behind.length());
        state = IDLE;
        releaseAll();
        stalled = false;
        sendNext(connection);
        return bytes;
    }

    /// A send has completed with `result` bytes or `-errno`. Returns 0, or the errno that ends the
    /// connection. When `closing`, nothing further is sent.
    int completed(UringConnection connection, int result, boolean closing) {
        Slice slice = current;
        if (slice == null) return 0;
        state = IDLE;
        offset += Math.max(result, 0);
        boolean retry = result > 0 || result == -Errno.EAGAIN || result == -Errno.EINTR;
        if (closing || !retry) {
            releaseAll();
            if (closing) return 0;
            return result == 0 ? Errno.EPIPE : -result;
        }
        // Of two slices at most the second is left; it was not sent as a whole, or this were
        // silent.
        if (offset >= slice.length()) releaseCurrent();
        if (current != null) {
            sendArmed(connection);
        } else {
            stalled = true;
            sendNext(connection);
        }
        return 0;
    }

    /// Small slices that wait share one's memory: otherwise each would hold 4 KiB, however little
    /// it has to say, and cost a send of its own.
    private boolean joinLast(Slice slice) {
        if (waiting == null || !(waiting.peekLast() instanceof Slice last)) return false;
        if (slice.length() > Math.min(last.remaining(), JOINED_BYTES_MAX)) {
            return false;
        }
        last.append(slice.address(), slice.length());
        slice.release();
        return true;
    }

    /// Goes on until something is with the kernel or under way, or nothing is left.
    private void sendNext(UringConnection connection) {
        while (true) {
            FileTransfer file = transfer;
            if (file == null) {
                if (waiting == null || !startNext(connection, waiting)) return;
            } else if (file.isDropped()) {
                return;
            } else if (file.advance()) {
                transfer = null;
                file.end();
            } else if (replaced) {
                replaced = false;
            } else {
                return;
            }
        }
    }

    /// Whether what comes next is a file.
    private boolean startNext(UringConnection connection, ArrayDeque<Object> queue) {
        Object next = queue.poll();
        if (next instanceof FileTransfer file) {
            transfer = file;
            return true;
        }
        if (next instanceof Slice slice) {
            current = slice;
            if (stalled) {
                sendArmed(connection);
            } else {
                sendInline(connection);
                if (!queue.isEmpty()) connection.settleSoon();
            }
        }
        return false;
    }

    private void sendInline(UringConnection connection) {
        Slice slice = current;
        if (slice == null) return;
        Submissions ring = connection.submissions();
        state = INLINE;
        inlineNumber =
                behind == null
                        ? ring.sendInline(connection, slice.address(), slice.length())
                        : ring.sendInline(connection, slice, behind);
    }

    private void sendArmed(UringConnection connection) {
        Slice slice = current;
        if (slice == null) return;
        state = ARMED;
        int bytes = Math.min(slice.length() - offset, ARMED_BYTES_MAX);
        connection.submissions().send(connection, slice.address() + offset, bytes);
    }

    private void releaseCurrent() {
        Slice slice = current;
        if (slice == null) return;
        queuedBytes -= slice.length();
        offset = Math.max(offset - slice.length(), 0);
        slice.release();
        current = behind;
        behind = null;
    }

    private void releaseAll() {
        releaseCurrent();
        releaseCurrent();
        offset = 0;
    }
}
