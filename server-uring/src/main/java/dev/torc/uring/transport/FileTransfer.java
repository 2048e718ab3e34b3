package dev.torc.uring.transport;

import dev.torc.core.spi.CloseReason;
import dev.torc.uring.constants.Errno;

/// A part of a file on its way to a connection, at the head of its [SendQueue] or waiting there.
///
/// Holds a reference to its file until it is over, which is when the kernel uses nothing of it any
/// more. Runs on the shard's thread; allocates nothing per part that it sends.
abstract class FileTransfer {
    final UringConnection connection;
    final UringFile file;
    long position;
    long left;
    private boolean dropped;

    FileTransfer(UringConnection connection, UringFile file, long position, long left) {
        this.connection = connection;
        this.file = file;
        this.position = position;
        this.left = left;
        file.retain();
    }

    /// Goes on as far as it can. True when everything has gone; false when something is under way
    /// that will lead to another call, or the connection has been aborted.
    abstract boolean advance();

    /// An operation of this transfer has completed. [#advance()] follows, unless it was dropped.
    abstract void completed(int operation, int result);

    /// Whether the kernel has an operation of this transfer.
    abstract boolean isWithKernel();

    /// Releases what the kernel does not have, and asks it to end what it has.
    abstract void releaseAndCancel();

    /// Bytes of it in memory.
    abstract long queuedBytes();

    final boolean isDropped() {
        return dropped;
    }

    /// The connection has ended. Whoever calls this looks at [#isWithKernel()] next.
    final void drop() {
        if (dropped) return;
        dropped = true;
        releaseAndCancel();
    }

    /// Over: lets go of the file.
    final void end() {
        file.release();
    }

    final void sent(long bytes) {
        position += bytes;
        left -= bytes;
    }

    /// Reading the file has ended with `result`, 0 or `-errno`, before all was there. Aborts the
    /// connection: the peer was promised more, and gets nothing in its place.
    final void fail(int result) {
        String where = " at byte " + position + ", with " + left + " yet to send";
        String what =
                result == 0
                        ? "a file was truncated while it was sent"
                        : "a file being sent cannot be read: " + Errno.describe(result);
        connection.transport().log(what + where);
        connection.abort(CloseReason.FILE_FAILED);
    }
}
