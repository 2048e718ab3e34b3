package dev.torc.uring.transport;

import dev.torc.core.Slice;
import dev.torc.uring.constants.Errno;

import org.jspecify.annotations.Nullable;

/// Has the kernel's worker threads move a file, through a pipe of the shard's pool.
///
/// ```
/// take a pipe ──▶ FILLING: SPLICE to the pipe ──▶ DRAINING: SPLICE to the socket ──▶ give it back
///      └ none: wait for one's turn                   └ full: close the pipe, POLLING
/// ```
///
/// While it waits for the peer it has no pipe and no worker: a slow reader keeps neither from the
/// others. What was in the pipe then is spliced from the file once more.
final class SpliceTransfer extends MovingTransfer {
    private final PipeTurn turn;
    private @Nullable Pipe pipe;
    private boolean filling;
    private boolean draining;
    private int inPipe;

    SpliceTransfer(
            UringConnection connection,
            SendQueue queue,
            FileTransfers shared,
            @Nullable Slice head,
            UringFile file,
            long position,
            long left) {
        super(connection, queue, shared, head, file, position, left);
        turn = new PipeTurn(() -> shared.resumeLater(connection));
    }

    @Override
    int partBytes() {
        return Pipe.BYTES;
    }

    // ---- the way of a part

    @Override
    boolean advance() {
        if (turn.isWaiting()) return false;
        Pipe full = pipe;
        if (full == null || inPipe == 0) return super.advance();
        if (!draining) drain(full);
        return false;
    }

    @Override
    long move(int bytes) {
        Pipe empty = pipe != null ? pipe : shared.pipes().take(turn);
        if (empty == null) {
            if (!turn.isWaiting()) copy();
            return WAITS;
        }
        pipe = empty;
        filling = true;
        connection.submissions().fillPipe(connection, file, position, empty, bytes);
        return WAITS;
    }

    private void drain(Pipe full) {
        draining = true;
        connection.submissions().drainPipe(connection, full, inPipe, left > inPipe);
    }

    @Override
    void completed(int operation, int result) {
        switch (operation) {
            case UserData.FILE_FILL -> filled(result);
            case UserData.FILE_DRAIN -> drained(result);
            default -> super.completed(operation, result);
        }
        if (isDropped() && !filling && !draining) discardPipe();
    }

    private void filled(int result) {
        filling = false;
        if (isDropped()) return;
        if (result > 0) {
            inPipe = result;
            return;
        }
        releasePipe();
        if (result == 0) {
            fail(0);
        } else if (result != -Errno.EAGAIN) {
            waitOrFail(result);
        }
    }

    private void drained(int result) {
        draining = false;
        if (isDropped()) return;
        if (result > 0) {
            inPipe -= result;
            moved(result, result);
            if (inPipe == 0 && (left == 0 || shared.pipes().isWanted())) releasePipe();
            return;
        }
        if (result == -Errno.EINTR) return;
        discardPipe();
        waitOrFail(result);
    }

    private void releasePipe() {
        if (pipe != null) shared.pipes().release(pipe);
        pipe = null;
    }

    private void discardPipe() {
        if (pipe != null) shared.pipes().discard(pipe);
        pipe = null;
        inPipe = 0;
    }

    @Override
    boolean isWithKernel() {
        return filling || draining || super.isWithKernel();
    }

    @Override
    void releaseAndCancel() {
        super.releaseAndCancel();
        shared.pipes().forget(turn);
        if (filling) connection.submissions().cancel(connection, UserData.FILE_FILL);
        if (draining) connection.submissions().cancel(connection, UserData.FILE_DRAIN);
        if (!filling && !draining) discardPipe();
    }
}
