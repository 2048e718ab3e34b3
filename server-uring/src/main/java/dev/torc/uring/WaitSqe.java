package dev.torc.uring;

import static dev.torc.uring.Arguments.requireNotNegative;
import static dev.torc.uring.constants.IoUring.IORING_LINK_TIMEOUT_UPDATE;
import static dev.torc.uring.constants.IoUring.IORING_OP_EPOLL_CTL;
import static dev.torc.uring.constants.IoUring.IORING_OP_EPOLL_WAIT;
import static dev.torc.uring.constants.IoUring.IORING_OP_FUTEX_WAIT;
import static dev.torc.uring.constants.IoUring.IORING_OP_FUTEX_WAITV;
import static dev.torc.uring.constants.IoUring.IORING_OP_FUTEX_WAKE;
import static dev.torc.uring.constants.IoUring.IORING_OP_LINK_TIMEOUT;
import static dev.torc.uring.constants.IoUring.IORING_OP_POLL_ADD;
import static dev.torc.uring.constants.IoUring.IORING_OP_POLL_REMOVE;
import static dev.torc.uring.constants.IoUring.IORING_OP_TIMEOUT;
import static dev.torc.uring.constants.IoUring.IORING_OP_TIMEOUT_REMOVE;
import static dev.torc.uring.constants.IoUring.IORING_OP_WAITID;
import static dev.torc.uring.constants.IoUring.IORING_POLL_ADD_MULTI;
import static dev.torc.uring.constants.IoUring.IORING_TIMEOUT_BOOTTIME;
import static dev.torc.uring.constants.IoUring.IORING_TIMEOUT_ETIME_SUCCESS;
import static dev.torc.uring.constants.IoUring.IORING_TIMEOUT_MULTISHOT;
import static dev.torc.uring.constants.IoUring.IORING_TIMEOUT_REALTIME;
import static dev.torc.uring.constants.IoUring.IORING_TIMEOUT_UPDATE;

import dev.torc.uring.abi.EpollEvent;
import dev.torc.uring.abi.Timespec;

/// Operations that wait for something: time, readiness, a futex, a process.
///
/// Timeouts and polls are removed and updated by their user data. They hold no memory, and only
/// they are looked for, so operations of other kinds may have the same user data.
abstract sealed class WaitSqe extends MessageSqe permits RingSqe {
    WaitSqe(Ring ring, Support support, Leases leases) {
        super(ring, support, leases);
    }

    // ---- time

    /// Completes with `-ETIME` when `nanos` have passed, or with 0 after `completions` others when
    /// that is not 0. Since 5.4.
    ///
    /// `flags` are `IORING_TIMEOUT_` bits: `ABS`, `nanos` is a time and not a duration; `BOOTTIME`,
    /// `REALTIME`, by which clock instead of the monotonic one (5.15); `ETIME_SUCCESS`, that the
    /// time has passed does not break a chain (5.16); `MULTISHOT`, completes each time that `nanos`
    /// have passed, `completions` times, or for ever when that is 0 (6.4).
    public final Sqe prepareTimeout(long nanos, int completions, int flags, long userData) {
        requireNotNegative("completions", completions);
        requireTimeout(flags);
        long timespec = timespec(nanos);
        return prepare(IORING_OP_TIMEOUT, -1, timespec, 1, completions, userData).opFlags(flags);
    }

    /// Ends the timeout that was submitted with `removed` as its user data, which completes with
    /// `-ECANCELED`. Completes with 0, `-ENOENT` when there is none, `-EALREADY` when its time has
    /// just come. Since 5.5.
    public final Sqe prepareTimeoutRemove(long removed, long userData) {
        requireOwn(removed);
        return prepare(IORING_OP_TIMEOUT_REMOVE, -1, removed, 0, 0, userData);
    }

    /// Gives the timeout that was submitted with `updated` as its user data another time, counted
    /// from now, or a time when `flags` has `IORING_TIMEOUT_ABS`; `IORING_LINK_TIMEOUT_UPDATE` when
    /// it is the timeout of a chain (5.15). The clock stays. Completes as
    /// [#prepareTimeoutRemove(long, long)] does. Since 5.11.
    public final Sqe prepareTimeoutUpdate(long nanos, long updated, int flags, long userData) {
        requireOwn(updated);
        require(true, "IORING_TIMEOUT_UPDATE", 5, 11);
        boolean linked = (flags & IORING_LINK_TIMEOUT_UPDATE) != 0;
        require(linked, "IORING_LINK_TIMEOUT_UPDATE", 5, 15);
        requireTimeout(flags);
        long timespec = timespec(nanos);
        return prepare(IORING_OP_TIMEOUT_REMOVE, -1, updated, 0, timespec, userData)
                .opFlags(flags | IORING_TIMEOUT_UPDATE);
    }

