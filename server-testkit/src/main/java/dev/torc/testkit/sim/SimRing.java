package dev.torc.testkit.sim;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.Cqe;
import dev.torc.uring.abi.Params;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.abi.Timespec;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;

/// The kernel's side of one ring, with the semantics of `SINGLE_ISSUER | DEFER_TASKRUN`: what can
/// be done at once is done while a submission is taken; all else waits for the ring's thread to
/// come back, as *work*.
final class SimRing {
    // Where things are in the memory that both sides map.
    private static final int SQ_HEAD = 0;
    private static final int SQ_TAIL = 4;
    private static final int SQ_FLAGS = 8;
    private static final int CQ_HEAD = 64;
    private static final int CQ_TAIL = 68;
    private static final int CQ_OVERFLOW = 72;
    private static final int CQES = 128;
    private static final int FEATURES =
            IoUring.IORING_FEAT_SINGLE_MMAP
                    | IoUring.IORING_FEAT_NODROP
                    | IoUring.IORING_FEAT_SUBMIT_STABLE
                    | IoUring.IORING_FEAT_EXT_ARG
                    | IoUring.IORING_FEAT_CQE_SKIP;

    /// Turns without waiting after which a shard is taken to be spinning.
    private static final int BUSY_TURNS_MAX = 100_000;

    /// The thread of the ring may go on.
    final Condition granted;

    final Thread thread = Thread.currentThread();

    /// The thread of the ring waits to be granted.
    boolean parked;

    final long ringAddress;
    final long sqesAddress;

    private final World world;
    private final int submissionEntries;
    private final int completionEntries;
    private final Operations operations;
    private final List<Runnable> work = new ArrayList<>();
    private final ArrayDeque<long[]> overflow = new ArrayDeque<>();
    private boolean fresh = true;
    private boolean timeUp;
    private int busyTurns;

    /// Sets up a ring as `io_uring_setup(2)` does: reads and answers `params`.
    SimRing(World world, Machine machine, Arena arena, int entries, long params) {
        this.world = world;
        granted = world.lock.newCondition();
        int completions = Params.get(params, Params.CQ_ENTRIES);
        boolean small = world.faults.smallQueues();
        submissionEntries = powerOfTwo(small ? 4 << world.chance.nextInt(4) : entries);
        completionEntries = small ? 2 << world.chance.nextInt(6) : powerOfTwo(completions);
        // Room for the array of indices, too, which the program maps although it is not used.
        long bytes = Math.max(completionEntries * Cqe.BYTES, submissionEntries * Integer.BYTES);
        ringAddress = arena.allocate(CQES + bytes, 64).address();
        sqesAddress = arena.allocate((long) submissionEntries * SqeLayout.BYTES, 64).address();
        Params.put(params, Params.SQ_ENTRIES, submissionEntries);
        Params.put(params, Params.CQ_ENTRIES, completionEntries);
        Params.put(params, Params.FEATURES, FEATURES);
        Params.put(params, Params.SQ_OFF_HEAD, SQ_HEAD);
        Params.put(params, Params.SQ_OFF_TAIL, SQ_TAIL);
        Params.put(params, Params.SQ_OFF_FLAGS, SQ_FLAGS);
        Params.put(params, Params.SQ_OFF_ARRAY, CQES); // none: NO_SQARRAY
        Params.put(params, Params.CQ_OFF_HEAD, CQ_HEAD);
        Params.put(params, Params.CQ_OFF_TAIL, CQ_TAIL);
        Params.put(params, Params.CQ_OFF_OVERFLOW, CQ_OVERFLOW);
        Params.put(params, Params.CQ_OFF_CQES, CQES);
        operations = new Operations(world, machine, this);
    }

    Operations operations() {
        return operations;
    }

    // ---- what the ring's thread does

