package dev.torc.uring.abi;

/// `struct io_uring_recvmsg_out`: what a buffer begins with into which a multishot `RECVMSG` has
/// received, 16 bytes. The sender's address, control messages and the data follow.
public final class RecvmsgOut {
    public static final int BYTES = 16;
    public static final int NAMELEN = 0;
    public static final int CONTROLLEN = 4;
    public static final int PAYLOADLEN = 8;
    public static final int FLAGS = 12;

    private RecvmsgOut() {}
}
