package dev.torc.uring;

import dev.torc.uring.constants.IoUring;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What the operations of one ring hold. An operation with memory goes to the kernel under a token,
/// which names its place here; its completions carry that back, and the last one ends the lease.
///
/// ```
/// token: 0xff7c (16 bits) | generation of the place (16) | place (32)
/// ```
///
/// Runs on the ring's thread; allocates only to grow.
final class Leases {
    static final long NONE = 0;

    private static final int TAG_SHIFT = 48;
    private static final long TAG = 0xff7c;
    private static final int GENERATION_SHIFT = 32;
    private static final int GENERATION_MASK = 0xffff;
    private static final int PLACES = 16;

    private long[] userData = new long[PLACES];
    private int[] generations = new int[PLACES];
    private @Nullable Lendable[] first = new Lendable[PLACES];
    private @Nullable Lendable[] second = new Lendable[PLACES];
    private @Nullable Lendable[] third = new Lendable[PLACES];
    private int[] free = new int[PLACES];
    private int freeCount;
    private int placed;
    private final List<BufferSelection> kept = new ArrayList<>();

    /// Rings of buffers that are registered, or closed and still held by operations.
    private final List<BufferRing> rings = new ArrayList<>();

    /// Whether `userData` is in the range that tokens are from.
    static boolean isToken(long userData) {
        return userData >>> TAG_SHIFT == TAG;
    }

    /// Lends memory to the operation `data`, and returns its token.
    long lend(long data, Lendable one, @Nullable Lendable two, @Nullable Lendable three) {
        one.lend();
        try {
            if (two != null) two.lend();
        } catch (RuntimeException closed) {
            one.giveBack();
            throw closed;
        }
        try {
            if (three != null) three.lend();
        } catch (RuntimeException closed) {
            if (two != null) two.giveBack();
            one.giveBack();
            throw closed;
        }
        int place = freeCount > 0 ? free[--freeCount] : grown();
        userData[place] = data;
        first[place] = one;
        second[place] = two;
        third[place] = three;
        return token(place);
    }

    /// The user data of the operation `token`, one of whose completions has `flags`. When it is the
    /// last, the operation's memory is its owners' again.
    ///
    /// @throws IllegalStateException when there is no such operation
    long settle(long token, int flags) {
        int place = place(token);
        long data = userData[place];
        if ((flags & IoUring.IORING_CQE_F_MORE) == 0) end(place);
        return data;
    }

    /// The token of the operation `data`, or [#NONE] when none with memory has that user data.
    ///
    /// @throws IllegalStateException when several have
    long find(long data) {
        long found = NONE;
        for (int place = 0; place < placed; place++) {
            if (first[place] == null || userData[place] != data) continue;
            if (found != NONE) {
                throw new IllegalStateException(
                        "several operations that hold memory have this user data, so they are to be"
                                + " cancelled by descriptor or opcode: 0x"
                                + Long.toHexString(data));
            }
            found = token(place);
        }
        return found;
    }

    /// The token of the outstanding operation behind `token`, or of the first when that is [#NONE];
    /// [#NONE] when there is none.
    long after(long token) {
        int place = token == NONE ? 0 : (int) token + 1;
        while (place < placed && first[place] == null) place++;
        return place < placed ? token(place) : NONE;
    }

    /// Lends `buffers` to the kernel apart from any operation, until [#drop(BufferSelection)] or
    /// [#end()].
    ///
    /// @throws IllegalStateException when it keeps others under that number: operations that hold
    ///   these would be given those
    void keep(BufferSelection buffers) {
        for (BufferRing other : rings) requireOther(other, buffers.group());
        requireFree(buffers.group());
        buffers.lend();
        kept.add(buffers);
    }

    /// Whether a ring of buffers may have that number. One that is registered under it already is
    /// left to the kernel to refuse.
    ///
    /// @throws IllegalStateException when buffers are kept under that number, or operations hold a
    ///   ring of buffers that had it: they would pick from the new one, and not hold it
    void requireFree(int group) {
        for (BufferSelection other : kept) requireOther(other, group);
        for (BufferRing other : rings) {
            if (!other.isOpen()) requireOther(other, group);
        }
    }

    private static void requireOther(BufferSelection other, int group) {
        if (other.group() != group) return;
        throw new IllegalStateException(
                "the kernel or an operation has other buffers of this group: group=" + group);
    }

    /// `buffers` have been registered; until [#forget(BufferRing)].
    void know(BufferRing buffers) {
        rings.add(buffers);
    }

    /// `buffers` are about to be freed.
    void forget(BufferRing buffers) {
        rings.remove(buffers);
    }

    /// Gives back what the kernel [kept][#keep(BufferSelection)].
    void drop(BufferSelection buffers) {
        if (kept.remove(buffers)) buffers.giveBack();
    }

    /// The ring is closed: the kernel keeps nothing any more. Returns how many operations have not
    /// ended; their memory stays lent.
    int end() {
        while (!kept.isEmpty()) drop(kept.getLast());
        return count();
    }

    /// Operations that hold memory.
    int count() {
        return placed - freeCount;
    }

    private int place(long token) {
        int place = (int) token;
        boolean known =
                place >= 0 && place < placed && first[place] != null && token(place) == token;
        if (!known) {
            String name = Long.toHexString(token);
            throw new IllegalStateException("kernel completed what is not outstanding: 0x" + name);
        }
        return place;
    }

    private void end(int place) {
        Lendable one = first[place];
        Lendable two = second[place];
        Lendable three = third[place];
        first[place] = null;
        second[place] = null;
        third[place] = null;
        generations[place] = (generations[place] + 1) & GENERATION_MASK;
        free[freeCount++] = place;
        if (one != null) one.giveBack();
        if (two != null) two.giveBack();
        if (three != null) three.giveBack();
    }

    private long token(int place) {
        return TAG << TAG_SHIFT | (long) generations[place] << GENERATION_SHIFT | place;
    }

    private int grown() {
        if (placed == userData.length) {
            int size = 2 * placed;
            userData = Arrays.copyOf(userData, size);
            generations = Arrays.copyOf(generations, size);
            first = Arrays.copyOf(first, size);
            second = Arrays.copyOf(second, size);
            third = Arrays.copyOf(third, size);
            free = Arrays.copyOf(free, size);
        }
        return placed++;
    }
}
