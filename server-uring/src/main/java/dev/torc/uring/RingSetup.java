package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_SETUP_ATTACH_WQ;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_COOP_TASKRUN;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_CQE32;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_CQE_MIXED;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_CQSIZE;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_DEFER_TASKRUN;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_HYBRID_IOPOLL;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_IOPOLL;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_NO_MMAP;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_NO_SQARRAY;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_REGISTERED_FD_ONLY;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_SINGLE_ISSUER;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_SQPOLL;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_SQ_AFF;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_SUBMIT_ALL;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_TASKRUN_FLAG;

import dev.torc.uring.constants.IoUring;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What a ring is to be: `io_uring_setup(2)`.
///
/// @param entries of the submission queue; the kernel rounds up to a power of two
/// @param completionEntries of the completion queue, or 0: twice as many as `entries`
/// @param flags `IORING_SETUP_` bits
/// @param threadCpu the CPU of the kernel's submission thread, with `SQ_AFF`
/// @param threadIdleMillis how long that thread spins before it sleeps, or 0: one second
/// @param sharing a ring whose kernel threads this one uses as well, with `ATTACH_WQ`
/// @param descriptorRegistered whether the ring's own descriptor is registered, which spares each
///   enter a look-up, and is only for rings that are used by the thread that opens them (5.18)
public record RingSetup(
        int entries,
        int completionEntries,
        int flags,
        int threadCpu,
        int threadIdleMillis,
        @Nullable Ring sharing,
        boolean descriptorRegistered) {

    /// A plain ring: no flags.
    public static RingSetup of(int entries) {
        return new RingSetup(entries, 0, 0, 0, 0, null, false);
    }

    /// What one thread is served best with: `SINGLE_ISSUER`, `DEFER_TASKRUN` (6.1), `SUBMIT_ALL`,
    /// `NO_SQARRAY` (6.6), and its own descriptor registered.
    public static RingSetup ofOneThread(int entries) {
        int flags =
                IORING_SETUP_SINGLE_ISSUER
                        | IORING_SETUP_DEFER_TASKRUN
                        | IORING_SETUP_SUBMIT_ALL
                        | IORING_SETUP_NO_SQARRAY;
        return of(entries).withFlags(flags).withDescriptorRegistered(true);
    }

    /// @throws IllegalArgumentException when the flags do not go together
    public RingSetup {
        Arguments.requirePositive("entries", entries);
        Arguments.requireNotNegative("threadCpu", threadCpu);
        Arguments.requireNotNegative("threadIdleMillis", threadIdleMillis);
        int unknown = flags & -(1 << IoUring.setupNames().size());
        if (unknown != 0) { // it may change how the queues are used
            throw new IllegalArgumentException(
                    "flags are from after Linux 6.18: 0x" + Integer.toHexString(unknown));
        }
        require(flags, IORING_SETUP_SQ_AFF, IORING_SETUP_SQPOLL);
        require(flags, IORING_SETUP_DEFER_TASKRUN, IORING_SETUP_SINGLE_ISSUER);
        require(flags, IORING_SETUP_REGISTERED_FD_ONLY, IORING_SETUP_NO_MMAP);
        require(flags, IORING_SETUP_HYBRID_IOPOLL, IORING_SETUP_IOPOLL);
        int taskrun = IORING_SETUP_COOP_TASKRUN | IORING_SETUP_DEFER_TASKRUN;
        require(flags, IORING_SETUP_TASKRUN_FLAG, taskrun);
        exclude(flags, IORING_SETUP_SQPOLL, taskrun | IORING_SETUP_TASKRUN_FLAG);
        exclude(flags, IORING_SETUP_CQE_MIXED, IORING_SETUP_CQE32);
        if (((flags & IORING_SETUP_ATTACH_WQ) != 0) != (sharing != null)) {
            throw new IllegalArgumentException(
                    "ATTACH_WQ and a ring to share with go together: use withWorkersOf");
        }
        boolean sized = (flags & IORING_SETUP_CQSIZE) != 0;
        if (sized != (completionEntries > 0) || completionEntries < 0) {
            throw new IllegalArgumentException(
                    "completionEntries must be positive with CQSIZE, and 0 without it:"
                            + " completionEntries="
                            + completionEntries);
        }
    }

    /// Chooses the size of the completion queue (`CQSIZE`), rounded up to a power of two.
    public RingSetup withCompletionEntries(int count) {
        int all = flags | IORING_SETUP_CQSIZE;
        return new RingSetup(
                entries, count, all, threadCpu, threadIdleMillis, sharing, descriptorRegistered);
    }

    /// Adds `IORING_SETUP_` bits.
    public RingSetup withFlags(int more) {
        return new RingSetup(
                entries,
                completionEntries,
                flags | more,
                threadCpu,
                threadIdleMillis,
                sharing,
                descriptorRegistered);
    }

    /// Lets a kernel thread take submissions, so that submitting is no system call while it is
    /// awake (`SQPOLL`). It sleeps after `idleMillis` without work.
    public RingSetup withThread(int idleMillis) {
        int all = flags | IORING_SETUP_SQPOLL;
        return new RingSetup(
                entries,
                completionEntries,
                all,
                threadCpu,
                idleMillis,
                sharing,
                descriptorRegistered);
    }

    /// [#withThread(int)], on one CPU (`SQ_AFF`).
    public RingSetup withThread(int idleMillis, int cpu) {
        int all = flags | IORING_SETUP_SQPOLL | IORING_SETUP_SQ_AFF;
        return new RingSetup(
                entries, completionEntries, all, cpu, idleMillis, sharing, descriptorRegistered);
    }

    /// Uses the kernel threads of `ring` as well (`ATTACH_WQ`, 5.6).
    public RingSetup withWorkersOf(Ring ring) {
        int all = flags | IORING_SETUP_ATTACH_WQ;
        return new RingSetup(
                entries,
                completionEntries,
                all,
                threadCpu,
                threadIdleMillis,
                ring,
                descriptorRegistered);
    }

    /// Registers the ring's own descriptor with the thread that opens it, or enables it (5.18);
    /// where the kernel does not know how, nothing is lost.
    public RingSetup withDescriptorRegistered(boolean registered) {
        return new RingSetup(
                entries,
                completionEntries,
                flags,
                threadCpu,
                threadIdleMillis,
                sharing,
                registered);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    private static void require(int flags, int flag, int needed) {
        if ((flags & flag) != 0 && (flags & needed) == 0) {
            throw new IllegalArgumentException(names(flag) + " needs " + names(needed));
        }
    }

    private static void exclude(int flags, int flag, int excluded) {
        if ((flags & flag) != 0 && (flags & excluded) != 0) {
            throw new IllegalArgumentException(
                    names(flag) + " does not go with " + names(flags & excluded));
        }
    }

    private static String names(int flags) {
        List<String> names = IoUring.setupNames();
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < names.size(); bit++) {
            if ((flags >>> bit & 1) == 0) continue;
            text.append(text.isEmpty() ? "" : " or ").append(names.get(bit));
        }
        return text.toString();
    }
}
