package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.IoUring;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.Set;

class TimeoutSqeTest {
    private static final long MILLI = 1_000_000;
    private static final long NEVER = 3_600_000 * MILLI;
    private static final int EXPIRED = -Errno.ETIME;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    @Does("TIMEOUT")
    void completesWhenTheTimeHasPassed() {
        try (Rig rig = new Rig()) {
            long start = System.nanoTime();
            assertEquals(EXPIRED, rig.run(rig.next().prepareTimeout(5 * MILLI, 0, 0, 1)));
            assertTrue(System.nanoTime() - start >= 5 * MILLI);
        }
    }

    @Test
    @Does("TIMEOUT")
    void completesAfterSoManyOthers() {
        try (Rig rig = new Rig()) {
            rig.next().prepareTimeout(NEVER, 2, 0, 1);
            rig.next().prepareNop(2);
            assertEquals(new Completion(2, 0, 0), rig.take());
            rig.assertQuiet();
            rig.next().prepareNop(3);
            assertEquals(
                    Set.of(new Completion(1, 0, 0), new Completion(3, 0, 0)), Taken.from(rig, 2));
        }
    }

    @Test
    @Does("TIMEOUT")
    void waitsForATimeOfEachClock() {
        int absolute = IoUring.IORING_TIMEOUT_ABS;
        int realtime = IoUring.IORING_TIMEOUT_REALTIME;
        int boottime = IoUring.IORING_TIMEOUT_BOOTTIME;
        try (Rig rig = new Rig()) {
            long monotonic = System.nanoTime() + 5 * MILLI;
            assertEquals(EXPIRED, rig.run(rig.next().prepareTimeout(monotonic, 0, absolute, 1)));
            assertTrue(System.nanoTime() >= monotonic);
            long millis = System.currentTimeMillis() + 5;
            int flags = absolute | realtime;
            assertEquals(EXPIRED, rig.run(rig.next().prepareTimeout(millis * MILLI, 0, flags, 2)));
            assertTrue(System.currentTimeMillis() >= millis);
            // Long past by that clock: it has begun when this machine did.
            flags = absolute | boottime;
            assertEquals(EXPIRED, rig.run(rig.next().prepareTimeout(1, 0, flags, 3)));
        }
    }

    @Test
    @Does("TIMEOUT")
    void breaksAChainOnlyIfThatIsAFailure() {
        try (Rig rig = new Rig()) {
            rig.next().prepareTimeout(MILLI, 0, 0, 1).addFlags(IoUring.IOSQE_IO_LINK);
            rig.next().prepareNop(2);
            assertEquals(new Completion(1, EXPIRED, 0), rig.take());
            assertEquals(new Completion(2, -Errno.ECANCELED, 0), rig.take());
            int success = IoUring.IORING_TIMEOUT_ETIME_SUCCESS;
            rig.next().prepareTimeout(MILLI, 0, success, 1).addFlags(IoUring.IOSQE_IO_LINK);
            rig.next().prepareNop(2);
            assertEquals(new Completion(1, EXPIRED, 0), rig.take());
            assertEquals(new Completion(2, 0, 0), rig.take());
        }
    }

    @Test
    @Does("TIMEOUT")
    void repeatsAsOftenAsItIsTold() {
        try (Rig rig = new Rig()) {
            int flags = IoUring.IORING_TIMEOUT_MULTISHOT;
            rig.next().prepareTimeout(MILLI, 3, flags, 1);
            int more = IoUring.IORING_CQE_F_MORE;
            assertEquals(new Completion(1, EXPIRED, more), rig.take());
            assertEquals(new Completion(1, EXPIRED, more), rig.take());
            assertEquals(new Completion(1, EXPIRED, 0), rig.take());
            rig.assertQuiet();
        }
    }

