package dev.torc.uring.transport;

import dev.torc.core.Slice;

import org.jspecify.annotations.Nullable;

/// One connection's receive: whether the kernel has it, and into which of the [ReceiveBuffers] it
/// goes.
///
/// ```
///            fills small buffers
///   SMALL ─────────────────────────▶ BULK
///     ▲                                 │
///     └─────── has little to say ───────┘
/// ```
///
/// A multishot receive keeps to one group, so it is cancelled and armed again for a change, and
/// when it may have missed a reset. On the shard's thread; allocates nothing but a [ResetWatch],
/// once, for a connection that is not always answered at once.
final class Receive {
    private static final int FULL_IN_A_ROW = 8;
    private static final int SMALL_IN_A_ROW = 4;

    private int operation = UserData.RECV;
    private int nextOperation = UserData.RECV;
    private int streak;
    private boolean armed;
    private boolean cancelled;
    private @Nullable ResetWatch watch;

    boolean isArmed() {
        return armed;
    }

    void arm(UringConnection connection) {
        operation = nextOperation;
        streak = 0;
        connection.submissions().receive(connection, operation);
        armed = true;
    }

    void cancel(UringConnection connection) {
        if (!armed || cancelled) return;
        cancelled = true;
        connection.submissions().cancel(connection, operation);
    }

    /// The kernel has it no more.
    void ended() {
        armed = false;
        cancelled = false;
        if (watch != null) watch.stop();
    }

    /// Hands `data` over, and draws from it what there is to do differently.
    void deliver(
            UringConnection connection,
            GuardedHandler handler,
            Slice data,
            ReceiveBuffers buffers) {
        long given = ResetWatch.given(connection);
        handler.received(data);
        if (ResetWatch.given(connection) == given) watchFor(connection);
        adapt(connection, data.length(), buffers);
    }

    private void watchFor(UringConnection connection) {
        if (watch == null) watch = new ResetWatch(connection, this);
        watch.restart();
    }

    /// So much has arrived at once.
    private void adapt(UringConnection connection, int bytes, ReceiveBuffers buffers) {
        if (nextOperation != operation || !buffers.areOfTwoSizes()) return;
        boolean bulk = operation == UserData.RECV_BULK;
        int small = buffers.smallBytes();
        streak = (bulk ? bytes <= small : bytes == small) ? streak + 1 : 0;
        if (streak < (bulk ? SMALL_IN_A_ROW : FULL_IN_A_ROW)) return;
        nextOperation = bulk ? UserData.RECV : UserData.RECV_BULK;
        cancel(connection);
    }
}
