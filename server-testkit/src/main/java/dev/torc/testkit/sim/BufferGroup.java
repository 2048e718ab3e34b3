package dev.torc.testkit.sim;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.BufRing;

/// The kernel's side of a buffer ring: which buffers it may fill, and in which order.
///
/// Every buffer is in exactly one place: in the ring, or with the program. One that is given back
/// while it is here already breaks a rule. What is in a buffer that was given back is destroyed, as
/// the kernel may do at any time.
final class BufferGroup {
    private static final byte DESTROYED = (byte) 0xDB;

    private final World world;
    private final long ring;
    private final int entries;
    private final boolean[] here;
    private final int[] filled;
    private short head;
    private short seenTail;

    BufferGroup(World world, long ring, int entries) {
        this.world = world;
        this.ring = ring;
        this.entries = entries;
        here = new boolean[entries];
        filled = new int[entries];
    }

    /// Looks at what the program has given back.
    void sync() {
        short tail = Memory.getShort(ring + BufRing.TAIL);
        while (seenTail != tail) {
            long entry = entry(seenTail);
            int bufferId = Short.toUnsignedInt(Memory.getShort(entry + BufRing.ENTRY_BID));
            if (bufferId >= entries || here[bufferId]) {
                world.fail("buffer " + bufferId + " was given back while the kernel had it");
                seenTail = tail;
                return;
            }
            here[bufferId] = true;
            long address = Memory.getLong(entry + BufRing.ENTRY_ADDR);
            Memory.fill(address, filled[bufferId], DESTROYED);
            seenTail++;
        }
    }

    boolean isEmpty() {
        sync();
        return head == seenTail;
    }

    long address() {
        return Memory.getLong(entry(head) + BufRing.ENTRY_ADDR);
    }

    int bytes() {
        return Memory.getInt(entry(head) + BufRing.ENTRY_LEN);
    }

    /// Hands the next buffer to the program, with so many bytes in it; returns its id.
    int take(int bytes) {
        int bufferId = Short.toUnsignedInt(Memory.getShort(entry(head) + BufRing.ENTRY_BID));
        here[bufferId] = false;
        filled[bufferId] = Math.max(bytes, 0);
        head++;
        return bufferId;
    }

    private long entry(short index) {
        return ring + (long) (index & (entries - 1)) * BufRing.ENTRY_BYTES;
    }
}