    /// Bounds the operation before it, which must be linked to this one: cancels it when `nanos`
    /// have passed since it began. Completes with `-ETIME` then, or with 1 when that was a wait for
    /// a futex or a child, and with `-ECANCELED` when the operation ended before. `flags` are those
    /// of [#prepareTimeout(long, int, int, long)] without `MULTISHOT`. Since 5.5.
    public final Sqe prepareLinkTimeout(long nanos, int flags, long userData) {
        requireTimeout(flags);
        long timespec = timespec(nanos);
        return prepare(IORING_OP_LINK_TIMEOUT, -1, timespec, 1, 0, userData).opFlags(flags);
    }

    private void requireTimeout(int flags) {
        boolean clock = (flags & (IORING_TIMEOUT_BOOTTIME | IORING_TIMEOUT_REALTIME)) != 0;
        require(clock, "clocks of timeouts", 5, 15);
        boolean success = (flags & IORING_TIMEOUT_ETIME_SUCCESS) != 0;
        require(success, "IORING_TIMEOUT_ETIME_SUCCESS", 5, 16);
        boolean multishot = (flags & IORING_TIMEOUT_MULTISHOT) != 0;
        require(multishot, "IORING_TIMEOUT_MULTISHOT", 6, 4);
    }

    private long timespec(long nanos) {
        requireNotNegative("nanos", nanos);
        long timespec = scratch();
        Timespec.put(timespec, nanos);
        return timespec;
    }

    // ---- readiness

    /// Completes when `fd` is ready in one of the ways of `events` (`POLLIN`, `POLLOUT`, ...), with
    /// those that it is ready in: `poll(2)`. `POLLERR` and `POLLHUP` are always among them. Since
    /// 5.1.
    public final Sqe preparePollAdd(int fd, int events, long userData) {
        return prepare(IORING_OP_POLL_ADD, fd, 0, 0, 0, userData).opFlags(events);
    }

    /// [#preparePollAdd(int, int, long)], again and again until it fails or is removed: one
    /// completion each time that `fd` becomes ready, not as long as it is. Since 5.13.
    ///
    /// `IORING_POLL_ADD_LEVEL`, which the headers have as well, is refused by the kernel in every
    /// operation (seen up to 6.18): to be told again of what is still there, poll once and anew.
    public final Sqe preparePollMultishot(int fd, int events, long userData) {
        require(true, "IORING_POLL_ADD_MULTI", 5, 13);
        return prepare(IORING_OP_POLL_ADD, fd, 0, IORING_POLL_ADD_MULTI, 0, userData)
                .opFlags(events);
    }

    /// Ends the poll that was submitted with `removed` as its user data, which completes with
    /// `-ECANCELED`. Completes with 0, `-ENOENT` when there is none, `-EALREADY` when it is just
    /// about to complete. Since 5.1.
    public final Sqe preparePollRemove(long removed, long userData) {
        requireOwn(removed);
        return prepare(IORING_OP_POLL_REMOVE, -1, removed, 0, 0, userData);
    }

    /// Changes the poll that was submitted with `updated` as its user data, and completes as
    /// [#preparePollRemove(long, long)] does. Since 5.13.
    ///
    /// @param renamed the poll's new user data, when `flags` has `IORING_POLL_UPDATE_USER_DATA`; 0
    ///   otherwise
    /// @param events what it waits for from now on, when `flags` has `IORING_POLL_UPDATE_EVENTS`; 0
    ///   otherwise
    /// @param flags `IORING_POLL_UPDATE_` bits, and `IORING_POLL_ADD_MULTI` when the poll is to go
    ///   on after its next completion
    public final Sqe preparePollUpdate(
            long updated, long renamed, int events, int flags, long userData) {
        requireOwn(updated);
        requireOwn(renamed);
        require(true, "IORING_POLL_UPDATE_EVENTS", 5, 13);
        return prepare(IORING_OP_POLL_REMOVE, -1, updated, flags, renamed, userData)
                .opFlags(events);
    }

