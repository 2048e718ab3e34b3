package dev.torc.uring.transport;

import dev.torc.core.TimerWheel;
import dev.torc.uring.Ring;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import java.net.InetSocketAddress;

/// Accepts a shard's connections as direct descriptors, and never more than there are slots for.
///
/// A multishot accept empties the listener's whole backlog in one go, and a connection for which
/// the table of direct descriptors has no place is taken from the backlog and lost. So multishot is
/// used only while there are more free slots than the backlog can hold; nearer to the limit
/// connections are accepted one at a time, and at the limit none: they wait in the backlog.
final class Acceptor {
    private static final long BACKOFF_NANOS = 20_000_000;
    private static final long USER_DATA = UserData.encode(UserData.ACCEPT, 0, 0);

    private final UringTransport transport;
    private final Ring ring;
    private final int backlog;
    private final Listener listener;
    private final TimerWheel.Timer backoff =
            new TimerWheel.Timer() {
                @Override
                protected void onExpire(long nowNanos) {
                    arm();
                }
            };
    private boolean armed;
    private boolean multishot;
    private boolean cancelled;
    private boolean stopped;
    private boolean full;
    private long pauses;

    Acceptor(UringTransport transport, Ring ring, Kernel calls, int backlog) {
        this.transport = transport;
        this.ring = ring;
        this.backlog = backlog;
        listener = new Listener(calls);
    }

    InetSocketAddress listen(InetSocketAddress address, boolean shared, boolean first) {
        InetSocketAddress bound = listener.open(address, backlog, shared, first);
        arm();
        return bound;
    }

    void onCompletion(int result, int flags) {
        if ((flags & IoUring.IORING_CQE_F_MORE) == 0) {
            armed = false;
            cancelled = false;
        }
        if (result >= 0) {
            transport.accepted(result);
        } else if (result != -Errno.ECANCELED && !stopped && retriesLater(-result)) {
            return;
        }
        if (stopped) {
            closeListener();
        } else {
            arm();
        }
    }

    /// A slot has become free.
    void released() {
        if (!stopped && !backoff.scheduled()) arm();
    }

    void stop() {
        stopped = true;
        transport.shard().timers().cancel(backoff);
        cancel();
        closeListener();
    }

    boolean isArmed() {
        return armed;
    }

    boolean isStopped() {
        return stopped;
    }

    long pauseCount() {
        return pauses;
    }

    private void arm() {
        int free = transport.slots().freeCount();
        boolean plenty = free > backlog;
        if (armed) {
            if (multishot && !plenty) cancel();
            return;
        }
        if (free <= 0) {
            if (!full) pauses++;
            full = true;
            return;
        }
        full = false;
        armed = true;
        multishot = plenty;
        if (multishot) {
            ring.next().prepareMultishotAcceptDirect(listener.fd(), 0, USER_DATA);
        } else {
            ring.next().prepareAcceptDirectAlloc(listener.fd(), 0, USER_DATA);
        }
    }

    private void cancel() {
        if (!armed || cancelled) return;
        cancelled = true;
        Submissions.cancel(ring, USER_DATA);
    }

    /// Errors of the connection at hand are passed over at once; those of the machine need time.
    private boolean retriesLater(int errno) {
        boolean passing =
                errno == Errno.ECONNABORTED || errno == Errno.EINTR || errno == Errno.EAGAIN;
        if (passing) return false;
        pauses++;
        transport.logAcceptError(errno);
        long now = transport.shard().nowNanos();
        transport.shard().timers().schedule(backoff, now + BACKOFF_NANOS);
        return true;
    }

    private void closeListener() {
        if (!armed) listener.close();
    }
}
