package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct io_uring_clone_buffers`: which buffers of another ring to share; 32 bytes.
public final class CloneBuffers {
    public static final int BYTES = 32;
    public static final int SRC_FD = 0;
    public static final int FLAGS = 4;
    public static final int SRC_OFF = 8;
    public static final int DST_OFF = 12;
    public static final int NR = 16;

    private CloneBuffers() {}

    /// Names the source; all of it is cloned unless [#putRange] says otherwise.
    public static void put(long clone, int sourceFd, int flags) {
        Memory.fill(clone, BYTES, (byte) 0);
        Memory.putInt(clone + SRC_FD, sourceFd);
        Memory.putInt(clone + FLAGS, flags);
    }

    public static void putRange(long clone, int sourceOffset, int offset, int count) {
        Memory.putInt(clone + SRC_OFF, sourceOffset);
        Memory.putInt(clone + DST_OFF, offset);
        Memory.putInt(clone + NR, count);
    }
}
