package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.Set;

class PollSqeTest {
    private static final byte[] BYTE = {1};
    private static final int EVENTS = IoUring.IORING_POLL_UPDATE_EVENTS;
    private static final int USER_DATA = IoUring.IORING_POLL_UPDATE_USER_DATA;
    private static final int MULTI = IoUring.IORING_POLL_ADD_MULTI;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    @Does("POLL_ADD")
    void completesWhenThereIsSomethingToRead() {
        try (Rig rig = new Rig()) {
            int[] pipe = rig.pipe();
            rig.next().preparePollAdd(pipe[0], Linux.POLLIN, 1);
            rig.assertQuiet();
            assertEquals(1, Libc.write(pipe[1], BYTE));
            assertEquals(new Completion(1, Linux.POLLIN, 0), rig.take());
            Libc.write(pipe[1], BYTE);
            rig.assertQuiet();
        }
    }

    @Test
    @Does("POLL_ADD")
    void saysInWhichWaysItIsReady() {
        try (Rig rig = new Rig()) {
            int[] pair = rig.socketPair();
            int all = Linux.POLLIN | Linux.POLLOUT;
            assertEquals(Linux.POLLOUT, rig.run(rig.next().preparePollAdd(pair[0], all, 1)));
            Libc.write(pair[1], BYTE);
            assertEquals(all, rig.run(rig.next().preparePollAdd(pair[0], all, 1)));
            int result = rig.run(rig.next().preparePollAdd(pair[0], Linux.POLLIN, 1));
            assertEquals(Linux.POLLIN, result);
        }
    }

    @Test
    @Does("POLL_ADD")
    void completesEachTimeThereIsMore() {
        try (Rig rig = new Rig()) {
            int[] pipe = rig.pipe();
            rig.next().preparePollMultishot(pipe[0], Linux.POLLIN, 1);
            rig.ring.submit();
            for (int i = 0; i < 3; i++) {
                Libc.write(pipe[1], BYTE);
                assertEquals(
                        new Completion(1, Linux.POLLIN, IoUring.IORING_CQE_F_MORE), rig.take());
                rig.assertQuiet(); // though what was written is still there
            }
            rig.next().preparePollRemove(1, 2);
            assertEquals(
                    Set.of(new Completion(1, -Errno.ECANCELED, 0), new Completion(2, 0, 0)),
                    Taken.from(rig, 2));
        }
    }

