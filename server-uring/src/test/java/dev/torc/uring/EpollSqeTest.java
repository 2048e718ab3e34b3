package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.EpollEvent;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.Set;

class EpollSqeTest {
    private static final boolean AARCH64 = System.getProperty("os.arch").equals("aarch64");
    private static final int NR_EPOLL_CREATE1 = AARCH64 ? 20 : 291;
    private static final byte[] BYTE = {1};
    private static final int ADD = Linux.EPOLL_CTL_ADD;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    private static int epoll(Rig rig) {
        return rig.keep((int) Libc.call(NR_EPOLL_CREATE1, Linux.EPOLL_CLOEXEC));
    }

    @Test
    @Does({"EPOLL_CTL", "EPOLL_WAIT"})
    void tellsWhatIsReady() {
        try (Rig rig = new Rig();
                EpollEvents events = new EpollEvents(8)) {
            int epoll = epoll(rig);
            int[] one = rig.pipe();
            int[] two = rig.pipe();
            long data = 0x1234_5678_9abc_def0L;
            rig.next().prepareEpollCtl(epoll, one[0], ADD, Linux.EPOLLIN, data, 1);
            assertEquals(new Completion(1, 0, 0), rig.take());
            rig.next().prepareEpollCtl(epoll, two[0], ADD, Linux.EPOLLIN, ~data, 1);
            assertEquals(new Completion(1, 0, 0), rig.take());
            rig.next().prepareEpollWait(epoll, events, 2);
            rig.assertQuiet();
            assertEquals(1, rig.ring.lendingCount());
            Libc.write(one[1], BYTE);
            assertEquals(new Completion(2, 1, 0), rig.take());
            assertEquals(Linux.EPOLLIN, events.events(0));
            assertEquals(data, events.data(0));
            Libc.write(two[1], BYTE);
            assertEquals(2, rig.run(rig.next().prepareEpollWait(epoll, events, 3)));
            assertEquals(Set.of(data, ~data), Set.of(events.data(0), events.data(1)));
            assertEquals(Linux.EPOLLIN, events.events(1));
        }
    }

    @Test
    @Does("EPOLL_WAIT")
    void tellsNoMoreThanThereIsRoomFor() {
        try (Rig rig = new Rig();
                EpollEvents events = new EpollEvents(2)) {
            int epoll = epoll(rig);
            for (int i = 0; i < 3; i++) {
                int fd = rig.pipe()[1];
                Sqe sqe = rig.next().prepareEpollCtl(epoll, fd, ADD, Linux.EPOLLOUT, i, 1);
                assertEquals(0, rig.run(sqe));
            }
            assertEquals(2, rig.run(rig.next().prepareEpollWait(epoll, events, 2)));
            assertEquals(Linux.EPOLLOUT, events.events(0));
            assertEquals(Linux.EPOLLOUT, events.events(1));
            assertThrows(IndexOutOfBoundsException.class, () -> events.events(2));
            assertThrows(IndexOutOfBoundsException.class, () -> events.data(-1));
        }
    }

    @Test
    @Does("EPOLL_CTL")
    void changesAndRemoves() {
        try (Rig rig = new Rig();
                EpollEvents events = new EpollEvents(1)) {
            int epoll = epoll(rig);
            int fd = rig.socketPair()[0];
            assertEquals(
                    0, rig.run(rig.next().prepareEpollCtl(epoll, fd, ADD, Linux.EPOLLIN, 1, 1)));
            int change = Linux.EPOLL_CTL_MOD;
            assertEquals(
                    0,
                    rig.run(rig.next().prepareEpollCtl(epoll, fd, change, Linux.EPOLLOUT, 2, 1)));
            assertEquals(1, rig.run(rig.next().prepareEpollWait(epoll, events, 2)));
            assertEquals(Linux.EPOLLOUT, events.events(0));
            assertEquals(2, events.data(0));
            int remove = Linux.EPOLL_CTL_DEL;
            assertEquals(0, rig.run(rig.next().prepareEpollCtl(epoll, fd, remove, 0, 0, 1)));
            assertEquals(
                    -Errno.ENOENT, rig.run(rig.next().prepareEpollCtl(epoll, fd, remove, 0, 0, 1)));
        }
    }

    @Test
    @Refuses("EPOLL_CTL")
    void addsNothingTwice() {
        try (Rig rig = new Rig()) {
            int epoll = epoll(rig);
            int fd = rig.pipe()[0];
            assertEquals(
                    0, rig.run(rig.next().prepareEpollCtl(epoll, fd, ADD, Linux.EPOLLIN, 1, 1)));
            assertEquals(
                    -Errno.EEXIST,
                    rig.run(rig.next().prepareEpollCtl(epoll, fd, ADD, Linux.EPOLLIN, 1, 1)));
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }

    @Test
    @Refuses("EPOLL_WAIT")
    void waitsOnlyForAnEpollInstance() {
        try (Rig rig = new Rig();
                EpollEvents events = new EpollEvents(1)) {
            int fd = rig.pipe()[0];
            assertEquals(-Errno.EINVAL, rig.run(rig.next().prepareEpollWait(fd, events, 1)));
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }

    @Test
    void hasTheEventBesideTheEntry() {
        try (Rig rig = new Rig()) {
            Sqe sqe = rig.next().prepareEpollCtl(5, 6, ADD, Linux.EPOLLOUT, -3, 1);
            assertEquals(5, Memory.getInt(sqe.address() + SqeLayout.FD));
            assertEquals(6, Memory.getLong(sqe.address() + SqeLayout.OFF));
            assertEquals(ADD, Memory.getInt(sqe.address() + SqeLayout.LEN));
            long event = Memory.getLong(sqe.address() + SqeLayout.ADDR);
            assertEquals(Linux.EPOLLOUT, Memory.getInt(event));
            assertEquals(-3, Memory.getLong(event + EpollEvent.DATA));
        }
    }

    @Test
    void hasRoomForAtLeastOne() {
        for (int countMax : new int[] {0, -1, Integer.MAX_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> new EpollEvents(countMax));
        }
        EpollEvents events = new EpollEvents(1);
        events.close();
        assertThrows(IllegalStateException.class, () -> events.data(0));
        assertEquals(1, events.countMax());
    }
}
