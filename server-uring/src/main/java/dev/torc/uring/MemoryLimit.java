package dev.torc.uring;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Kernel;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.Linux;

import java.lang.foreign.Arena;

/// Memory that the kernel keeps in place for a ring counts against `RLIMIT_MEMLOCK`; when that is
/// used up it says no more than `ENOMEM`.
final class MemoryLimit {
    private static final long KIB = 1024;

    private MemoryLimit() {}

    /// Returns `result` when it is not an error.
    static int check(Kernel calls, String operation, int result) {
        if (result < 0) throw refusal(calls, operation, result);
        return result;
    }

    /// The refusal of `operation` with the errno that `result` is, and the limit if it may be that.
    static RingException refusal(Kernel calls, String operation, int result) {
        long allowed = result == -Errno.ENOMEM ? softLimit(calls) : -1;
        if (allowed < 0) return new RingException(operation, result);
        String reason =
                Errno.describe(result)
                        + ": all of this user's rings may lock "
                        + allowed / KIB
                        + " KiB of memory (RLIMIT_MEMLOCK); raise that with `ulimit -l`,"
                        + " `LimitMEMLOCK=` of systemd or `--ulimit memlock=` of Docker, or give"
                        + " the process CAP_IPC_LOCK";
        return new RingException(operation, reason, result);
    }

    /// In bytes; negative when there is none, or it is not known.
    private static long softLimit(Kernel calls) {
        try (Arena scratch = Arena.ofConfined()) {
            long limit = scratch.allocate(2 * Long.BYTES, Long.BYTES).address();
            return calls.getrlimit(Linux.RLIMIT_MEMLOCK, limit) < 0 ? -1 : Memory.getLong(limit);
        }
    }
}
