package dev.torc.uring.transport;

import dev.torc.core.Slice;
import dev.torc.core.spi.CloseReason;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.Linux;

import org.jspecify.annotations.Nullable;

/// Moves a file to a socket part by part, without its bytes passing through memory of the process,
/// on a socket that does not block.
///
/// ```
///        cold: READ, which warms it           full: POLL_ADD(POLLOUT)
///      ┌───────────▶ WARMING ──────┐     ┌─────────▶ POLLING ──────┐
/// is it in the page cache? ────▶ move a part ────▶ the next part ...
/// ```
///
/// The one thing that moving would wait for is the disk. So a part is looked at first, and what is
/// not in the page cache is read by the ring, into memory that nobody looks at.
abstract class MovingTransfer extends FileTransfer {
    static final long WAITS = -1;

    private static final int HEAD_FLAGS = Linux.MSG_DONTWAIT | Linux.MSG_NOSIGNAL;

    final FileTransfers shared;
    private final SendQueue queue;
    private @Nullable Slice head;
    private int headSent;
    private boolean polling;
    private boolean warming;
    private boolean warmed;

    MovingTransfer(
            UringConnection connection,
            SendQueue queue,
            FileTransfers shared,
            @Nullable Slice head,
            UringFile file,
            long position,
            long left) {
        super(connection, file, position, left);
        this.queue = queue;
        this.shared = shared;
        this.head = head;
    }

    /// Moves up to `bytes` bytes, which are in the page cache. Returns how many went; [#WAITS] when
    /// an operation or another turn will lead to the next call, or the connection is gone.
    abstract long move(int bytes);

    /// Bytes of a part.
    abstract int partBytes();

    @Override
    boolean advance() {
        if (isWithKernel()) return false;
        long budget = FileTransfers.TURN_BYTES;
        while (head != null || left > 0) {
            if (budget <= 0) {
                shared.resumeLater(connection);
                return false;
            }
            Slice first = head;
            long sent = first != null ? sendHead(first) : sendPart();
            if (sent == WAITS) return false;
            budget -= sent;
        }
        return true;
    }

    private long sendHead(Slice slice) {
        int bytes = slice.length() - headSent;
        int flags = left > 0 ? HEAD_FLAGS | Linux.MSG_MORE : HEAD_FLAGS;
        long sent = shared.send(connection, slice.address() + headSent, bytes, flags);
        if (sent <= 0) return waitOrFail(sent);
        connection.submissions().countSend();
        connection.sent(sent);
        queue.counted(-sent);
        headSent += (int) sent;
        if (headSent < slice.length()) return poll();
        slice.release();
        head = null;
        return sent;
    }

    private long sendPart() {
        int bytes = (int) Math.min(left, partBytes());
        long now = connection.shard().nowNanos();
        if (!warmed && !shared.isWarm(file, position, bytes, now)) return warm(bytes);
        warmed = false;
        return move(bytes);
    }

    /// `sent` bytes of `bytes` have gone to the socket, or the file has ended (0), or `-errno`.
    /// Returns what [#move(int)] returns.
    final long moved(long sent, int bytes) {
        if (sent == 0) {
            fail(0);
            return WAITS;
        }
        if (sent < 0) return waitOrFail(sent);
        connection.submissions().countSend();
        connection.sent(sent);
        connection.transport().counts().movedBytes += sent;
        sent(sent);
        return sent < bytes ? poll() : sent;
    }

    /// `result` is 0 or `-errno`.
    final long waitOrFail(long result) {
        switch ((int) -result) {
            case Errno.EAGAIN -> poll();
            case Errno.EINTR -> {
                return 0;
            }
            case Errno.EINVAL, Errno.ENOSYS, Errno.EOPNOTSUPP, Errno.EMFILE, Errno.ENFILE -> copy();
            case 0, Errno.EPIPE, Errno.ECONNRESET, Errno.ETIMEDOUT, Errno.ENOTCONN ->
                    connection.abort(CloseReason.PEER_RESET);
            default -> fail((int) result);
        }
        return WAITS;
    }

    /// This file cannot be moved, or there is no pipe to move it through.
    final void copy() {
        if (head != null) throw new IllegalStateException("send(2) is refused");
        queue.replace(new CopyTransfer(connection, queue, null, file, position, left));
    }

    final long poll() {
        polling = true;
        connection.submissions().pollOut(connection);
        return WAITS;
    }

    private long warm(int bytes) {
        warming = true;
        connection.submissions().readFile(connection, file, shared.nowhere(), bytes, position);
        return WAITS;
    }

    @Override
    void completed(int operation, int result) {
        if (operation == UserData.FILE_POLL) {
            polling = false;
            return;
        }
        warming = false;
        boolean again = result == -Errno.EAGAIN || result == -Errno.EINTR;
        warmed = result > 0;
        if (!warmed && !again && !isDropped()) fail(result);
    }

    @Override
    boolean isWithKernel() {
        return polling || warming;
    }

    @Override
    void releaseAndCancel() {
        Slice slice = head;
        if (slice != null) {
            queue.counted(headSent - slice.length());
            slice.release();
            head = null;
        }
        if (polling) connection.submissions().cancel(connection, UserData.FILE_POLL);
        if (warming) connection.submissions().cancel(connection, UserData.FILE_READ);
    }

    @Override
    long queuedBytes() {
        return head == null ? 0 : head.length() - headSent;
    }
}