    int enter(int submit, int complete, int flags, long argument) {
        if (fresh && (flags & IoUring.IORING_ENTER_GETEVENTS) != 0) {
            // The thread that starts the server still runs: from here on there is one at a time.
            if (world.isVirtual()) world.park(this, Long.MAX_VALUE);
            fresh = false;
        }
        int submitted = submit(submit);
        // One that could not take everything does not wait.
        if (submitted < submit || (flags & IoUring.IORING_ENTER_GETEVENTS) == 0) return submitted;
        timeUp = false;
        runWork();
        if (complete == 0) {
            if (++busyTurns > BUSY_TURNS_MAX) {
                world.fail("a shard turns without waiting");
                world.park(this, Long.MAX_VALUE);
            }
            return submitted;
        }
        boolean bounded = (flags & IoUring.IORING_ENTER_EXT_ARG) != 0;
        long deadlineNanos = bounded ? world.nowNanos() + waitNanos(argument) : Long.MAX_VALUE;
        while (completionCount() < complete && !timeUp) {
            if (world.happens(world.faults.interrupted())) {
                return submitted > 0 ? submitted : -Errno.EINTR;
            }
            busyTurns = 0;
            world.park(this, deadlineNanos);
            runWork();
            if (bounded && world.nowNanos() - deadlineNanos >= 0) timeUp = true;
        }
        boolean late = completionCount() < complete;
        return submitted == 0 && late ? -Errno.ETIME : submitted;
    }

    private static long waitNanos(long argument) {
        long timespec = Memory.getLong(argument + dev.torc.uring.abi.GetEventsArg.TS);
        return nanos(timespec);
    }

    static long nanos(long timespec) {
        return Memory.getLong(timespec + Timespec.TV_SEC) * 1_000_000_000L
                + Memory.getLong(timespec + Timespec.TV_NSEC);
    }

    private int submit(int wanted) {
        int head = Memory.getInt(ringAddress + SQ_HEAD);
        int tail = Memory.getInt(ringAddress + SQ_TAIL);
        int count = Math.min(wanted, tail - head);
        if (count > 1 && world.happens(world.faults.refusedSubmit())) {
            count = 1 + world.chance.nextInt(count);
        }
        for (int i = 0; i < count; i++) {
            int index = (head + i) & (submissionEntries - 1);
            Op op = new Op(sqesAddress + (long) index * SqeLayout.BYTES);
            Memory.putInt(ringAddress + SQ_HEAD, head + i + 1);
            world.trace(op.userData);
            operations.issue(op);
        }
        return count;
    }

    // ---- work

    /// Whether the ring's thread would find something if it came back.
    boolean hasWork() {
        return fresh || timeUp || !work.isEmpty() || !overflow.isEmpty() || completionCount() > 0;
    }

    void timeUp() {
        timeUp = true;
        world.signal();
    }

    /// Lets `task` be done when the ring's thread comes back.
    void later(Runnable task) {
        work.add(task);
        world.signal();
    }

    private void runWork() {
        flushOverflow();
        while (!work.isEmpty()) {
            int next = world.faults.reordered() ? world.chance.nextInt(work.size()) : 0;
            work.remove(next).run();
        }
    }

    // ---- completions

    /// Posts a completion; it waits inside the kernel when the queue is full.
    void post(long userData, int result, int flags) {
        world.trace(userData ^ ((long) result << 32) ^ flags);
        if (overflow.isEmpty() && completionCount() < completionEntries) {
            write(userData, result, flags);
        } else {
            overflow.add(new long[] {userData, result, flags});
            Memory.putInt(ringAddress + SQ_FLAGS, IoUring.IORING_SQ_CQ_OVERFLOW);
        }
    }

    /// Whether an operation that goes on may post: one that finds the queue full has to end.
    boolean hasRoom() {
        return overflow.isEmpty() && completionCount() < completionEntries;
    }

    private void flushOverflow() {
        while (!overflow.isEmpty() && completionCount() < completionEntries) {
            long[] completion = overflow.remove();
            write(completion[0], (int) completion[1], (int) completion[2]);
        }
        if (overflow.isEmpty()) Memory.putInt(ringAddress + SQ_FLAGS, 0);
    }

    private void write(long userData, int result, int flags) {
        int tail = Memory.getInt(ringAddress + CQ_TAIL);
        long cqe = ringAddress + CQES + (long) (tail & (completionEntries - 1)) * Cqe.BYTES;
        Memory.putLong(cqe + Cqe.USER_DATA, userData);
        Memory.putInt(cqe + Cqe.RES, result);
        Memory.putInt(cqe + Cqe.FLAGS, flags);
        Memory.putIntRelease(ringAddress + CQ_TAIL, tail + 1);
    }

    private int completionCount() {
        return Memory.getInt(ringAddress + CQ_TAIL) - Memory.getIntAcquire(ringAddress + CQ_HEAD);
    }

    private static int powerOfTwo(int entries) {
        return Integer.highestOneBit(Math.max(entries, 2) - 1) << 1;
    }
}
