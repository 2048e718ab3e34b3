package dev.torc.uring;

import dev.torc.uring.abi.FutexWaitv;
import dev.torc.uring.constants.Linux;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// Futexes that one operation waits for together: an array of `struct futex_waitv`.
///
/// An operation holds it, and the memory that the futexes are in. It cannot be changed while one
/// does. Not safe for use by several threads at once; operations on it may end on any.
public final class FutexVector extends Lendable implements AutoCloseable {
    private static final int PLACES = 4;
    private static final int WORD_BYTES = 4;

    private final IoMemory array =
            IoMemory.allocate((long) FutexWaitv.COUNT_MAX * FutexWaitv.BYTES);
    private @Nullable IoMemory[] memories = new IoMemory[PLACES];
    private int count;

    /// Room for 128 futexes, and none yet.
    public FutexVector() {}

    /// Adds the 4 bytes at `offset` of `memory`, to be waited for while they are `value`.
    ///
    /// @param flags `FUTEX2_PRIVATE` when no other process wakes, or 0
    /// @throws IllegalArgumentException when the 4 bytes are not aligned
    /// @throws IllegalStateException when there are 128 already, or an operation holds it
    public FutexVector add(IoMemory memory, long offset, int value, int flags) {
        requireFree();
        if (count == FutexWaitv.COUNT_MAX) {
            throw new IllegalStateException("there can be no more futexes: count=" + count);
        }
        long futex = address(memory, offset);
        long entry = array.address((long) count * FutexWaitv.BYTES, FutexWaitv.BYTES);
        FutexWaitv.put(entry, value, futex, sized(flags));
        if (count == memories.length) memories = Arrays.copyOf(memories, 2 * count);
        memories[count++] = memory;
        return this;
    }

    /// Takes all out.
    ///
    /// @throws IllegalStateException when an operation holds it
    public FutexVector clear() {
        requireFree();
        Arrays.fill(memories, 0, count, null);
        count = 0;
        return this;
    }

    /// How many there are.
    public int count() {
        return count;
    }

    /// Whether an operation holds it.
    public boolean isLent() {
        return array.isLent();
    }

    /// Gives it up: it is freed now, or when the last operation that holds it has ended.
    @Override
    public void close() {
        array.close();
    }

    /// Where a futex is.
    static long address(IoMemory memory, long offset) {
        long futex = memory.address(offset, WORD_BYTES);
        if ((futex & (WORD_BYTES - 1)) != 0) {
            throw new IllegalArgumentException(
                    "a futex must be at a multiple of 4 bytes: offset=" + offset);
        }
        return futex;
    }

    /// The flags of a futex of 4 bytes. Others of `futex2(2)` would have the kernel use more.
    static int sized(int flags) {
        if ((flags & ~(Linux.FUTEX2_PRIVATE | Linux.FUTEX2_SIZE_U32)) != 0) {
            throw new IllegalArgumentException("flags must be FUTEX2_PRIVATE or 0: flags=" + flags);
        }
        return flags | Linux.FUTEX2_SIZE_U32;
    }

    long address() {
        return array.address(0, array.bytes());
    }

    @Override
    void lend() {
        array.lend();
        int lent = 0;
        try {
            for (; lent < count; lent++) memory(lent).lend();
        } catch (RuntimeException closed) {
            while (--lent >= 0) memory(lent).giveBack();
            array.giveBack();
            throw closed;
        }
    }

    @Override
    void giveBack() {
        for (int i = 0; i < count; i++) memory(i).giveBack();
        array.giveBack(); // last: from here on it may be changed
    }

    private IoMemory memory(int index) {
        IoMemory memory = memories[index];
        if (memory == null) throw new AssertionError("index=" + index);
        return memory;
    }

    private void requireFree() {
        if (array.isLent()) throw new IllegalStateException("an operation holds the futexes");
        array.segment(); // throws when closed
    }
}
