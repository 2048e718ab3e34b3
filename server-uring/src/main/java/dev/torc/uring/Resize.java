package dev.torc.uring;

import static dev.torc.uring.constants.IoUring.IORING_SETUP_CQE32;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_CQE_MIXED;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_CQSIZE;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_DEFER_TASKRUN;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_NO_MMAP;
import static dev.torc.uring.constants.IoUring.IORING_SETUP_NO_SQARRAY;

import dev.torc.uring.abi.Params;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import java.lang.foreign.Arena;

/// Lets the kernel move a ring's queues to larger or smaller ones, and follows it.
final class Resize {
    private static final String NAME = "IORING_REGISTER_RESIZE_RINGS";

    private Resize() {}

    static void of(Ring ring, int entries, int completionEntries) {
        ring.requireOpen();
        ring.requireNotDraining("resize");
        ring.support().require(NAME, 6, 13);
        requireFit(ring.setupFlags());
        Arguments.requirePositive("entries", entries);
        Arguments.requireNotNegative("completionEntries", completionEntries);
        submitAll(ring);
        requireMovable(ring);
        try (Arena scratch = Arena.ofConfined()) {
            long params = scratch.allocate(Params.BYTES, Long.BYTES).address();
            Params.put(params, Params.SQ_ENTRIES, entries);
            Params.put(params, Params.CQ_ENTRIES, completionEntries);
            Params.put(params, Params.FLAGS, completionEntries == 0 ? 0 : IORING_SETUP_CQSIZE);
            ring.registrations()
                    .call("RESIZE_RINGS", IoUring.IORING_REGISTER_RESIZE_RINGS, params, 1);
            Params.put(params, Params.FLAGS, ring.setupFlags());
            follow(ring, params);
        }
    }

    private static void follow(Ring ring, long params) {
        ring.sqe().expire(); // it is an entry of the old queue
        try {
            ring.move(RingMemory.map(ring.kernel(), params, ring.fd()), params);
        } catch (RingException failure) {
            ring.close(); // it works in queues that this process cannot see
            throw failure;
        }
    }

    private static void requireFit(int flags) {
        // Without NO_SQARRAY, Linux 6.18 says that the array of indices is where it was.
        int needed = IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_NO_SQARRAY;
        if ((flags & needed) != needed || (flags & IORING_SETUP_NO_MMAP) != 0) {
            throw new IllegalStateException(
                    "only a ring with DEFER_TASKRUN and NO_SQARRAY, and without NO_MMAP, can be"
                            + " resized");
        }
    }

    /// Linux 6.18 moves completions as if all had 16 bytes, and none where their counters wrap.
    private static void requireMovable(Ring ring) {
        boolean big = (ring.setupFlags() & (IORING_SETUP_CQE32 | IORING_SETUP_CQE_MIXED)) != 0;
        if ((big && ring.hasCompletions()) || ring.completions().isWrapping()) {
            throw new IllegalStateException(
                    "completions must be drained before a resize when they are big, or their 32-bit"
                            + " counters are about to wrap");
        }
    }

    /// What is prepared refers to memory beside the entries, which does not move with them.
    private static void submitAll(Ring ring) {
        while (ring.pendingCount() > 0) {
            int result = ring.submit();
            if (result <= 0) {
                throw new RingException("io_uring_enter", result < 0 ? result : -Errno.EAGAIN);
            }
        }
    }
}
