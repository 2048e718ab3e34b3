package dev.torc.uring.abi;

/// `struct cmsghdr`, which each control message begins with: 16 bytes, and its data behind it. The
/// next one is at a multiple of 8.
public final class CmsgHdr {
    public static final int BYTES = 16;
    public static final int LEN = 0;
    public static final int LEVEL = 8;
    public static final int TYPE = 12;
    public static final int ALIGNMENT = 8;

    private CmsgHdr() {}

    /// Bytes from a message of `length` bytes, its header counted, to the one behind it.
    public static long step(long length) {
        return length + ALIGNMENT - 1 & -ALIGNMENT;
    }
}