    @Test
    @Refuses("POLL_ADD")
    void needsAnOpenFile() {
        try (Rig rig = new Rig()) {
            assertEquals(-Errno.EBADF, rig.run(rig.next().preparePollAdd(-1, Linux.POLLIN, 1)));
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }

    /// Why there is no `prepare` for it.
    @Test
    @Refuses("POLL_ADD")
    void isNeverForTheLevel() {
        try (Rig rig = new Rig()) {
            int fd = rig.pipe()[0];
            int level = IoUring.IORING_POLL_ADD_LEVEL;
            for (int flags : new int[] {level, level | MULTI}) {
                Sqe sqe = rig.next().preparePollAdd(fd, Linux.POLLIN, 1);
                Memory.putInt(sqe.address() + SqeLayout.LEN, flags);
                assertEquals(-Errno.EINVAL, rig.run(sqe));
            }
            Sqe sqe = rig.next().preparePollUpdate(1, 0, Linux.POLLIN, EVENTS | level, 2);
            assertEquals(-Errno.EINVAL, rig.run(sqe));
        }
    }

    @Test
    @Does("POLL_REMOVE")
    void removes() {
        try (Rig rig = new Rig()) {
            rig.next().preparePollAdd(rig.pipe()[0], Linux.POLLIN, 1);
            rig.next().preparePollRemove(1, 2);
            assertEquals(
                    Set.of(new Completion(1, -Errno.ECANCELED, 0), new Completion(2, 0, 0)),
                    Taken.from(rig, 2));
        }
    }

    @Test
    @Does("POLL_REMOVE")
    void looksOnlyForPolls() {
        try (Rig rig = new Rig()) {
            int[] pipe = rig.pipe();
            IoMemory memory = rig.memory(8);
            rig.next().prepareRead(rig.pipe()[0], memory, 0, 8, -1, 1);
            rig.next().preparePollAdd(pipe[0], Linux.POLLIN, 1);
            rig.next().preparePollRemove(1, 2);
            assertEquals(
                    Set.of(new Completion(1, -Errno.ECANCELED, 0), new Completion(2, 0, 0)),
                    Taken.from(rig, 2));
            assertTrue(memory.isLent());
        }
    }

    @Test
    @Refuses("POLL_REMOVE")
    void findsNoPoll() {
        try (Rig rig = new Rig()) {
            assertEquals(-Errno.ENOENT, rig.run(rig.next().preparePollRemove(1, 2)));
            Sqe sqe = rig.next().preparePollUpdate(1, 0, Linux.POLLIN, EVENTS, 2);
            assertEquals(-Errno.ENOENT, rig.run(sqe));
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }

    @Test
    @Does("POLL_REMOVE")
    void updatesTheEvents() {
        try (Rig rig = new Rig()) {
            int[] pair = rig.socketPair();
            rig.next().preparePollAdd(pair[0], Linux.POLLIN, 1);
            rig.next().preparePollUpdate(1, 0, Linux.POLLOUT, EVENTS, 2);
            assertEquals(
                    Set.of(new Completion(1, Linux.POLLOUT, 0), new Completion(2, 0, 0)),
                    Taken.from(rig, 2));
        }
    }

    @Test
    @Does("POLL_REMOVE")
    void updatesTheUserData() {
        try (Rig rig = new Rig()) {
            int[] pipe = rig.pipe();
            rig.next().preparePollAdd(pipe[0], Linux.POLLIN, 1);
            rig.next().preparePollUpdate(1, 7, 0, USER_DATA, 2);
            assertEquals(new Completion(2, 0, 0), rig.take());
            Libc.write(pipe[1], BYTE);
            assertEquals(new Completion(7, Linux.POLLIN, 0), rig.take());
        }
    }

    @Test
    @Does("POLL_REMOVE")
    void updatesBothAndGoesOn() {
        try (Rig rig = new Rig()) {
            int[] pair = rig.socketPair();
            rig.next().preparePollMultishot(pair[0], Linux.POLLPRI, 1);
            int flags = EVENTS | USER_DATA | MULTI;
            rig.next().preparePollUpdate(1, 7, Linux.POLLIN, flags, 2);
            assertEquals(new Completion(2, 0, 0), rig.take());
            for (int i = 0; i < 2; i++) {
                Libc.write(pair[1], BYTE);
                Completion completion = rig.take();
                assertEquals(7, completion.userData());
                assertEquals(Linux.POLLIN, completion.result());
                assertTrue(completion.hasMore());
            }
            rig.next().preparePollRemove(7, 3);
            assertEquals(
                    Set.of(new Completion(7, -Errno.ECANCELED, 0), new Completion(3, 0, 0)),
                    Taken.from(rig, 2));
        }
    }

    @Test
    void refusesTheRingsOwnUserData() {
        try (Rig rig = new Rig()) {
            long own = 0xff7cL << 48;
            Sqe sqe = rig.next();
            assertThrows(IllegalArgumentException.class, () -> sqe.preparePollRemove(own, 1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sqe.preparePollUpdate(1, own, 0, USER_DATA, 1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> sqe.preparePollUpdate(own, 1, 0, USER_DATA, 1));
            assertThrows(IllegalArgumentException.class, () -> sqe.prepareTimeoutRemove(own, 1));
            assertThrows(
                    IllegalArgumentException.class, () -> sqe.prepareTimeoutUpdate(1, own, 0, 1));
            assertEquals(0, rig.run(sqe.prepareNop(2)));
        }
    }

    @Test
    void putsTheNewUserDataWhereTheKernelLooks() {
        try (Rig rig = new Rig()) {
            Sqe sqe = rig.next().preparePollUpdate(5, 6, Linux.POLLIN, EVENTS, 7);
            assertEquals(5, Memory.getLong(sqe.address() + SqeLayout.ADDR));
            assertEquals(6, Memory.getLong(sqe.address() + SqeLayout.OFF));
            assertEquals(EVENTS, Memory.getInt(sqe.address() + SqeLayout.LEN));
            assertEquals(Linux.POLLIN, Memory.getInt(sqe.address() + SqeLayout.OP_FLAGS));
        }
    }
}
