package dev.torc.uring;

import static dev.torc.uring.Arguments.requireNotNegative;
import static dev.torc.uring.constants.IoUring.IORING_ENTER_ABS_TIMER;
import static dev.torc.uring.constants.IoUring.IORING_ENTER_EXT_ARG;

import dev.torc.uring.abi.GetEventsArg;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import java.lang.foreign.Arena;

/// Waits of other kinds than [Ring#submitAndWait(int, long)]: [Ring#waits()]. Each submits what has
/// been prepared, and returns how many entries the kernel took, or `-errno`; `-ETIME` says that the
/// time was up. A negative count or time is an [IllegalArgumentException]. Runs on the ring's
/// thread; allocates nothing.
public final class Waits {
    private static final long NANOS_PER_MICRO = 1000;
    private static final long MICROS_MAX = 0xffff_ffffL;
    private static final long TAKING_NANOS = 1_000_000_000;

    private final Ring ring;
    private final Arena arena = Arena.ofAuto();
    private final long argument;

    Waits(Ring ring) {
        this.ring = ring;
        argument = arena.allocate(GetEventsArg.WITH_TIMESPEC_BYTES, Long.BYTES).address();
        GetEventsArg.init(argument);
    }

    /// [Ring#submitAndWait(int, long)].
    int submitAndWait(int count, long waitNanos) {
        requireNotNegative("count", count);
        requireNotNegative("waitNanos", waitNanos);
        if (waitNanos == 0) return ring.enter(0, 0, 0, 0);
        if (waitNanos == Long.MAX_VALUE) return ring.enter(count, 0, 0, 0);
        GetEventsArg.putBounds(argument, 0, waitNanos);
        return ring.enter(count, IORING_ENTER_EXT_ARG, argument, GetEventsArg.BYTES);
    }

    /// Waits until the submission thread has taken so many entries that there is room for `count`,
    /// a second at most. Returns 0 or `-errno`.
    int awaitRoom(SubmissionQueue submissions, int count) {
        RingDescriptor descriptor = ring.descriptor();
        int flags = descriptor.enterFlags() | IoUring.IORING_ENTER_SQ_WAIT;
        long start = System.nanoTime();
        int result = 0;
        // The kernel waits no longer than until there is room for one.
        while (result >= 0 && submissions.room() < count) {
            if (System.nanoTime() - start > TAKING_NANOS) return -Errno.EAGAIN;
            result = ring.kernel().enter(descriptor.enterFd(), 0, 0, flags, 0, 0);
        }
        return result;
    }

    /// Waits for `count` completions for `minWaitNanos`, and when they have passed until one is
    /// there, for `waitNanos` in all at most (`Long.MAX_VALUE`: for ever). So a busy ring hands out
    /// many at once, and an idle one wakes seldom. Matches `io_uring_submit_and_wait_min_timeout`.
    /// Since 6.12.
    ///
    /// @throws UnsupportedException when this kernel does not know it
    public int submitAndWait(int count, long minWaitNanos, long waitNanos) {
        requireNotNegative("count", count);
        int micros = micros(minWaitNanos);
        requireNotNegative("waitNanos", waitNanos);
        ring.support().require("IORING_FEAT_MIN_TIMEOUT", 6, 12);
        GetEventsArg.putBounds(argument, micros, waitNanos);
        return ring.enter(count, IORING_ENTER_EXT_ARG, argument, GetEventsArg.BYTES);
    }

    /// Waits for `count` completions until the ring's clock shows `deadlineNanos`. Unless
    /// [Registrations#registerClock(int)] chose another that is the monotonic one, which
    /// `System.nanoTime()` reads. Since 6.12.
    ///
    /// @throws UnsupportedException when this kernel does not know it
    public int submitAndWaitUntil(int count, long deadlineNanos) {
        requireNotNegative("count", count);
        requireNotNegative("deadlineNanos", deadlineNanos);
        ring.support().require("IORING_ENTER_ABS_TIMER", 6, 12);
        GetEventsArg.putBounds(argument, 0, deadlineNanos);
        int flags = IORING_ENTER_EXT_ARG | IORING_ENTER_ABS_TIMER;
        return ring.enter(count, flags, argument, GetEventsArg.BYTES);
    }

    /// Says whether a thread that waits counts as one that waits for I/O, which is what Linux
    /// assumes: then the CPU's idle time is I/O wait, and its frequency is kept up. Matches
    /// `io_uring_set_iowait`. Since 6.15.
    ///
    /// @throws UnsupportedException when this kernel cannot leave it
    public void countAsIoWait(boolean counted) {
        ring.requireOpen();
        ring.support().require("IORING_ENTER_NO_IOWAIT", 6, 15);
        ring.descriptor().enterAlwaysWith(counted ? 0 : IoUring.IORING_ENTER_NO_IOWAIT);
    }

    /// Rounded up: the kernel counts shortest waits in microseconds.
    static int micros(long minWaitNanos) {
        requireNotNegative("minWaitNanos", minWaitNanos);
        long whole = minWaitNanos / NANOS_PER_MICRO;
        long micros = minWaitNanos % NANOS_PER_MICRO == 0 ? whole : whole + 1;
        if (micros > MICROS_MAX) {
            throw new IllegalArgumentException(
                    "minWaitNanos must be "
                            + MICROS_MAX * NANOS_PER_MICRO
                            + " at most: minWaitNanos="
                            + minWaitNanos);
        }
        return (int) micros;
    }
}
