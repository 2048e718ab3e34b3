package dev.torc.uring;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.ClockRegister;
import dev.torc.uring.abi.Napi;
import dev.torc.uring.abi.Restriction;
import dev.torc.uring.abi.SyncCancel;
import dev.torc.uring.constants.IoUring;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// What a ring is told about itself with `io_uring_register(2)`: [Ring#registrations()]. Runs on
/// the ring's thread.
///
/// Each method throws [UnsupportedException] when the kernel is older than it says, and
/// [RingException] with the errno when the kernel refuses, `EACCES` where the ring is
/// [restricted][#restrict(Restrictions)].
public final class Registrations {
    private static final int NO_FD = -1;

    private final Ring ring;
    private final List<Runnable> ends = new ArrayList<>();

    Registrations(Ring ring) {
        this.ring = ring;
    }

    // ---- telling an eventfd

    /// Adds 1 to the eventfd `fd` whenever the ring gets completions. Since 5.2.
    public void registerEventfd(int fd) {
        registerEventfd("EVENTFD", IoUring.IORING_REGISTER_EVENTFD, 5, 2, fd);
    }

    /// [#registerEventfd(int)], but only for what a kernel thread completes. Since 5.6.
    public void registerEventfdAsync(int fd) {
        registerEventfd("EVENTFD_ASYNC", IoUring.IORING_REGISTER_EVENTFD_ASYNC, 5, 6, fd);
    }

    private void registerEventfd(String what, int opcode, int major, int minor, int fd) {
        require(what, major, minor);
        try (Arena scratch = Arena.ofConfined()) {
            long descriptor = scratch.allocate(Integer.BYTES, Integer.BYTES).address();
            Memory.putInt(descriptor, fd);
            call(what, opcode, descriptor, 1);
        }
    }

    /// Tells no eventfd any more. Since 5.2.
    public void unregisterEventfd() {
        unregister("EVENTFD", IoUring.IORING_UNREGISTER_EVENTFD, 0);
    }

    /// Switches telling the eventfd off and on, without a system call. Matches
    /// `io_uring_cq_eventfd_toggle`. Since 5.8.
    public void tellEventfd(boolean told) {
        ring.requireOpen();
        ring.completions().tellEventfd(told);
    }

    // ---- credentials, and what may be done

    /// Remembers the calling thread's credentials; returns the number by which
    /// [Entry#setPersonality(int)] names them. Since 5.6.
    public int registerPersonality() {
        require("PERSONALITY", 5, 6);
        return call("PERSONALITY", IoUring.IORING_REGISTER_PERSONALITY, 0, 0);
    }

    /// Forgets the credentials `personality`. Since 5.6.
    public void unregisterPersonality(int personality) {
        unregister("PERSONALITY", IoUring.IORING_UNREGISTER_PERSONALITY, personality);
    }

    /// Lets the ring do nothing but what is allowed, from when it is enabled on. Once, and only
    /// while it is disabled (`R_DISABLED`). Since 5.10.
    public void restrict(Restrictions restrictions) {
        require("RESTRICTIONS", 5, 10);
        int count = restrictions.count();
        try (Arena scratch = Arena.ofConfined()) {
            long bytes = Math.max(1, count) * (long) Restriction.BYTES;
            long rules = scratch.allocate(bytes, Long.BYTES).address();
            restrictions.write(rules);
            call("RESTRICTIONS", IoUring.IORING_REGISTER_RESTRICTIONS, rules, count);
        }
    }

    // ---- kernel threads

    /// Bounds the kernel threads that this ring may start for operations that must block; 0 leaves
    /// a bound as it is. Returns the bounds before. Since 5.15.
    public Workers limitWorkers(int bounded, int unbounded) {
        Arguments.requireNotNegative("bounded", bounded);
        Arguments.requireNotNegative("unbounded", unbounded);
        require("IOWQ_MAX_WORKERS", 5, 15);
        try (Arena scratch = Arena.ofConfined()) {
            long counts = scratch.allocate(2 * Integer.BYTES, Long.BYTES).address();
            Memory.putInt(counts, bounded);
            Memory.putInt(counts + Integer.BYTES, unbounded);
            call("IOWQ_MAX_WORKERS", IoUring.IORING_REGISTER_IOWQ_MAX_WORKERS, counts, 2);
            return new Workers(Memory.getInt(counts), Memory.getInt(counts + Integer.BYTES));
        }
    }

