package dev.torc.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.core.memory.Memory;
import dev.torc.uring.abi.SigInfo;
import dev.torc.uring.abi.SqeLayout;
import dev.torc.uring.constants.Errno;
import dev.torc.uring.constants.Linux;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.Set;

class WaitidSqeTest {
    private static final int SIGCHLD = 17;
    private static final int SIGKILL = 9;

    @BeforeAll
    static void probe() {
        Kernel.assumeIoUring();
    }

    @Test
    @Does("WAITID")
    void tellsHowAChildHasExited() {
        try (Rig rig = new Rig();
                Child child = Child.running("exit 7");
                ChildStatus status = new ChildStatus()) {
            int result =
                    rig.run(
                            rig.next()
                                    .prepareWaitid(
                                            Linux.P_PID, child.pid, status, Linux.WEXITED, 1));
            assertEquals(0, result);
            assertEquals(child.pid, status.pid());
            assertEquals(Linux.CLD_EXITED, status.code());
            assertEquals(7, status.status());
            assertEquals(SIGCHLD, Memory.getInt(status.address() + SigInfo.SIGNO));
        }
    }

    @Test
    @Does("WAITID")
    void waitsUntilAChildIsKilled() {
        try (Rig rig = new Rig();
                Child child = Child.sleeping();
                ChildStatus status = new ChildStatus()) {
            rig.next().prepareWaitid(Linux.P_PID, child.pid, status, Linux.WEXITED, 1);
            rig.assertQuiet();
            assertEquals(1, rig.ring.lendingCount());
            child.kill();
            assertEquals(new Completion(1, 0, 0), rig.take());
            assertEquals(0, rig.ring.lendingCount());
            assertEquals(child.pid, status.pid());
            assertEquals(Linux.CLD_KILLED, status.code());
            assertEquals(SIGKILL, status.status());
        }
    }

    @Test
    @Does("WAITID")
    void waitsByDescriptorAndLeavesTheChildAsItIs() {
        try (Rig rig = new Rig();
                Child child = Child.sleeping();
                ChildStatus status = new ChildStatus()) {
            int fd = child.pidFd;
            int look = Linux.WEXITED | Linux.WNOWAIT;
            rig.next().prepareWaitid(Linux.P_PIDFD, fd, status, look, 1);
            rig.ring.submit();
            child.kill();
            assertEquals(new Completion(1, 0, 0), rig.take());
            assertEquals(child.pid, status.pid());
            Sqe sqe = rig.next().prepareWaitid(Linux.P_PIDFD, fd, status, Linux.WEXITED, 2);
            assertEquals(0, rig.run(sqe));
            sqe = rig.next().prepareWaitid(Linux.P_PIDFD, fd, status, Linux.WEXITED, 3);
            assertEquals(-Errno.ECHILD, rig.run(sqe));
        }
    }

    @Test
    @Does("WAITID")
    void tellsThatNothingHasHappened() {
        try (Rig rig = new Rig();
                Child child = Child.sleeping();
                ChildStatus status = new ChildStatus()) {
            int look = Linux.WEXITED | Linux.WNOHANG;
            Sqe sqe = rig.next().prepareWaitid(Linux.P_PID, child.pid, status, look, 1);
            assertEquals(0, rig.run(sqe));
            assertEquals(0, status.pid());
            assertEquals(0, status.code());
            assertEquals(0, status.status());
        }
    }

    @Test
    @Does("WAITID")
    void isCancelled() {
        try (Rig rig = new Rig();
                Child child = Child.sleeping();
                ChildStatus status = new ChildStatus()) {
            rig.next().prepareWaitid(Linux.P_PID, child.pid, status, Linux.WEXITED, 1);
            rig.ring.submit();
            rig.next().prepareCancel(1, 0, 2);
            assertEquals(
                    Set.of(new Completion(1, -Errno.ECANCELED, 0), new Completion(2, 1, 0)),
                    Taken.from(rig, 2));
        }
    }

    @Test
    @Refuses("WAITID")
    void needsAChild() {
        try (Rig rig = new Rig();
                ChildStatus status = new ChildStatus()) {
            int self = (int) ProcessHandle.current().pid();
            Sqe sqe = rig.next().prepareWaitid(Linux.P_PID, self, status, Linux.WEXITED, 1);
            assertEquals(-Errno.ECHILD, rig.run(sqe));
            assertEquals(0, rig.run(rig.next().prepareNop(2)));
        }
    }

    @Test
    void isFreedWithTheOperation() {
        Rig rig = new Rig();
        try (Child child = Child.sleeping()) {
            ChildStatus status = new ChildStatus();
            rig.next().prepareWaitid(Linux.P_PID, child.pid, status, Linux.WEXITED, 1);
            rig.ring.submit();
            status.close();
            assertThrows(IllegalStateException.class, status::pid);
            assertEquals(1, rig.ring.lendingCount());
            rig.close();
            assertEquals(0, rig.ring.lendingCount());
        }
    }

    @Test
    void putsTheOptionsWhereTheKernelLooks() {
        try (Rig rig = new Rig();
                ChildStatus status = new ChildStatus()) {
            Sqe sqe = rig.next().prepareWaitid(Linux.P_PID, 5, status, Linux.WEXITED, 1);
            assertEquals(5, Memory.getInt(sqe.address() + SqeLayout.FD));
            assertEquals(Linux.P_PID, Memory.getInt(sqe.address() + SqeLayout.LEN));
            assertEquals(Linux.WEXITED, Memory.getInt(sqe.address() + SqeLayout.FILE_INDEX));
            assertEquals(status.address(), Memory.getLong(sqe.address() + SqeLayout.OFF));
            assertEquals(0, Memory.getLong(sqe.address() + SqeLayout.ADDR));
        }
    }
}
