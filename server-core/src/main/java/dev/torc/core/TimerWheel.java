package dev.torc.core;

import org.jspecify.annotations.Nullable;

/// Timers of one shard: a hierarchical wheel, O(1) to schedule and to cancel, allocating nothing.
///
/// ```
/// level 0   64 slots of 1 tick      (1 tick = 2^20 ns, about 1.05 ms)
/// level 1   64 slots of 64 ticks    each slot is a ring of timers; a bit per slot says whether it
/// ...                               holds any. Time that enters a slot above level 0 spreads its
/// level 5   64 slots of 2^30 ticks  timers over the levels below.
/// ```
///
/// A timer never fires early and at most about one tick late, measured against the time passed to
/// [#expire(long)]. Confined to the shard's thread. Times are `System.nanoTime()` values.
public final class TimerWheel {
    private static final int TICK_SHIFT = 20;
    private static final int LEVELS = 6;
    private static final int SLOT_BITS = 6;
    private static final int SLOTS = 1 << SLOT_BITS;
    // One slot less than a whole round, so that no timer lands in the slot that time is in.
    private static final long TICKS_MAX = (SLOTS - 1L) << ((LEVELS - 1) * SLOT_BITS);

    private final long startNanos;
    private final @Nullable Timer[] slots = new Timer[LEVELS * SLOTS];
    private final long[] occupied = new long[LEVELS];
    private long tick;
    private int count;
    private long lagNanosMax;

    /// An empty wheel that starts at `nowNanos`.
    public TimerWheel(long nowNanos) {
        startNanos = nowNanos;
    }

    /// Something that happens once, at a time; owned by whoever wants it to happen.
    public abstract static class Timer {
        private static final int IDLE = -1;

        private @Nullable Timer next;
        private @Nullable Timer previous;
        private long tick;
        private int position = IDLE;

        protected Timer() {}

        /// Called on the shard's thread. May schedule this timer again.
        protected abstract void onExpire(long nowNanos);

        /// Whether it will fire.
        public final boolean scheduled() {
            return position != IDLE;
        }
    }

    /// Timers that will fire.
    public int count() {
        return count;
    }

    /// How late the latest timer fired since this was asked last.
    long takeLagNanosMax() {
        long lag = lagNanosMax;
        lagNanosMax = 0;
        return lag;
    }

    /// Lets `timer` fire at `deadlineNanos`, instead of when it would have fired before.
    public void schedule(Timer timer, long deadlineNanos) {
        cancel(timer);
        long ticks = (deadlineNanos - startNanos + (1L << TICK_SHIFT) - 1) >> TICK_SHIFT;
        timer.tick = Math.max(ticks, tick + 1);
        insert(timer);
        count++;
    }

    /// Takes `timer` back; nothing happens when it is not scheduled.
    public void cancel(Timer timer) {
        if (timer.position == Timer.IDLE) return;
        unlink(timer);
        count--;
    }

    /// Fires every timer whose time has come.
    public void expire(long nowNanos) {
        long now = (nowNanos - startNanos) >> TICK_SHIFT;
        while (count > 0) {
            int position = nextPosition();
            long start = startOf(position);
            if (start > now) break;
            tick = start;
            drainSlot(position, nowNanos);
        }
        tick = Math.max(tick, now);
    }

    /// Nanoseconds from `nowNanos` until [#expire(long)] has something to do (0 when it is
    /// overdue), or `Long.MAX_VALUE` when no timer is scheduled.
    public long waitNanos(long nowNanos) {
        if (count == 0) return Long.MAX_VALUE;
        long start = startOf(nextPosition());
        return Math.max(0, (start << TICK_SHIFT) - (nowNanos - startNanos));
    }

    /// Fires the timers of a slot of level 0, or spreads those of a higher one over the levels
    /// below, so that one that throws leaves the others where the next call finds them.
    private void drainSlot(int position, long nowNanos) {
        boolean due = position < SLOTS;
        // Ends: with time at the start of this slot, nothing is ever inserted into it again.
        Timer timer = slots[position];
        while (timer != null) {
            unlink(timer);
            if (due) {
                count--;
                long dueNanos = startNanos + (timer.tick << TICK_SHIFT);
                lagNanosMax = Math.max(lagNanosMax, nowNanos - dueNanos);
                timer.onExpire(nowNanos);
            } else {
                insert(timer);
            }
            timer = slots[position];
        }
    }

    private void insert(Timer timer) {
        // A timer beyond the wheel's reach waits in the last level and is placed anew from there.
        long reachable = Math.min(timer.tick, tick + TICKS_MAX);
        long differing = (reachable ^ tick) | (SLOTS - 1);
        int level = Math.min(LEVELS - 1, (63 - Long.numberOfLeadingZeros(differing)) / SLOT_BITS);
        int slot = (int) (reachable >> (level * SLOT_BITS)) & (SLOTS - 1);
        int position = level * SLOTS + slot;
        Timer head = slots[position];
        timer.position = position;
        timer.previous = null;
        timer.next = head;
        if (head != null) head.previous = timer;
        slots[position] = timer;
        occupied[level] |= 1L << slot;
    }

    private void unlink(Timer timer) {
        int position = timer.position;
        Timer next = timer.next;
        Timer previous = timer.previous;
        if (next != null) next.previous = previous;
        if (previous != null) {
            previous.next = next;
        } else {
            slots[position] = next;
            if (next == null) occupied[position / SLOTS] &= ~(1L << (position % SLOTS));
        }
        timer.next = null;
        timer.previous = null;
        timer.position = Timer.IDLE;
    }

    /// The occupied slot that time enters next; a lower level always comes before a higher one.
    private int nextPosition() {
        for (int level = 0; level < LEVELS; level++) {
            long bits = occupied[level];
            if (bits == 0) continue;
            int current = (int) (tick >> (level * SLOT_BITS)) & (SLOTS - 1);
            int ahead = Long.numberOfTrailingZeros(Long.rotateRight(bits, current));
            return level * SLOTS + ((current + ahead) & (SLOTS - 1));
        }
        throw new AssertionError("timers are counted but none is in the wheel: count=" + count);
    }

    /// The first tick of a slot, as seen from now: a slot behind the current one belongs to the
    /// next round of its level.
    private long startOf(int position) {
        int shift = (position / SLOTS) * SLOT_BITS;
        long round = tick >> (shift + SLOT_BITS) << (shift + SLOT_BITS);
        long start = round + ((long) (position % SLOTS) << shift);
        boolean behind = start < (tick >> shift << shift);
        return behind ? start + (1L << (shift + SLOT_BITS)) : start;
    }
}
