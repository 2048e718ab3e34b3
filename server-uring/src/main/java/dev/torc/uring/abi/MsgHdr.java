package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct msghdr`: what `sendmsg(2)` and `recvmsg(2)` are about, 56 bytes.
public final class MsgHdr {
    public static final int BYTES = 56;
    public static final int NAME = 0;
    public static final int NAMELEN = 8;
    public static final int IOV = 16;
    public static final int IOVLEN = 24;
    public static final int CONTROL = 32;
    public static final int CONTROLLEN = 40;
    public static final int FLAGS = 48;

    private MsgHdr() {}

    /// Makes it say nothing.
    public static void clear(long header) {
        Memory.fill(header, BYTES, (byte) 0);
    }

    public static void putName(long header, long name, int bytes) {
        Memory.putLong(header + NAME, name);
        Memory.putInt(header + NAMELEN, bytes);
    }

    public static void putVectors(long header, long vectors, int count) {
        Memory.putLong(header + IOV, vectors);
        Memory.putLong(header + IOVLEN, count);
    }

    public static void putControl(long header, long control, long bytes) {
        Memory.putLong(header + CONTROL, control);
        Memory.putLong(header + CONTROLLEN, bytes);
    }

    public static int nameBytes(long header) {
        return Memory.getInt(header + NAMELEN);
    }

    public static long controlBytes(long header) {
        return Memory.getLong(header + CONTROLLEN);
    }

    public static int flags(long header) {
        return Memory.getInt(header + FLAGS);
    }
}
