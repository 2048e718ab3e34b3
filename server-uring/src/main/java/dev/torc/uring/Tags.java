package dev.torc.uring;

import dev.torc.core.memory.Memory;

import java.lang.foreign.Arena;

/// Tags of what is registered, one for each: completions tell when that is no longer in use.
final class Tags {
    private Tags() {}

    /// There are `count`, and none is the ring's own.
    static void require(long[] tags, int count) {
        if (tags.length != count) {
            throw new IllegalArgumentException(
                    "there must be a tag for each: tags=" + tags.length + ", entries=" + count);
        }
        for (long tag : tags) Entry.requireOwn(tag);
    }

    /// Where they are now, as the kernel reads them, until `scratch` is closed.
    static long copy(Arena scratch, long... tags) {
        long address = scratch.allocate((long) tags.length * Long.BYTES, Long.BYTES).address();
        for (int i = 0; i < tags.length; i++) {
            Memory.putLong(address + (long) i * Long.BYTES, tags[i]);
        }
        return address;
    }
}