    /// Lets those threads run on these CPUs only. Since 5.14.
    public void registerWorkerCpus(BitSet cpus) {
        if (cpus.isEmpty()) throw new IllegalArgumentException("there must be a CPU to run on");
        require("IOWQ_AFF", 5, 14);
        long[] words = cpus.toLongArray();
        try (Arena scratch = Arena.ofConfined()) {
            int bytes = words.length * Long.BYTES;
            long mask = scratch.allocate(bytes, Long.BYTES).address();
            for (int i = 0; i < words.length; i++) {
                Memory.putLong(mask + (long) i * Long.BYTES, words[i]);
            }
            call("IOWQ_AFF", IoUring.IORING_REGISTER_IOWQ_AFF, mask, bytes);
        }
    }

    /// Lets those threads run where they like. Since 5.14.
    public void unregisterWorkerCpus() {
        unregister("IOWQ_AFF", IoUring.IORING_UNREGISTER_IOWQ_AFF, 0);
    }

    // ---- cancelling

    /// Cancels the operation that was submitted with `userData` and waits until it has ended, for
    /// `waitNanos` at most (`Long.MAX_VALUE`: for ever). Its completion is drained as usual.
    /// Returns 0, or `-errno`: `-ENOENT` when there is none, `-ETIME` when the time was up. Since
    /// 6.0.
    public int cancel(long userData, long waitNanos) {
        return cancel(userData, NO_FD, 0, 0, waitNanos);
    }

    /// [#cancel(long, long)], of all operations on the descriptor `fd`. Returns how many, which may
    /// be 0, or `-errno`. Since 6.0.
    public int cancelFd(int fd, long waitNanos) {
        int flags = IoUring.IORING_ASYNC_CANCEL_FD | IoUring.IORING_ASYNC_CANCEL_ALL;
        return cancel(0, fd, 0, flags, waitNanos);
    }

    /// [#cancel(long, long)], of all operations that there are. Returns how many, which may be 0,
    /// or `-errno`. Since 6.0.
    public int cancelAll(long waitNanos) {
        int flags = IoUring.IORING_ASYNC_CANCEL_ANY | IoUring.IORING_ASYNC_CANCEL_ALL;
        return cancel(0, NO_FD, 0, flags, waitNanos);
    }

    /// [#cancel(long, long)], of what `flags` say, which are `IORING_ASYNC_CANCEL_` bits: the first
    /// operation, or all, whose user data, descriptor (direct with `FD_FIXED`), opcode (6.6) are
    /// these. Returns 0 or how many, or `-errno`. Since 6.0.
    ///
    /// @throws IllegalStateException as [Sqe#prepareCancel(long, int, long)] does
    public int cancel(long userData, int fd, int opcode, int flags, long waitNanos) {
        Arguments.requireNotNegative("waitNanos", waitNanos);
        Entry.requireOwn(userData);
        ring.requireOpen();
        require("SYNC_CANCEL", 6, 0);
        int newer = IoUring.IORING_ASYNC_CANCEL_OP | IoUring.IORING_ASYNC_CANCEL_USERDATA;
        if ((flags & newer) != 0) ring.support().require("IORING_ASYNC_CANCEL_OP", 6, 6);
        long addr = ring.sqe().target(userData, flags);
        try (Arena scratch = Arena.ofConfined()) {
            long cancel = scratch.allocate(SyncCancel.BYTES, Long.BYTES).address();
            SyncCancel.put(cancel, addr, fd, opcode, flags, waitNanos);
            int registration = IoUring.IORING_REGISTER_SYNC_CANCEL;
            return ring.descriptor().register(registration, cancel, 1);
        }
    }

    // ---- waiting

    /// Polls the network devices for `busyPollMicros` in each wait before it sleeps, `exclusively`
    /// rather than by interrupts where the device can. Returns the microseconds before. Since 6.9.
    public int registerNapi(int busyPollMicros, boolean exclusively) {
        Arguments.requireNotNegative("busyPollMicros", busyPollMicros);
        require("NAPI", 6, 9);
        try (Arena scratch = Arena.ofConfined()) {
            long napi = scratch.allocate(Napi.BYTES, Long.BYTES).address();
            Napi.put(napi, busyPollMicros, exclusively);
            call("NAPI", IoUring.IORING_REGISTER_NAPI, napi, 1);
            return Napi.busyPollMicros(napi);
        }
    }

