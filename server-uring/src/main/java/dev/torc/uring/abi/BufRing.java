package dev.torc.uring.abi;

import dev.torc.core.memory.Memory;

/// `struct io_uring_buf_ring` with its `struct io_uring_buf` entries (16 bytes each), and `struct
/// io_uring_buf_reg`, with which it is registered (40 bytes).
///
/// The ring's 16-bit tail lies over the reserved field of its first entry.
public final class BufRing {
    public static final int ENTRY_BYTES = 16;
    public static final int ENTRY_ADDR = 0;
    public static final int ENTRY_LEN = 8;
    public static final int ENTRY_BID = 12;
    public static final int TAIL = 14;

    public static final int REG_BYTES = 40;
    public static final int REG_RING_ADDR = 0;
    public static final int REG_RING_ENTRIES = 8;
    public static final int REG_BGID = 12;
    public static final int REG_FLAGS = 14;

    private BufRing() {}

    public static void putEntry(long entry, long address, int bytes, int bufferId) {
        Memory.putLong(entry + ENTRY_ADDR, address);
        Memory.putInt(entry + ENTRY_LEN, bytes);
        Memory.putShort(entry + ENTRY_BID, (short) bufferId);
    }

    /// The buffer that an entry is about.
    public static int bufferId(long entry) {
        return Short.toUnsignedInt(Memory.getShort(entry + ENTRY_BID));
    }

    /// The bytes that the kernel may write there: it makes them less when it wants to read less.
    public static int bytes(long entry) {
        return Memory.getInt(entry + ENTRY_LEN);
    }

    /// Hands every entry before `tail` to the kernel, after they have been written.
    public static void publishTail(long ring, short tail) {
        Memory.putShortRelease(ring + TAIL, tail);
    }

    public static void putRegistration(
            long registration, long ring, int entries, int group, int flags) {
        Memory.fill(registration, REG_BYTES, (byte) 0);
        Memory.putLong(registration + REG_RING_ADDR, ring);
        Memory.putInt(registration + REG_RING_ENTRIES, entries);
        Memory.putShort(registration + REG_BGID, (short) group);
        Memory.putShort(registration + REG_FLAGS, (short) flags);
    }
}
