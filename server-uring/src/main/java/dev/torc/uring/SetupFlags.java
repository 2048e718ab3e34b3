package dev.torc.uring;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.abi.Params;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import java.lang.foreign.Arena;
import java.util.List;

/// Which set-up flags the running kernel knows: it refuses a ring with one that it does not.
final class SetupFlags {
    // By bit, up to Linux 6.18.
    private static final List<KernelRelease> SINCE =
            List.of(
                            "5.1 5.1 5.1 5.5 5.6 5.6 5.10 5.18 5.19 5.19 5.19 5.19 6.0 6.1 6.5"
                                    .concat(" 6.5 6.6 6.13 6.18")
                                    .split(" "))
                    .stream()
                    .map(KernelRelease::parse)
                    .toList();

    private SetupFlags() {}

    /// @throws UnsupportedException when the kernel does not know one of `flags`: names the one
    ///   that came last
    static void requireKnown(Kernel calls, int flags) {
        for (int bit = SINCE.size() - 1; bit >= 0; bit--) {
            int flag = 1 << bit;
            if ((flags & flag) == 0 || isKnown(calls, flag)) continue;
            String name = "IORING_SETUP_" + IoUring.setupNames().get(bit);
            throw new UnsupportedException(name, SINCE.get(bit));
        }
    }

    /// Asks for a ring that cannot be, with everything that the flag needs: a kernel that knows the
    /// flag complains of something else than that, or gives a ring.
    private static boolean isKnown(Kernel calls, int flag) {
        int needed =
                switch (flag) {
                    case IoUring.IORING_SETUP_SQ_AFF -> IoUring.IORING_SETUP_SQPOLL;
                    case IoUring.IORING_SETUP_DEFER_TASKRUN -> IoUring.IORING_SETUP_SINGLE_ISSUER;
                    case IoUring.IORING_SETUP_TASKRUN_FLAG -> IoUring.IORING_SETUP_COOP_TASKRUN;
                    case IoUring.IORING_SETUP_HYBRID_IOPOLL -> IoUring.IORING_SETUP_IOPOLL;
                    // Their own conditions are not about flags alone: as if known.
                    case IoUring.IORING_SETUP_ATTACH_WQ, IoUring.IORING_SETUP_CQSIZE -> -1;
                    // Memory at 0 is none: a kernel that wants memory has EFAULT for that.
                    case IoUring.IORING_SETUP_REGISTERED_FD_ONLY -> IoUring.IORING_SETUP_NO_MMAP;
                    default -> 0;
                };
        if (needed < 0) return true;
        try (Arena scratch = Arena.ofConfined()) {
            long params = scratch.allocate(Params.BYTES, Long.BYTES).address();
            Memory.fill(params, Params.BYTES, (byte) 0);
            Params.put(params, Params.FLAGS, flag | needed | IoUring.IORING_SETUP_R_DISABLED);
            int result = calls.setup(1, params);
            if (result >= 0) calls.close(result);
            return result != -Errno.EINVAL;
        }
    }
}
