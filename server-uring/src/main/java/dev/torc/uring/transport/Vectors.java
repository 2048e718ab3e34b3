package dev.torc.uring.transport;

import dev.torc.uring.abi.IoVec;
import dev.torc.uring.abi.MsgHdr;

import java.lang.foreign.Arena;

/// Messages of two pieces, one for each entry of the submission queue: what `SENDMSG` reads when
/// the kernel takes the entry, after which it is free for another. On the shard's thread; allocates
/// nothing per send.
final class Vectors {
    /// Bytes for each entry: a `struct msghdr` and its vectors.
    static final int BYTES = 128;

    private static final int PIECES = 2;

    private final long address;

    Vectors(Arena arena) {
        address = arena.allocate((long) RingSize.SUBMISSIONS * BYTES, BYTES).address();
        for (int i = 0; i < RingSize.SUBMISSIONS; i++) {
            long header = address + (long) i * BYTES;
            MsgHdr.putVectors(header, header + MsgHdr.BYTES, PIECES);
        }
    }

    /// The message of the entry `number`: `firstBytes` bytes at `first`, then those at `second`.
    long put(int number, long first, int firstBytes, long second, int secondBytes) {
        long header = address + (long) (number & RingSize.SUBMISSIONS - 1) * BYTES;
        IoVec.put(header + MsgHdr.BYTES, first, firstBytes);
        IoVec.put(header + MsgHdr.BYTES + IoVec.BYTES, second, secondBytes);
        return header;
    }
}
