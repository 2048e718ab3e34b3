package dev.torc.uring;

import dev.torc.uring.abi.EpollEvent;

import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// Room for events of an epoll instance, as an `epoll_wait` on a ring writes them: an array of
/// `struct epoll_event`. The completion's result says how many there are. [#close()] may come
/// before an operation has ended, as with [IoMemory].
public final class EpollEvents extends Lendable implements AutoCloseable {
    private static final int COUNT_MAX = 1 << 20;

    private final int countMax;
    private final IoMemory memory;

    /// Room for `countMax` events (1 to 1,048,576).
    public EpollEvents(int countMax) {
        this.countMax = Arguments.requireRange("countMax", countMax, 1, COUNT_MAX);
        memory = IoMemory.allocate((long) countMax * EpollEvent.BYTES);
    }

    /// Events that there is room for.
    public int countMax() {
        return countMax;
    }

    /// The ways in which descriptor `index` is ready: `EPOLLIN`, ...
    ///
    /// @throws IndexOutOfBoundsException when there is no room for so many
    public int events(int index) {
        return memory.segment()
                .get(ValueLayout.JAVA_INT_UNALIGNED, place(index) + EpollEvent.EVENTS);
    }

    /// What descriptor `index` was added with.
    ///
    /// @throws IndexOutOfBoundsException when there is no room for so many
    public long data(int index) {
        return memory.segment()
                .get(ValueLayout.JAVA_LONG_UNALIGNED, place(index) + EpollEvent.DATA);
    }

    /// Gives it up: it is freed now, or when the last operation that holds it has ended.
    @Override
    public void close() {
        memory.close();
    }

    long address() {
        return memory.address(0, memory.bytes());
    }

    @Override
    void lend() {
        memory.lend();
    }

    @Override
    void giveBack() {
        memory.giveBack();
    }

    private long place(int index) {
        return (long) Objects.checkIndex(index, countMax) * EpollEvent.BYTES;
    }
}
