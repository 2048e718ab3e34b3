package dev.torc.uring;

/// One submission, to be prepared: every operation of Linux 6.18 that a program can use, named as
/// in liburing.
///
/// ```java
/// ring.next().prepareRead(fd, memory, 0, 4096, position, userData).addFlags(IOSQE_IO_LINK);
/// ```
///
/// A ring has one such object, which [Ring#next()] moves to the next free entry; it is good until
/// the next call of that or of a submit. An entry that has not been prepared, or whose `prepare`
/// threw, is not submitted.
///
/// Memory is an [IoMemory], with an offset into it, and held until the operation's last completion
/// has been drained. A descriptor is a regular one, or the index of a direct one when
/// `IOSQE_FIXED_FILE` is added. `userData` comes back with each completion; values whose upper 16
/// bits are `0xff7c` are the ring's own.
///
/// Runs on the ring's thread; allocates nothing.
public final class Sqe extends RingSqe {
    Sqe(Ring ring, Support support, Leases leases) {
        super(ring, support, leases);
    }

    @Override
    Sqe self() {
        return this;
    }
}