    /// Adds `fd` to an epoll instance, changes or removes it, as `operation` (`EPOLL_CTL_ADD`, ...)
    /// says: `epoll_ctl(2)`. `data` comes back with its `events` (`EPOLLIN`, ...). Since 5.6.
    public final Sqe prepareEpollCtl(
            int epollFd, int fd, int operation, int events, long data, long userData) {
        long event = scratch();
        EpollEvent.put(event, events, data);
        return prepare(IORING_OP_EPOLL_CTL, epollFd, event, operation, fd, userData);
    }

    /// Waits until an epoll instance has events, and writes as many as there are and `events` has
    /// room for; completes with their number: `epoll_wait(2)`. Since 6.15.
    public final Sqe prepareEpollWait(int epollFd, EpollEvents events, long userData) {
        long addr = events.address();
        return prepare(IORING_OP_EPOLL_WAIT, epollFd, addr, events.countMax(), 0, userData, events);
    }

    // ---- futexes

    /// Waits until the 4 bytes at `offset` of `memory` are woken; completes with 0, or at once with
    /// `-EAGAIN` when they are not `value`: `futex(2)`, `FUTEX_WAIT_BITSET`. Only a wake whose mask
    /// shares a bit with `mask` counts; `FUTEX_BITSET_MATCH_ANY` is all. Since 6.7.
    ///
    /// @param flags `FUTEX2_PRIVATE` when no other process wakes, or 0
    /// @throws IllegalArgumentException when the 4 bytes are not aligned
    public final Sqe prepareFutexWait(
            IoMemory memory, long offset, int value, int mask, int flags, long userData) {
        return futex(IORING_OP_FUTEX_WAIT, memory, offset, value, mask, flags, userData);
    }

    /// Wakes at most `count` of those that wait for the 4 bytes at `offset` of `memory`, with a
    /// mask that shares a bit with `mask`, and completes with their number: `futex(2)`,
    /// `FUTEX_WAKE_BITSET`. Since 6.7.
    ///
    /// @param flags those of the waits
    /// @throws IllegalArgumentException when the 4 bytes are not aligned
    public final Sqe prepareFutexWake(
            IoMemory memory, long offset, int count, int mask, int flags, long userData) {
        requireNotNegative("count", count);
        return futex(IORING_OP_FUTEX_WAKE, memory, offset, count, mask, flags, userData);
    }

    private Sqe futex(
            int opcode,
            IoMemory memory,
            long offset,
            int value,
            int mask,
            int flags,
            long userData) {
        long addr = FutexVector.address(memory, offset);
        int sized = FutexVector.sized(flags);
        long off = Integer.toUnsignedLong(value);
        return prepare(opcode, sized, addr, 0, off, userData, memory)
                .addr3(Integer.toUnsignedLong(mask));
    }

    /// Waits until one of `futexes` is woken; completes with the index of one that was, or at once
    /// with `-EAGAIN` when one does not have its value: `futex_waitv(2)`. Since 6.7.
    ///
    /// @throws IllegalStateException when `futexes` is empty
    public final Sqe prepareFutexWaitv(FutexVector futexes, long userData) {
        int count = futexes.count();
        if (count == 0) throw new IllegalStateException("there must be a futex to wait for");
        long addr = futexes.address();
        return prepare(IORING_OP_FUTEX_WAITV, 0, addr, count, 0, userData, futexes);
    }

    // ---- processes

    /// Waits until a child's state changes, writes to `status` what has happened, and completes
    /// with 0: `waitid(2)`. Since 6.7.
    ///
    /// A child that `java.lang.ProcessBuilder` has made is waited for by the JDK as well, and only
    /// one of the two hears of its end; the other has `-ECHILD`.
    ///
    /// @param idType which children: `P_PID`, `P_PIDFD`, `P_PGID` with `id`, or `P_ALL`
    /// @param options `WEXITED`, `WSTOPPED`, `WNOHANG`, `WNOWAIT`, ...
    public final Sqe prepareWaitid(
            int idType, int id, ChildStatus status, int options, long userData) {
        long info = status.address();
        return prepare(IORING_OP_WAITID, id, 0, idType, info, userData, status).fileIndex(options);
    }
}
