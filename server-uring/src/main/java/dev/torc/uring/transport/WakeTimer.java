package dev.torc.uring.transport;

import dev.torc.uring.Ring;
import dev.torc.uring.constants.IoUring;

/// Ends the ring's wait when the shard's next timer is due: one timeout in the kernel, which is
/// moved only when something earlier comes up.
///
/// The alternative, a bound on each wait, starts and stops a kernel timer every time the shard goes
/// to sleep. Measured on `/plaintext` with 64 connections, that cost 0.5 us of 6.5 us per request.
final class WakeTimer {
    static final long USER_DATA = UserData.encode(UserData.TIMER, 0, 0);

    private static final long QUIET = UserData.encode(UserData.QUIET, 0, 0);

    private final Ring ring;
    private boolean armed;
    private long dueNanos;

    WakeTimer(Ring ring) {
        this.ring = ring;
    }

    /// Makes sure that a wait ends `waitNanos` from `nowNanos` at the latest.
    void ensure(long nowNanos, long waitNanos) {
        long wantedNanos = nowNanos + waitNanos;
        if (armed && dueNanos - wantedNanos <= 0) return;
        if (armed) {
            ring.next()
                    .prepareTimeoutUpdate(waitNanos, USER_DATA, 0, QUIET)
                    .addFlags(IoUring.IOSQE_CQE_SKIP_SUCCESS);
        } else {
            ring.next().prepareTimeout(waitNanos, 0, 0, USER_DATA);
        }
        armed = true;
        dueNanos = wantedNanos;
    }

    /// The time is up.
    void onCompletion() {
        armed = false;
    }
}