    @Test
    @Refuses("TIMEOUT")
    void hasOneClock() {
        try (Rig rig = new Rig()) {
            int both = IoUring.IORING_TIMEOUT_BOOTTIME | IoUring.IORING_TIMEOUT_REALTIME;
            assertEquals(-Errno.EINVAL, rig.run(rig.next().prepareTimeout(MILLI, 0, both, 1)));
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }

    @Test
    void refusesWhatIsLessThanNothing() {
        try (Rig rig = new Rig()) {
            Sqe sqe = rig.next();
            assertThrows(IllegalArgumentException.class, () -> sqe.prepareTimeout(-1, 0, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> sqe.prepareTimeout(1, -1, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> sqe.prepareLinkTimeout(-1, 0, 1));
            assertEquals(0, rig.run(sqe.prepareNop(2)));
        }
    }

    @Test
    @Does("TIMEOUT_REMOVE")
    void removes() {
        try (Rig rig = new Rig()) {
            rig.next().prepareTimeout(NEVER, 0, 0, 1);
            rig.ring.submit();
            rig.next().prepareTimeoutRemove(1, 2);
            Set<Completion> both = Taken.from(rig, 2);
            assertEquals(
                    Set.of(new Completion(1, -Errno.ECANCELED, 0), new Completion(2, 0, 0)), both);
        }
    }

    @Test
    @Does("TIMEOUT_REMOVE")
    void updatesToATimeAndToADuration() {
        try (Rig rig = new Rig()) {
            rig.next().prepareTimeout(NEVER, 0, 0, 1);
            rig.next().prepareTimeoutUpdate(MILLI, 1, 0, 2);
            assertEquals(new Completion(2, 0, 0), rig.take());
            assertEquals(new Completion(1, EXPIRED, 0), rig.take());
            rig.next().prepareTimeout(NEVER, 0, 0, 1);
            int flags = IoUring.IORING_TIMEOUT_ABS;
            rig.next().prepareTimeoutUpdate(System.nanoTime() + MILLI, 1, flags, 2);
            assertEquals(new Completion(2, 0, 0), rig.take());
            assertEquals(new Completion(1, EXPIRED, 0), rig.take());
        }
    }

    @Test
    @Does("TIMEOUT_REMOVE")
    void looksOnlyForTimeouts() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            rig.next().prepareRead(rig.pipe()[0], memory, 0, 8, -1, 1);
            rig.next().prepareTimeout(NEVER, 0, 0, 1);
            rig.next().prepareTimeoutUpdate(2 * NEVER, 1, 0, 2);
            assertEquals(new Completion(2, 0, 0), rig.take());
            rig.next().prepareTimeoutRemove(1, 3);
            assertEquals(
                    Set.of(new Completion(1, -Errno.ECANCELED, 0), new Completion(3, 0, 0)),
                    Taken.from(rig, 2));
            assertTrue(memory.isLent());
        }
    }

    @Test
    @Refuses("TIMEOUT_REMOVE")
    void findsNoTimeout() {
        try (Rig rig = new Rig()) {
            assertEquals(-Errno.ENOENT, rig.run(rig.next().prepareTimeoutRemove(1, 2)));
            assertEquals(-Errno.ENOENT, rig.run(rig.next().prepareTimeoutUpdate(1, 1, 0, 2)));
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }

    @Test
    @Refuses("TIMEOUT_REMOVE")
    void keepsTheClock() {
        try (Rig rig = new Rig()) {
            int flags = IoUring.IORING_TIMEOUT_REALTIME;
            assertEquals(-Errno.EINVAL, rig.run(rig.next().prepareTimeoutUpdate(1, 1, flags, 2)));
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }

    @Test
    @Does("LINK_TIMEOUT")
    void boundsTheOperationBeforeIt() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            rig.next()
                    .prepareRead(rig.socketPair()[0], memory, 0, 8, -1, 1)
                    .addFlags(IoUring.IOSQE_IO_LINK);
            rig.next().prepareLinkTimeout(MILLI, 0, 2);
            assertEquals(2, rig.ring.submit());
            assertTrue(memory.isLent());
            assertEquals(
                    Set.of(new Completion(1, -Errno.ECANCELED, 0), new Completion(2, EXPIRED, 0)),
                    Taken.from(rig, 2));
            assertFalse(memory.isLent());
        }
    }

    @Test
    @Does("LINK_TIMEOUT")
    void isCancelledByTheEndOfTheOperationBeforeIt() {
        try (Rig rig = new Rig()) {
            rig.next().prepareNop(1).addFlags(IoUring.IOSQE_IO_LINK);
            rig.next().prepareLinkTimeout(NEVER, 0, 2);
            assertEquals(
                    Set.of(new Completion(1, 0, 0), new Completion(2, -Errno.ECANCELED, 0)),
                    Taken.from(rig, 2));
        }
    }

    @Test
    @Does({"LINK_TIMEOUT", "TIMEOUT_REMOVE"})
    void updatesTheBound() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            rig.next()
                    .prepareRead(rig.socketPair()[0], memory, 0, 8, -1, 1)
                    .addFlags(IoUring.IOSQE_IO_LINK);
            rig.next().prepareLinkTimeout(NEVER, 0, 2);
            rig.ring.submit();
            int flags = IoUring.IORING_LINK_TIMEOUT_UPDATE;
            rig.next().prepareTimeoutUpdate(MILLI, 2, flags, 3);
            assertEquals(new Completion(3, 0, 0), rig.take());
            assertEquals(
                    Set.of(new Completion(1, -Errno.ECANCELED, 0), new Completion(2, EXPIRED, 0)),
                    Taken.from(rig, 2));
        }
    }

    @Test
    @Does("LINK_TIMEOUT")
    void boundsByATime() {
        try (Rig rig = new Rig()) {
            IoMemory memory = rig.memory(8);
            rig.next()
                    .prepareRead(rig.socketPair()[0], memory, 0, 8, -1, 1)
                    .addFlags(IoUring.IOSQE_IO_LINK);
            long time = System.nanoTime() + MILLI;
            rig.next().prepareLinkTimeout(time, IoUring.IORING_TIMEOUT_ABS, 2);
            assertEquals(
                    Set.of(new Completion(1, -Errno.ECANCELED, 0), new Completion(2, EXPIRED, 0)),
                    Taken.from(rig, 2));
            assertTrue(System.nanoTime() >= time);
        }
    }

    @Test
    @Refuses("LINK_TIMEOUT")
    void needsAnOperationBeforeIt() {
        try (Rig rig = new Rig()) {
            assertEquals(-Errno.EINVAL, rig.run(rig.next().prepareLinkTimeout(MILLI, 0, 1)));
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }

    @Test
    void hasItsTimeBesideTheEntry() {
        try (Rig rig = new Rig()) {
            Sqe sqe = rig.next().prepareTimeout(3_000_000_007L, 5, 0, 1);
            long timespec = Memory.getLong(sqe.address() + SqeLayout.ADDR);
            assertEquals(3, Memory.getLong(timespec));
            assertEquals(7, Memory.getLong(timespec + 8));
            assertEquals(1, Memory.getInt(sqe.address() + SqeLayout.LEN));
            assertEquals(5, Memory.getLong(sqe.address() + SqeLayout.OFF));
            assertEquals(-1, Memory.getInt(sqe.address() + SqeLayout.FD));
            sqe = rig.next().prepareTimeoutUpdate(4_000_000_009L, 1, 0, 2);
            timespec = Memory.getLong(sqe.address() + SqeLayout.OFF);
            assertEquals(4, Memory.getLong(timespec));
            assertEquals(9, Memory.getLong(timespec + 8));
            assertEquals(1, Memory.getLong(sqe.address() + SqeLayout.ADDR));
        }
    }
}
