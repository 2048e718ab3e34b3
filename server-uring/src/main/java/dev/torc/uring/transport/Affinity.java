package dev.torc.uring.transport;

import dev.torc.core.memory.Memory;
import dev.torc.uring.RingException;
import dev.torc.uring.abi.Syscalls;

import java.lang.foreign.Arena;

/// Keeps a shard's thread on one CPU (`sched_setaffinity(2)`).
final class Affinity {
    private static final int MASK_BYTES = 1024; // 8192 CPUs, the most that Linux can be built for

    private Affinity() {}

    /// Pins the calling thread to the `index`-th CPU of its mask, counting round when there are
    /// fewer.
    static void pin(int index) {
        try (Arena scratch = Arena.ofConfined()) {
            Syscalls calls = new Syscalls(scratch);
            long mask = scratch.allocate(MASK_BYTES, Long.BYTES).address();
            int bytes = calls.schedGetaffinity(mask, MASK_BYTES);
            if (bytes < 0) throw new RingException("sched_getaffinity", bytes);
            int cpu = nthSet(mask, bytes, index);
            Memory.fill(mask, MASK_BYTES, (byte) 0);
            Memory.putByte(mask + cpu / 8, (byte) (1 << (cpu % 8)));
            int result = calls.schedSetaffinity(mask, MASK_BYTES);
            if (result < 0) throw new RingException("sched_setaffinity", result);
        }
    }

    private static int nthSet(long mask, int bytes, int index) {
        int count = 0;
        for (int i = 0; i < bytes; i++) {
            count += Integer.bitCount(Memory.getByte(mask + i) & 0xff);
        }
        int wanted = index % Math.max(count, 1);
        for (int cpu = 0; cpu < bytes * 8; cpu++) {
            boolean set = (Memory.getByte(mask + cpu / 8) >> (cpu % 8) & 1) != 0;
            if (set && wanted-- == 0) return cpu;
        }
        return 0;
    }
}