    /// [#registerNapi(int, boolean)], of nothing but what [#addNapiId(int)] names, instead of what
    /// the ring's sockets receive from. Since 6.13.
    public int registerStaticNapi(int busyPollMicros, boolean exclusively) {
        Arguments.requireNotNegative("busyPollMicros", busyPollMicros);
        requireStaticNapi();
        try (Arena scratch = Arena.ofConfined()) {
            long napi = scratch.allocate(Napi.BYTES, Long.BYTES).address();
            Napi.put(napi, busyPollMicros, exclusively);
            Napi.putOperation(napi, Napi.REGISTER, Napi.TRACKING_STATIC);
            call("NAPI", IoUring.IORING_REGISTER_NAPI, napi, 1);
            return Napi.busyPollMicros(napi);
        }
    }

    /// Polls the queue `napiId` of a network device as well, after [#registerStaticNapi]. A socket
    /// tells where it receives from by its option `SO_INCOMING_NAPI_ID`. Since 6.13.
    ///
    /// @throws RingException `EINVAL` when that is no such number, or the ring does not poll so,
    ///   `EEXIST` when it polls that one already
    public void addNapiId(int napiId) {
        changeNapi(Napi.STATIC_ADD_ID, napiId);
    }

    /// Does not poll the queue `napiId` any more. Since 6.13.
    ///
    /// @throws RingException `ENOENT` when it did not
    public void removeNapiId(int napiId) {
        changeNapi(Napi.STATIC_DEL_ID, napiId);
    }

    private void requireStaticNapi() {
        ring.requireOpen();
        ring.support().require("IO_URING_NAPI_TRACKING_STATIC", 6, 13);
    }

    private void changeNapi(int operation, int napiId) {
        requireStaticNapi();
        try (Arena scratch = Arena.ofConfined()) {
            long napi = scratch.allocate(Napi.BYTES, Long.BYTES).address();
            Napi.put(napi, 0, false);
            Napi.putOperation(napi, operation, napiId);
            call("NAPI", IoUring.IORING_REGISTER_NAPI, napi, 1);
        }
    }

    /// Does not poll network devices any more. Returns the microseconds before. Since 6.9.
    public int unregisterNapi() {
        require("NAPI", 6, 9);
        try (Arena scratch = Arena.ofConfined()) {
            long napi = scratch.allocate(Napi.BYTES, Long.BYTES).address();
            Napi.put(napi, 0, false);
            ring.register("IORING_UNREGISTER_NAPI", IoUring.IORING_UNREGISTER_NAPI, napi, 1);
            return Napi.busyPollMicros(napi);
        }
    }

    /// Chooses the clock that waits go by: `CLOCK_MONOTONIC`, which it is at first, or
    /// `CLOCK_BOOTTIME`, which goes on while the machine sleeps. Since 6.12.
    public void registerClock(int clock) {
        require("CLOCK", 6, 12);
        try (Arena scratch = Arena.ofConfined()) {
            long register = scratch.allocate(ClockRegister.BYTES, Long.BYTES).address();
            ClockRegister.put(register, clock);
            call("CLOCK", IoUring.IORING_REGISTER_CLOCK, register, 0);
        }
    }

    /// Gives the ring queues of `entries` and `completionEntries` places (0: twice as many as
    /// `entries`), both rounded up to powers of two. What has been prepared is submitted first;
    /// what has completed is in the new queue. Only for rings with `DEFER_TASKRUN` and
    /// `NO_SQARRAY`, and without `NO_MMAP`. Since 6.13.
    ///
    /// @throws IllegalStateException when the ring is not such a one, a handler of
    ///   [Ring#drain(CompletionHandler)] calls this, or completions must be drained first: when
    ///   they are big, or where their 32-bit counters wrap
    /// @throws RingException `EOVERFLOW` when more completions are there than fit: the ring is as
    ///   before; or that of the submission
    public void resize(int entries, int completionEntries) {
        Resize.of(ring, entries, completionEntries);
    }

    // ---- for all of them

    void require(String what, int major, int minor) {
        ring.requireOpen();
        ring.support().require("IORING_REGISTER_" + what, major, minor);
    }

    /// Registers; refuses what the kernel refuses.
    int call(String what, int opcode, long argument, int count) {
        ring.requireOpen();
        int result = ring.descriptor().register(opcode, argument, count);
        return MemoryLimit.check(ring.kernel(), "IORING_REGISTER_" + what, result);
    }

    void unregister(String what, int opcode, int count) {
        ring.register("IORING_UNREGISTER_" + what, opcode, 0, count);
    }

    /// `end` is to run when the ring is closed.
    void atEnd(Runnable end) {
        ends.add(end);
    }

    void notAtEnd(Runnable end) {
        ends.remove(end);
    }

    /// The ring has been closed.
    void end() {
        for (Runnable end : ends) end.run();
        ends.clear();
    }
}
