package dev.torc.uring.transport;

import dev.torc.core.Slice;
import dev.torc.uring.constants.Errno;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/// What one connection has to send: at most one slice with the kernel, the others waiting in order.
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
/// only fail again. Runs on the shard's thread; allocates only for a queue of several slices.
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
    private @Nullable ArrayDeque<Slice> waiting;
    private long queuedBytes;

    /// Takes ownership of `slice`.
    void add(UringConnection connection, Slice slice) {
        queuedBytes += slice.length();
        if (current == null) {
            current = slice;
            sendInline(connection);
        } else if (!joinLast(slice)) {
            if (waiting == null) waiting = new ArrayDeque<>(4);
            waiting.add(slice);
        }
    }

    /// Bytes of all slices that are here, with the kernel or waiting.
    long queuedBytes() {
        return queuedBytes;
    }

    boolean isEmpty() {
        return current == null;
    }

    /// Whether the kernel may still read a slice.
    boolean isWithKernel() {
        return state != IDLE;
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
            for (Slice slice : waiting) {
                queuedBytes -= slice.length();
                slice.release();
            }
            waiting = null;
        }
        if (state == IDLE && current != null) releaseCurrent();
    }

    /// The inline send `number` was consumed, and every completion posted by then has been handled.
    /// Returns whether it took all of its slice.
    boolean settled(UringConnection connection, int number) {
        if (state != INLINE || inlineNumber != number) return false;
        state = IDLE;
        releaseCurrent();
        sendNext(connection, false);
        return true;
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
            releaseCurrent();
            if (closing) return 0;
            return result == 0 ? Errno.EPIPE : -result;
        }
        if (offset < slice.length()) {
            sendArmed(connection);
        } else {
            releaseCurrent();
            sendNext(connection, true);
        }
        return 0;
    }

    /// Small slices that wait share one's memory: otherwise each would hold 4 KiB, however little
    /// it has to say, and cost a send of its own.
    private boolean joinLast(Slice slice) {
        Slice last = waiting == null ? null : waiting.peekLast();
        if (last == null || slice.length() > Math.min(last.remaining(), JOINED_BYTES_MAX)) {
            return false;
        }
        last.append(slice.address(), slice.length());
        slice.release();
        return true;
    }

    private void sendNext(UringConnection connection, boolean stalled) {
        if (waiting == null) return;
        current = waiting.poll();
        if (current == null) return;
        if (stalled) {
            sendArmed(connection);
        } else {
            sendInline(connection);
            if (!waiting.isEmpty()) connection.settleSoon();
        }
    }

    private void sendInline(UringConnection connection) {
        Slice slice = current;
        if (slice == null) return;
        state = INLINE;
        inlineNumber =
                connection.submissions().sendInline(connection, slice.address(), slice.length());
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
        slice.release();
        current = null;
        offset = 0;
    }
}
